"""My entry under a petition, or that nobody signed in my name: told on a page, and provable by a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from dauys.desk.access import citizen
from dauys.desk.transactions import reading_connection
from dauys.errors import NotFound, SubjectUnknown
from dauys.ledger import sqlite
from dauys.ledger.own_entry import prove_own_entry
from dauys.ledger.signed import own_index
from dauys.petitions import queries
from dauys.portal.login import keys
from dauys.portal.signed import person_asking

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST = 9  # digits of a petition's number


@require_safe
@citizen
def own(request: HttpRequest) -> HttpResponse:
    """`?petition=12`: whether the log has an entry of whoever is logged in, and the way to the proof."""
    person, typed = person_asking(request), request.GET.get("petition", "").strip()
    petition = _named(typed)
    context = {"typed": typed, "unknown": bool(typed) and petition is None, "asked_again": not person}
    if petition is not None and person:
        context |= _found(petition, person)
    return render(request, "portal/own_entry.html", context, status=404 if context["unknown"] else 200)


def _named(typed: str) -> Any:
    """The published petition of a typed number, or None."""
    fits = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST
    return queries.published().filter(pk=int(typed)).first() if fits else None


def _found(petition: Any, person: str) -> dict[str, Any]:
    text = queries.version(petition.texts.all(), get_language() or "kk")
    try:
        index = own_index(reading_connection(), keys(), petition.subject_name, person)
    except SubjectUnknown:
        return {"forgotten": True}
    size = sqlite.read_tail(reading_connection()).size
    return {"petition": petition, "text": text, "index": index, "size": size}


@require_POST
@citizen
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The file for whoever is logged in; it names nobody, and with a guessed number it confirms the guess."""
    person = person_asking(request)
    petition = queries.published().filter(pk=number).first()
    if petition is None or not person:
        raise NotFound
    content = prove_own_entry(reading_connection(), keys(), petition.subject_name, person)
    headers = {"Content-Disposition": f'attachment; filename="dauys-own-entry-{number}.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)
