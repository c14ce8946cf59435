"""The signed text of a petition, byte for byte."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dauys.errors import SubjectUnknown
from dauys.petitions.models import PetitionText


@require_safe
def download(_request: HttpRequest, number: int) -> HttpResponse:
    """The bytes whose SHA-256 the statement and the log name."""
    opened = PetitionText.objects.filter(petition=number, petition__opens_at__isnull=False, is_signed=True)
    signed = opened.filter(attempt=F("petition__attempt")).first()
    if signed is None:
        raise SubjectUnknown
    return HttpResponse(
        signed.canonical,
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Language": signed.language,
            "Content-Disposition": f'inline; filename="petition-{number}.txt"',
        },
    )
