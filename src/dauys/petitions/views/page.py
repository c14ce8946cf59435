"""The page of one petition over its whole life, and its count alone for the page that is open."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dauys.desk.access import base_url
from dauys.desk.qr import code
from dauys.desk.texts import erased_text
from dauys.ledger.moments import moment_text, parse_moment
from dauys.petitions import queries
from dauys.petitions.curve import curve
from dauys.petitions.email_links import admits
from dauys.petitions.life import appealable, mendable
from dauys.petitions.models import LANGUAGES, Petition
from dauys.petitions.path import path_of
from dauys.petitions.public import review_of, turn_of
from dauys.petitions.states import CONSIDERED, State
from dauys.petitions.terms import terms_of
from dauys.petitions.timeline import timeline, told
from dauys.petitions.words import ANSWERS, state_words
from dauys.rules.texts import said

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

GONE = 410


@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """Everything public about one petition; `text` asks for another language version. Removed: its tombstone, 410."""
    petition, now, language = queries.shown(number), timezone.now(), get_language() or "kk"
    context = life_context(petition, language, now)
    context["text_gone"] = erased_text(petition.life.text_sha256)
    if petition.text_public:
        context |= _text(petition, request.GET.get("text", language))
    if petition.life.opened:
        context |= _signatures(petition, now)
    if petition.state == State.GATHERING:
        context["code"] = code(f"{base_url(request)}{reverse('petition', args=[number])}")
    status = GONE if petition.state == State.REMOVED else 200
    return render(request, "petitions/page.html", context, status=status)


def life_context(petition: Any, language: str, now: datetime) -> dict[str, Any]:
    """What templates know of a life: state, clocks, reasons, texts, history."""
    life, terms = petition.life, terms_of(petition.rules)
    entries, texts = timeline(petition.events.all(), petition.language, language)
    today = terms.day(moment_text(now))
    return {
        "petition": petition,
        "life": life,
        "since": parse_moment(life.since),
        "decided": parse_moment(life.decided) if life.decided else None,
        "gate": terms.gate,
        "appeal_until": date.fromisoformat(life.due) if life.state is State.REMOVED else None,
        "considered": life.state in CONSIDERED,
        "answer": ANSWERS.get(life.answer),
        "state_words": state_words(life),
        "addressee": petition.addressee(language),
        "turn": turn_of(life, terms, now),
        "review": review_of(life, terms, now),
        "appealable": appealable(life, today),
        "can_mend": mendable(life, terms, today),
        "reasons": [(reason, reason.text.say(language)) for reason in terms.reasons_of(life)],
        "entries": entries,
        "path": path_of(life, discussed=terms.pack.consideration.public_discussion),
        "law": said(terms.pack.consideration.law, language),
        "owed": terms.pack.consideration.obliges,
        "into": _into(life.into, language),
    } | told(life, texts, terms, now)


def _text(petition: Any, language: str) -> dict[str, Any]:
    versions = sorted(petition.texts.all(), key=lambda version: LANGUAGES.index(version.language))
    files = list(petition.attached)
    return {
        "text": queries.version(versions, language),
        "versions": versions,
        "signed": next(version for version in versions if version.is_signed),
        "files": files,
        "files_gone": {file.sha256 for file in files if erased_text(file.sha256)},
    }


def _signatures(petition: Any, now: datetime) -> dict[str, Any]:
    return {
        "progress": queries.progress(petition, now=now),
        "is_open": petition.is_open(now),
        "by_email": admits(petition),
        "curve": curve(petition.subject_id, petition.threshold, petition.opens_at, min(now, petition.signing_ended)),
    }


def _into(subject: str, language: str) -> tuple[Petition, str] | None:
    """The petition that goes on for this one, and its title."""
    if not subject:
        return None
    other = queries.shown(int(subject.rpartition("/")[2]))
    return other, queries.version(other.texts.all(), language).title if other.text_public else ""


@require_safe
def count(request: HttpRequest, number: int) -> HttpResponse:
    """The published count with its progress, as the page shows it; polled while the page is open."""
    petition, now = queries.find(number), timezone.now()
    context = {"petition": petition, "progress": queries.progress(petition, now=now), "is_open": petition.is_open(now)}
    response = render(request, "petitions/_count.html", context)
    response.headers["Cache-Control"] = "public, max-age=1"  # never stale: the page would be one question behind
    return response
