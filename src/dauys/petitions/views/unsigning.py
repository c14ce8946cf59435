"""Withdrawing one's signature: what it means, then the signature for it. Who signed is never asked of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk.signing import begin_act
from dauys.errors import SubjectClosed
from dauys.petitions import queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def unsign(request: HttpRequest, number: int) -> HttpResponse:
    """What a withdrawal does and that it is final; the button goes on to sign it. SubjectClosed once signing is over."""
    petition = queries.find(number)
    if not petition.is_open(timezone.now()):
        raise SubjectClosed(until=petition.signing_ended.date())
    if request.method == "POST":
        return begin_act(request, "petition.signature-withdrawal", petition.subject_name)
    return render(request, "petitions/unsign.html", _context(petition))


@require_safe
@cache_control(no_store=True)
def unsigned(request: HttpRequest, number: int) -> HttpResponse:
    """It is done, and nothing else shows it. Says nothing of who asks: the address is anybody's to open."""
    return render(request, "petitions/unsigned.html", _context(queries.find(number)))


def _context(petition: Any) -> dict[str, object]:
    return {"petition": petition, "text": queries.version(petition.texts.all(), get_language() or "kk")}
