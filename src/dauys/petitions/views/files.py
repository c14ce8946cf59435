"""Files beside a text: of a petition for everybody once its text is public, of a draft for whoever holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.http import FileResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dauys.desk.texts import erased_text
from dauys.errors import SubjectUnknown, TextWithheld
from dauys.petitions.models import PetitionFile
from dauys.petitions.services import attachments, drafting
from dauys.petitions.views.holding import secret_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dauys.petitions.drafts import File

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # a viewer's own styles; nothing it holds may run


@require_safe
def of_petition(_request: HttpRequest, number: int, sha256: str) -> HttpResponse:
    """A file that was signed with a petition's text, as public as that text; SubjectUnknown."""
    files = PetitionFile.objects.filter(petition=number, petition__text_public=True, sha256=sha256)
    file = files.filter(attempt=F("petition__attempt")).first()
    if file is None:
        raise SubjectUnknown
    if (gone := erased_text(sha256)) is not None:
        raise TextWithheld(reason=gone.erased_for)
    return answer(file)


@require_safe
@cache_control(no_store=True)
def of_draft(request: HttpRequest, sha256: str) -> HttpResponse:
    """A file of this browser's draft."""
    file = drafting.find(secret_of(request)).files.filter(sha256=sha256).first()
    if file is None:
        raise SubjectUnknown
    return answer(file)


def answer(file: File) -> FileResponse:
    """Its bytes as what they were found to be, and nothing that could run. A stream: no cache of pages takes it into memory."""
    return FileResponse(
        attachments.opened_file(file.sha256),
        filename=file.name,
        content_type=file.media_type,
        headers={"Content-Security-Policy": SANDBOX},
    )
