"""Paper signatures: two officials enter a sheet, each without seeing the other's rows; where they agree, it counts.

The numbers live for one request: at once they become pseudonyms, the same that an e-signature gives, so whoever signed
both ways counts once.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from dauys.desk.record import record
from dauys.desk.transactions import office_transaction
from dauys.errors import BadInput, PersonUnknown, RoleMissing, SheetDiffers, SheetKnown, SheetRowsUnfit, TierNotAdmitted
from dauys.identity.iin import Iin
from dauys.ledger.keyless import keyless_admission, keyless_statement
from dauys.ledger.leaves import encode_leaf, from_text, to_text
from dauys.ledger.moments import moment_text
from dauys.ledger.paper_leaf import MOST_ROWS, PaperEntered
from dauys.ledger.places import Places
from dauys.ledger.sequencer import Outcome, Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.ledger.tail import append
from dauys.petitions.models import PaperSheet, Petition
from dauys.petitions.services.taking import two_of
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.petitions.services.taking import Official

TIER, ROLE = "paper", "moderator"


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of a sheet: rows that count, and rows of people who had signed before."""

    signatures: int
    repeated: int


def enter(keys: Keys, number: int, sha256: str, numbers: Sequence[str], by: Official, now: datetime) -> PaperSheet:
    """The first entry of a sheet. RoleMissing, TierNotAdmitted, SubjectClosed, SheetKnown, SheetRowsUnfit."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise BadInput(what="the scan is named by its SHA-256 in hex")
    with office_transaction() as connection:
        petition = Petition.objects.get(pk=number)
        if TIER not in terms_of(petition.rules).pack.tiers:
            raise TierNotAdmitted
        rows = _pseudonyms(connection, keys, petition, numbers, by, now)
        try:
            with transaction.atomic():
                sheet = PaperSheet.objects.create(
                    petition=petition, sha256=sha256, pseudonyms=rows, first=by.pk, entered_at=now
                )
        except IntegrityError:
            raise SheetKnown from None
        record(by.pk, "petition.paper-entered", petition.subject_name, now)
    return sheet


def enter_again(keys: Keys, sheet: int, numbers: Sequence[str], by: Official, now: datetime) -> Counted:
    """The second entry, by another official: where both agree the sheet counts, rows and leaf in one transaction.

    PersonInvolved, SheetDiffers (naming the rows), SheetKnown once it has been counted.
    """
    with office_transaction() as connection:
        kept = PaperSheet.objects.select_related("petition").get(pk=sheet)
        if kept.index is not None:
            raise SheetKnown
        officials = two_of(kept.first, by)
        rows = _pseudonyms(connection, keys, kept.petition, numbers, by, now)
        longer = max(len(rows), len(kept.pseudonyms))
        if differing := [n + 1 for n in range(longer) if rows[n : n + 1] != kept.pseudonyms[n : n + 1]]:
            raise SheetDiffers(rows=_listed(differing))
        counted = _count(connection, keys, kept, now)
        leaf = PaperEntered(
            moment_text(now), officials, len(rows), kept.sha256, counted.signatures, kept.petition.subject_name
        )
        kept.index, kept.pseudonyms = append(connection, encode_leaf(leaf)), []
        kept.save()
        record(by.pk, "petition.paper-counted", kept.petition.subject_name, now)
    return counted


def drop(sheet: int, by: Official, now: datetime) -> None:
    """Forgets a sheet that was entered once, to enter it anew; RoleMissing."""
    with office_transaction():
        kept = PaperSheet.objects.select_related("petition").get(pk=sheet, index__isnull=True)
        if not by.holds(ROLE):
            raise RoleMissing
        kept.delete()
        record(by.pk, "petition.paper-dropped", kept.petition.subject_name, now)


def _pseudonyms(
    connection: sqlite3.Connection,
    keys: Keys,
    petition: Petition,
    numbers: Sequence[str],
    by: Official,
    now: datetime,
) -> list[str]:
    """Of each row in order; SheetRowsUnfit where one is no number (check digit) or stands twice."""
    if not by.holds(ROLE):
        raise RoleMissing
    if not 1 <= len(numbers) <= MOST_ROWS:
        raise BadInput(what=f"a sheet has 1 to {MOST_ROWS} rows")
    times = Counter(numbers)
    if unfit := [row for row, number in enumerate(numbers, 1) if times[number] > 1 or not _is_number(number)]:
        raise SheetRowsUnfit(rows=_listed(unfit))
    subject = read_subject(connection, petition.subject_name)
    subject.require_open(now)
    kept = read_secrets(connection, keys, subject)
    return [to_text(kept.pseudonym(subject.name, f"iin|{number}")) for number in numbers]


def _count(connection: sqlite3.Connection, keys: Keys, sheet: PaperSheet, now: datetime) -> Counted:
    subject = read_subject(connection, sheet.petition.subject_name)
    batch = []
    for pseudonym in sheet.pseudonyms:
        language, nonce = sheet.petition.language, secrets.token_bytes(16)
        statement = keyless_statement(connection, subject, language, TIER, nonce, now)
        proof = bytes.fromhex(sheet.sha256)
        batch.append(keyless_admission(connection, keys, subject, from_text(pseudonym), statement, proof, now))
    placed = Sequencer(Places(settings.DAUYS_VAR).database, keys.log, connection).write(batch)
    admitted = sum(each.outcome is Outcome.ADMITTED for each in placed.values())
    return Counted(admitted, len(batch) - admitted)


def _is_number(text: str) -> bool:
    try:
        Iin.parse(text)
    except PersonUnknown:
        return False
    return True


def _listed(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows))
