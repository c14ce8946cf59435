"""Files beside a text: judged, cleaned, kept once by their SHA-256 under var/attachments, public only with their petition."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings

from dauys.desk.transactions import office_transaction
from dauys.errors import AttachmentsFull, AttachmentsNoRoom, AttachmentTooLarge, AttachmentTwice, SubjectUnknown
from dauys.ledger.durable import write_durably
from dauys.petitions.drafts import Draft, DraftFile, PetitionFile
from dauys.petitions.files import cleaned
from dauys.petitions.services.drafting import find, opened

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dauys.rules.sections import Writing

MOST_KEPT = 4 * 2**30  # bytes of files altogether: drafts need no log-in, so a disk must not be theirs to fill
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_NAME = 100  # characters


def attach(secret: str, name: str, content: bytes, writing: Writing, now: datetime) -> Draft:
    """Adds a file to a draft; AttachmentRefused or one of its kin, DraftFrozen."""
    _require_place(find(secret), writing)
    if len(content) > writing.attachment_bytes:
        raise AttachmentTooLarge(limit=writing.attachment_bytes // 1_000_000)
    media_type, ending, content = cleaned(content)
    digest = hashlib.sha256(content).hexdigest()
    _keep(digest, content)  # before the transaction: the disk is slow, and all writers wait for one lock
    with office_transaction():
        draft = opened(secret, now)
        _require_place(draft, writing)
        if draft.files.filter(sha256=digest).exists():
            raise AttachmentTwice
        if not path_of(digest).exists():  # another draft that had it was deleted meanwhile
            _keep(digest, content)
        DraftFile.objects.create(
            draft=draft, position=1 + max((file.position for file in draft.files.all()), default=0), name=named(name, ending),
            media_type=media_type, size=len(content), sha256=digest,
        )  # fmt: skip
    return draft


def detach(secret: str, digest: str, now: datetime) -> Draft:
    """Takes a file away again."""
    with office_transaction():
        draft = opened(secret, now)
        draft.files.filter(sha256=digest).delete()
        forget_unused([digest])
    return draft


def named(name: str, suffix: str) -> str:
    """The file's own name with the ending of what it is; without folders or signs that mislead."""
    stem = Path(name.replace("\\", "/")).stem
    plain = "".join(letter for letter in stem if letter.isprintable()).strip(" .")[:LONGEST_NAME]
    return f"{plain or 'file'}{suffix}"


def opened_file(digest: str) -> BinaryIO:
    """A kept file, open for reading; SubjectUnknown."""
    try:
        return path_of(digest).open("rb")
    except OSError:
        raise SubjectUnknown from None


def path_of(digest: str) -> Path:
    """Where a file stands; SubjectUnknown for what is no hash."""
    if not SHA256.fullmatch(digest):
        raise SubjectUnknown
    return Path(settings.DAUYS_VAR) / "attachments" / digest


def forget_unused(digests: Iterable[str]) -> None:
    """Deletes those of these files that no draft and no petition has; inside the caller's transaction."""
    wanted = set(digests)
    used = set(DraftFile.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
    used |= set(PetitionFile.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
    for digest in wanted - used:
        path_of(digest).unlink(missing_ok=True)


def _require_place(draft: Draft, writing: Writing) -> None:
    if draft.files.count() >= writing.attachments:
        raise AttachmentsFull(most=writing.attachments)


def _keep(digest: str, content: bytes) -> None:
    """Durably; AttachmentsNoRoom."""
    path = path_of(digest)
    used = sum(file.stat().st_size for file in path.parent.glob("*")) if path.parent.exists() else 0
    if used + len(content) > MOST_KEPT:
        raise AttachmentsNoRoom
    write_durably(path, content, mode=0o600)
