"""Before anything is written: what cannot be petitioned, and whether somebody asks for the same already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk.access import citizen, person_of, visitor_address
from dauys.desk.installation import keys
from dauys.desk.models import PublicText
from dauys.errors import LANGUAGES, NotTheAuthor, SubjectUnknown
from dauys.petitions.jurisdiction import rules_of
from dauys.petitions.lookup import similar_to
from dauys.petitions.models import Petition
from dauys.petitions.services import drafting
from dauys.petitions.similar import prefixes
from dauys.petitions.states import State
from dauys.petitions.terms import terms_of
from dauys.petitions.views.holding import give_draft, held_draft
from dauys.rules.texts import said

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST_TITLE = 300  # characters that are looked at


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """The subjects that may not be petitioned, by groups, each with its source; and what writing takes."""
    language, rules = get_language() or "kk", rules_of(timezone.now())
    named = {group.code: group.text.say(language) for group in rules.topic_groups}
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in named.values()}
    for topic in rules.forbidden_topics.values():
        groups.setdefault(named.get(topic.group or "", ""), []).append((topic.text.say(language), topic.source))
    told = [(name, found) for name, found in groups.items() if found]
    return render(
        request,
        "petitions/draft/topics.html",
        {"groups": told, "rules": rules, "law": said(rules.writing.law, language)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def title(request: HttpRequest) -> HttpResponse:
    """A title, then what is similar; the second button begins a draft of it."""
    sent = request.POST if request.method == "POST" else request.GET
    words = " ".join(sent.get("title", "").replace("\0", "").split())[:LONGEST_TITLE]
    language = sent.get("written", "")
    language = language if language in LANGUAGES else get_language() or "kk"
    unclear = "title" in sent and not prefixes(words)
    if request.method == "POST" and not unclear:
        drafting.allow(keys(), visitor_address(request), timezone.now())
        _draft, secret = drafting.begin(words, language, timezone.now())
        return give_draft(request, HttpResponseRedirect(reverse("draft-addressee"), status=303), secret)
    context = {
        "title": words,
        "written": language,
        "unclear": unclear,
        "asked": bool(words) and not unclear,
        "similar": [] if unclear or not words else _shown(words),
        "draft": held_draft(request),
        "most": rules_of(timezone.now()).writing.title_characters,
    }
    return render(request, "petitions/draft/title.html", context, status=400 if unclear else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen
def mend(request: HttpRequest, number: int) -> HttpResponse:
    """A refused petition once more: its reason, and the button that makes a draft of its text. For its author."""
    petition, who = Petition.objects.select_related("author").filter(pk=number).first(), person_of(request)
    if petition is None:
        raise SubjectUnknown
    if who is None or petition.author.person != who.person:
        raise NotTheAuthor
    if request.method == "POST":
        _draft, secret = drafting.mend(petition, timezone.now())
        return give_draft(request, HttpResponseRedirect(reverse("draft-text"), status=303), secret)
    return render(request, "petitions/draft/mend.html", _refusal(petition))


def _shown(words: str) -> list[dict[str, object]]:
    language = get_language() or "kk"
    return [
        {
            "petition": each.petition,
            "title": each.version.title,
            "language": each.version.language,
            "way": each.way,
            "addressee": each.petition.addressee(language),
        }
        for each in similar_to(words)
    ]


def _refusal(petition: Petition) -> dict[str, object]:
    """Why it was refused: the reasons in words, the moderators' explanation with the words it is about, and until when."""
    language, known = get_language() or "kk", terms_of(petition.rules).pack.refusal_reasons
    reasons = [known[code].text.say(language) for code in petition.life.reasons if code in known]
    explanation = PublicText.objects.filter(sha256=petition.life.explanation).first()
    final = petition.state != State.REFUSED or petition.attempt > 1
    return {"petition": petition, "reasons": reasons, "explanation": explanation, "final": final}
