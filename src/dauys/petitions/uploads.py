"""One uploaded file, in memory and no larger than it may be: the rest is read and thrown away, so the form's words stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from dauys.errors import AttachmentTooLarge

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

MOST_SENT = 4  # times what a file may have: beyond it nothing is read at all


class Upload(NamedTuple):
    """A file as it was sent; one too large has one byte more than it may have."""

    name: str
    content: bytes


class Bounded(FileUploadHandler):
    """Keeps at most `most` bytes and one more of each file."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self._most, self._content = most, bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Called by Django for each piece."""
        del start
        self._content += raw_data[: self._most + 1 - len(self._content)]

    def file_complete(self, file_size: int) -> UploadedFile:
        """Called by Django at the end of a file."""
        del file_size
        content, self._content = bytes(self._content), bytearray()
        return SimpleUploadedFile(self.file_name or "file", content)


def one_file(request: HttpRequest, most: int) -> Upload | None:
    """The field `file` of a form, or None; to be asked before anything else reads the form. AttachmentTooLarge."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_SENT * most:
        raise AttachmentTooLarge(limit=most // 1_000_000)
    request.upload_handlers = [Bounded(request, most)]
    sent = request.FILES.get("file")
    return Upload(sent.name or "file", sent.read()) if sent else None
