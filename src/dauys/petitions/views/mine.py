"""The author's own desk: where their petition stands, whose turn it is, and what they can do now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec.structs import replace

from dauys.desk.access import citizen, person_of
from dauys.desk.signing import begin_act
from dauys.desk.texts import LONGEST
from dauys.errors import BadInput, NotTheAuthor, WordsMissing
from dauys.ledger.moments import moment_text
from dauys.petitions import queries
from dauys.petitions.life import SILENT, mendable
from dauys.petitions.services.appealing import write_appeal
from dauys.petitions.services.author_letters import wish_of
from dauys.petitions.states import SIGNED, State
from dauys.petitions.terms import terms_of
from dauys.petitions.views.page import life_context

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

WITHDRAWABLE = SIGNED | {State.MODERATION}


@require_safe
@citizen
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One petition of whoever is logged in; NotTheAuthor for anybody else."""
    return show(request, number, {"letters_kept": "letters" in request.GET, "done": request.GET.get("done", "")})


def show(request: HttpRequest, number: int, told: dict[str, Any], status: int = 200) -> HttpResponse:
    """The same page with something more to tell."""
    petition = _own(request, number)
    context = {"wish": wish_of(petition.author), "has_address": bool(petition.author.sealed)}
    return render(request, "petitions/mine.html", _context(petition, timezone.now()) | context | told, status=status)


@require_POST
@citizen
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Asks for the signature that takes the petition back."""
    petition = _own(request, number)
    return begin_act(request, "petition.withdrawal", petition.subject_name)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen
def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """What the author says against a refusal, a removal or silence, and then its signature."""
    petition, now, who = _own(request, number), timezone.now(), person_of(request)
    context = _context(petition, now)
    if request.method != "POST":
        if context["appealable"] is None:
            return HttpResponseRedirect(reverse("my-petition", args=[number]), status=303)
        return render(request, "petitions/appeal.html", context)
    text = request.POST.get("text", "")
    try:
        assert who is not None
        draft = write_appeal(number, who.person, text, now)
    except (BadInput, WordsMissing):
        return render(request, "petitions/appeal.html", context | {"typed": text, "unfit": True}, status=400)
    return begin_act(request, "petition.appeal", f"appeal/{draft.pk}")


def _own(request: HttpRequest, number: int) -> Any:
    petition, who = queries.shown(number), person_of(request)
    if who is None or petition.author.person != who.person:
        raise NotTheAuthor
    return petition


def _context(petition: Any, now: datetime) -> dict[str, Any]:
    language = get_language() or "kk"
    life, terms = petition.life, terms_of(petition.rules)
    undisputed = replace(life, appeals=())
    told, version = life_context(petition, language, now), queries.version(petition.texts.all(), language)
    return told | {
        "title": version.title,
        "version": version,
        "awaited": _awaited(told),
        "can_withdraw": life.state in WITHDRAWABLE,
        "mend_waits": bool(life.appeal) and mendable(undisputed, terms, terms.day(moment_text(now))),
        "review_days": terms.pack.appeal.decision_working_days,
        "longest": LONGEST,
    }


def _awaited(told: dict[str, Any]) -> Any:
    """Until when somebody owes the author a decision, whose silence could be appealed against after that day."""
    owed = told["life"].state in SILENT and not told["turn"].late and not told["review"]
    return told["turn"].due if owed else None
