"""The petitions that whoever is logged in has signed; known to nobody else, and to nobody once they log out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from dauys.desk.access import citizen, person_of, session_token
from dauys.desk.sessions import number_of
from dauys.desk.transactions import reading_connection
from dauys.errors import NotSigned
from dauys.ledger.receipts import best_receipt
from dauys.ledger.signed import index_of, signed_by
from dauys.petitions import queries
from dauys.portal.login import keys
from dauys.portal.printing import printed

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@citizen
def signed(request: HttpRequest) -> HttpResponse:
    """Each with its receipt and the way to withdraw."""
    person = person_asking(request)
    names = signed_by(reading_connection(), keys(), person) if person else {}
    numbers = [int(name.rpartition("/")[2]) for name in names]
    found = queries.published().filter(pk__in=numbers).order_by("-opens_at", "-id")
    cards = queries.cards(found, get_language() or "kk", now=timezone.now())
    return render(request, "portal/signed.html", {"cards": cards, "asked_again": not person})


@require_POST
@citizen
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt of one's own signature again, as a file or as a page to print; NotSigned."""
    person, name = person_asking(request), f"petition/{number}"
    index = index_of(reading_connection(), keys(), name, person) if person else None
    if index is None:
        raise NotSigned
    text = best_receipt(reading_connection(), keys().log, index)
    if "print" in request.POST:
        return printed(request, text)
    headers = {"Content-Disposition": f'attachment; filename="dauys-petition-{number}-{index}.tlog-proof"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def person_asking(request: HttpRequest) -> str:
    """`iin|…` for this request only; empty for an official's session, which does not hold it."""
    who = person_of(request)
    return number_of(who.session, session_token(request)) if who else ""
