"""The signed text of a petition, byte for byte."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dauys.desk.texts import erased_text
from dauys.errors import SubjectUnknown, TextWithheld
from dauys.petitions import queries
from dauys.petitions.states import State


@require_safe
def download(_request: HttpRequest, number: int) -> HttpResponse:
    """The bytes whose SHA-256 the statement and the log name; SubjectUnknown while they are not public, TextWithheld."""
    petition = queries.shown(number)
    if petition.state in (State.REFUSED, State.REMOVED) and not petition.text_public:
        raise TextWithheld(reason=", ".join(petition.life.reasons))
    if (gone := erased_text(petition.life.text_sha256)) is not None:
        raise TextWithheld(reason=gone.erased_for)
    if not petition.text_public:
        raise SubjectUnknown
    signed = next(version for version in petition.texts.all() if version.is_signed)
    return HttpResponse(
        signed.canonical,
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Language": signed.language,
            "Content-Disposition": f'inline; filename="petition-{number}.txt"',
        },
    )
