"""What a file is, by its content alone, and what of it is kept. Pure: bytes in, bytes out."""

from __future__ import annotations

from dauys.errors import AttachmentRefused
from dauys.ledger.pdf import PDF_HEAD, require_passive
from dauys.petitions.pictures import JPEG_HEAD, PNG_HEAD, clean_jpeg, clean_png


def cleaned(content: bytes) -> tuple[str, str, bytes]:
    """(media type, ending, content to keep): pictures without what the camera wrote about place, time and owner.

    AttachmentRefused for any other kind; AttachmentActive for a PDF that can do more than be read.
    """
    if content.startswith(PDF_HEAD):
        require_passive(content)
        return "application/pdf", ".pdf", content
    if content.startswith(JPEG_HEAD):
        return "image/jpeg", ".jpg", clean_jpeg(content)
    if content.startswith(PNG_HEAD):
        return "image/png", ".png", clean_png(content)
    raise AttachmentRefused
