"""Admits a batch once, in one durable transaction that also extends the tree; only then is anyone answered.

The order of a batch: lock, BEGIN IMMEDIATE, refresh the tail, take each person's place (the database's UNIQUE rules
decide), write entries, tiles, vault rows and counts, move the tail, COMMIT (synchronous=FULL), sign a checkpoint, write
receipts. Killed before COMMIT nothing happened and nobody was answered; killed after it, everything stands and a
repeated request gets the same receipt.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from dauys.ledger import sqlite
from dauys.ledger.envelope import Sealed
from dauys.ledger.receipts import ReceiptWriter
from dauys.ledger.tail import LogTail
from dauys.translog.note import Signer

_shuffle = secrets.SystemRandom().shuffle


@dataclass(frozen=True, slots=True)
class Admission:
    """A verified act that waits for its place: 32-byte pseudonym, 16-byte nonce, canonical leaf, sealed envelope."""

    subject_id: int
    pseudonym: bytes
    nonce: bytes
    hour: int
    tier: str
    entry: bytes
    sealed: Sealed


class Outcome(Enum):
    """What became of an admission."""

    ADMITTED = "admitted"
    REPEATED = "repeated"  # the same person with the same request: the same receipt again
    ALREADY = "already"  # the same person with another request: told kindly, the first receipt again
    USED = "used"  # another person's request


@dataclass(frozen=True, slots=True)
class Placed:
    """The answer to one admission; index and receipt are of the act that stands, absent for USED."""

    outcome: Outcome
    index: int = -1
    receipt: str = ""


class Sequencer:
    """Commits batches on its own connection; use from one thread at a time. Several processes may each have one."""

    def __init__(self, database: Path, signer: Signer) -> None:
        self.database, self.signer = database, signer
        self.connection = sqlite.connect(database)
        self.tail = LogTail(self.connection)

    def close(self) -> None:
        """Gives the connection back; what was committed stands."""
        self.connection.close()

    def commit(self, batch: Sequence[Admission]) -> list[Placed]:
        """One durable transaction for the batch; answers in the order given, leaves in a random one."""
        order = list(range(len(batch)))
        _shuffle(order)
        with sqlite.transaction(self.connection, self.database):
            self.tail.refresh()
            placed = self._place(batch, order)
            admitted = [i for i in order if placed[i].outcome is Outcome.ADMITTED]
            if admitted:
                self.tail.extend([batch[i].entry for i in admitted])
                self._keep_evidence([(placed[i].index, batch[i]) for i in admitted])
        return self._with_receipts(placed)

    def _place(self, batch: Sequence[Admission], order: Sequence[int]) -> list[Placed]:
        placed = [Placed(Outcome.USED)] * len(batch)
        index = self.tail.tree.size
        for i in order:
            act = batch[i]
            if sqlite.admit(self.connection, act.subject_id, act.pseudonym, act.nonce, index):
                placed[i] = Placed(Outcome.ADMITTED, index)
                index += 1
            else:
                placed[i] = standing(self.connection, act.subject_id, act.pseudonym, act.nonce)
        return placed

    def _keep_evidence(self, admitted: Sequence[tuple[int, Admission]]) -> None:
        sqlite.write_envelopes(self.connection, ((index, act.sealed.wrapped, act.sealed.ciphertext) for index, act in admitted))
        moves = Counter((act.subject_id, act.hour, act.tier) for _, act in admitted)
        sqlite.move_tallies(self.connection, ((*key, count) for key, count in moves.items()))

    def _with_receipts(self, placed: Sequence[Placed]) -> list[Placed]:
        writer = ReceiptWriter(self.tail.tree, self.signer)
        indices = sorted({place.index for place in placed if place.index >= 0})
        entries = {index: sqlite.read_entries(self.connection, index, index + 1)[0] for index in indices}
        receipts = {index: writer.write(index, entry) for index, entry in entries.items()}
        return [Placed(place.outcome, place.index, receipts.get(place.index, "")) for place in placed]


def standing(connection: sqlite3.Connection, subject_id: int, pseudonym: bytes, nonce: bytes) -> Placed:
    """Who holds the place that could not be taken: this very act, this person's other act, or another person."""
    used = sqlite.admission_of_nonce(connection, nonce)
    if used is not None and (used[0], bytes(used[1])) == (subject_id, pseudonym):
        return Placed(Outcome.REPEATED, used[2])
    index = sqlite.admission_of_person(connection, subject_id, pseudonym)
    return Placed(Outcome.USED) if index is None else Placed(Outcome.ALREADY, index)
