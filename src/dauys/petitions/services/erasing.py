"""Erasing one public text or file of a petition: two administrators, an entry of the log, a mark where it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dauys.desk.models import PublicText
from dauys.desk.record import record
from dauys.desk.transactions import office_transaction
from dauys.errors import (
    OrderMissing,
    PersonInvolved,
    ReasonUnknown,
    RoleMissing,
    SubjectUnknown,
    TextStillSigned,
    TextUnknown,
)
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.petition_leaves import texts_of
from dauys.ledger.text_erasure import erase_text
from dauys.petitions.erasures import REASONS, Erasable, ErasureProposal
from dauys.petitions.models import Petition
from dauys.petitions.services.attachments import SHA256, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dauys.petitions.services.taking import Official

OWN, FILE = "text", "file"
SHOWN = 160  # characters of a beginning
GONE = "—"  # stands where a text stood: a row cannot be without


def erasable(petition: Petition) -> list[Erasable]:
    """Everything public about a petition that can be erased, its own text first, then by the log's order, then files."""
    found = dict(_named(petition))
    rows = PublicText.objects.in_bulk(found)
    return [
        Erasable(
            digest, what, beginning or _beginning(rows.get(digest)), rows[digest].erased_for if digest in rows else ""
        )
        for digest, (what, beginning) in found.items()
    ]


def _named(petition: Petition) -> Iterator[tuple[str, tuple[str, str]]]:
    signed = petition.texts.filter(attempt=petition.attempt, is_signed=True).get()
    yield petition.life.text_sha256, (OWN, signed.text[:SHOWN])
    for event in petition.events.all():
        for digest in texts_of(decode_leaf(bytes(event.entry))):
            yield digest, (event.kind, "")
    for file in petition.files.all():
        yield file.sha256, (FILE, file.name)


def _beginning(row: PublicText | None) -> str:
    return row.content[:SHOWN] if row else ""


def propose(number: int, sha256: str, reason: str, order: str, by: Official, now: datetime) -> ErasureProposal:
    """The first half. TextUnknown, ReasonUnknown, OrderMissing, TextStillSigned; `order` is the SHA-256 of a court order."""
    with office_transaction():
        petition = _petition(number, by)
        _require_erasable(petition, sha256, now)
        if reason not in REASONS:
            raise ReasonUnknown(reason=reason)
        if (reason == "court-order") is not bool(SHA256.fullmatch(order)):
            raise OrderMissing
        record(by.pk, "text.erasure-proposed", petition.subject_name, now, f"{sha256} {reason}")
        values = {"petition": petition, "reason": reason, "order": order, "by": by.pk, "made_at": now}
        return ErasureProposal.objects.update_or_create(sha256=sha256, defaults=values)[0]


def confirm(number: int, sha256: str, by: Official, now: datetime) -> int:
    """The second half: it is erased; the entry that says so. PersonInvolved for the one who proposed it."""
    with office_transaction() as connection:
        petition = _petition(number, by)
        proposal = _proposal(petition, sha256)
        if proposal.by == by.pk:
            raise PersonInvolved
        _require_erasable(petition, sha256, now)
        index = erase_text(connection, sha256, proposal.reason, (proposal.by, by.pk), now, proposal.order)  # type: ignore[arg-type]
        _take_out(petition, sha256)
        proposal.delete()
        record(by.pk, "text.erased", petition.subject_name, now, sha256)
    return index


def drop(number: int, sha256: str, by: Official, now: datetime) -> None:
    """Taken back, or turned down: the text stays."""
    with office_transaction():
        petition = _petition(number, by)
        _proposal(petition, sha256).delete()
        record(by.pk, "text.erasure-dropped", petition.subject_name, now, sha256)


def _petition(number: int, by: Official) -> Petition:
    if not by.holds("administrator"):
        raise RoleMissing
    petition = Petition.objects.filter(pk=number).first()
    if petition is None:
        raise SubjectUnknown
    return petition


def _proposal(petition: Petition, sha256: str) -> ErasureProposal:
    found = petition.erasures.filter(sha256=sha256).first()
    if found is None:
        raise TextUnknown
    return found


def _require_erasable(petition: Petition, sha256: str, now: datetime) -> None:
    found = next((each for each in erasable(petition) if each.sha256 == sha256), None)
    if found is None or found.erased_for in REASONS:
        raise TextUnknown
    if found.what in (OWN, FILE) and petition.opens_at and petition.is_open(now):
        raise TextStillSigned


def take_out_again(sha256: str) -> None:
    """For a restored backup, which holds copies of what was erased after it."""
    for petition in Petition.objects.all():
        _take_out(petition, sha256)


def _take_out(petition: Petition, sha256: str) -> None:
    """The copies outside of the ledger: its own text in every language, and the file."""
    if sha256 == petition.life.text_sha256:
        for version in petition.texts.all():
            version.text = GONE
            version.save()
        petition.follow(petition.life)
        petition.save()
    if petition.files.filter(sha256=sha256).exists():
        transaction.on_commit(lambda: path_of(sha256).unlink(missing_ok=True))
