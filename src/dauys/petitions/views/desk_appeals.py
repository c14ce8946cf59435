"""The reviewers' desk: appeals by their last day, both sides on one page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk.access import official
from dauys.desk.installation import keys
from dauys.desk.pages import official_of, render_desk, take_step
from dauys.desk.staff import Role
from dauys.desk.texts import read_texts
from dauys.errors import BadInput, DayWrong, SubjectUnknown
from dauys.petitions import worklists
from dauys.petitions.models import Petition, PetitionText
from dauys.petitions.services import appeals
from dauys.petitions.terms import terms_of
from dauys.petitions.views.translating import other_fields, others_in
from dauys.petitions.words import state_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from dauys.desk.staff import Official


@require_safe
@official(Role.REVIEWER)
def queue(request: HttpRequest) -> HttpResponse:
    """Open appeals against what this official had no part in."""
    now, language = timezone.now(), get_language() or "kk"
    chosen = worklists.appealed(official_of(request).pk)
    texts = worklists.signed_texts(chosen)
    rows = [
        (each, texts[each.pk], worklists.due_of(each.review_due, each.rules, now), each.addressee(language))
        for each in chosen
    ]
    context = {"rows": rows, "done": _decided(request.GET.get("done", ""))}
    return render_desk(request, "petitions/desk/appeals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@official(Role.REVIEWER)
def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """What was handed in, what was decided and why, what the author says against it; a POST decides."""
    if request.method != "POST":
        return _page(request, number)
    return take_step(
        lambda: _decide(request, number, official_of(request), timezone.now()),
        lambda: f"{reverse('desk-appeals')}?done={number}",
        lambda problem, status: _page(request, number, problem, status),
    )


def _decided(number: str) -> tuple[Petition, bool] | None:
    """A petition whose last appeal was decided, and whether it was granted."""
    known = number.isdecimal() and len(number) < 10
    found = Petition.objects.filter(pk=int(number)).first() if known else None
    appeals = found.life.appeals if found else ()
    return (found, appeals[-1].granted) if found and appeals and appeals[-1].granted is not None else None


def _decide(request: HttpRequest, number: int, who: Official, now: datetime) -> None:
    answer, day = request.POST.get("answer"), request.POST.get("due", "")
    if answer not in ("grant", "reject"):
        raise BadInput(what="grant or reject it")
    try:
        due = date.fromisoformat(day) if day else None
    except ValueError:
        raise DayWrong from None
    language = Petition.objects.filter(pk=number).values_list("language", flat=True).first() or ""
    said, others = request.POST.get("explanation", ""), others_in(request.POST, "explanation", language)
    appeals.decide_appeal(keys(), number, answer == "grant", said, who, now, due, others)


def _page(request: HttpRequest, number: int, problem: str = "", status: int = 200) -> HttpResponse:
    petition = Petition.objects.filter(pk=number).first()
    if petition is None:
        raise SubjectUnknown
    life, now, language = petition.life, timezone.now(), get_language() or "kk"
    appeal = life.appeal or (life.appeals[-1] if life.appeals else None)
    if appeal is None:
        raise SubjectUnknown
    said = read_texts([life.explanation, appeal.text, appeal.explanation])
    context: dict[str, Any] = {
        "petition": petition,
        "others": other_fields(request.POST, "explanation", petition.language),
        "problem": problem,
        "text": PetitionText.objects.get(petition=petition, attempt=petition.attempt, is_signed=True),
        "appeal": appeal,
        "since": petition.life.since,
        "state_words": state_words(petition.life),
        "addressee": petition.addressee(language),
        "due": worklists.due_of(petition.review_due, petition.rules, now),
        "reasons": [reason.text.say(language) for reason in terms_of(petition.rules).reasons_of(life)],
        "silent": worklists.due_of(petition.due, petition.rules, now) if appeal.against == "silence" else None,
        "explanation": said.get(life.explanation, ""),
        "appealed": said.get(appeal.text, ""),
        "answered": said.get(appeal.explanation, ""),
        "involved": official_of(request).pk in life.involved,
    }
    return render_desk(request, "petitions/desk/appeal.html", context, status)
