"""Admits a batch once, in one durable transaction that also extends the tree; only then is anyone answered.

The order of a batch: lock, BEGIN IMMEDIATE, refresh the tail, ask which places are taken, write entries, tiles, places
(the database's UNIQUE rules have the last word), envelopes with their rows and counts, move the tail, sync the envelopes'
segment, COMMIT (synchronous=FULL), sign a checkpoint, write receipts. Killed before COMMIT nothing happened and nobody was answered; killed after it, everything stands and a
repeated request gets the same receipt.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from dauys.ledger import faults, sqlite
from dauys.ledger.envelope import Sealed
from dauys.ledger.log_keys import require_present
from dauys.ledger.receipts import ReceiptWriter
from dauys.ledger.segments import SegmentWriter
from dauys.ledger.tail import LogTail
from dauys.ledger.vault import write_envelopes
from dauys.translog.note import Signer

_shuffle = secrets.SystemRandom().shuffle


@dataclass(frozen=True, slots=True)
class KeyUse:
    """By which certificate an act was signed: its authority's key identifier, its serial number's bytes, unix seconds."""

    authority: bytes
    serial: bytes
    signed_at: int
    admitted_at: int


@dataclass(frozen=True, slots=True)
class Admission:
    """A verified act that waits for its place: 32-byte pseudonym, 16-byte nonce, canonical leaf, sealed envelope.

    `key` is absent where no key was used that could be revoked (paper, e-mail).
    """

    subject_id: int
    pseudonym: bytes
    nonce: bytes
    hour: int
    tier: str
    entry: bytes
    sealed: Sealed
    key: KeyUse | None = None


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

    def __init__(self, database: Path, signer: Signer, connection: sqlite3.Connection | None = None) -> None:
        """Opens a connection of its own, unless an office's is given: that transaction and connection are the office's."""
        self.database, self.signer = database, signer
        self.connection = connection or sqlite.connect(database)
        self.tail, self.segments = LogTail(self.connection), SegmentWriter(self.connection)
        self._lent = connection is not None

    def close(self) -> None:
        """Gives the connection back; what was committed stands."""
        self.segments.close()
        self.connection.close()

    def commit(self, batch: Sequence[Admission]) -> list[Placed]:
        """One durable transaction for the batch; answers in the order given, leaves in a random one."""
        with sqlite.transaction(self.connection, self.database, self.segments.sync):
            placed = self.write(batch)
        return self.answers(batch, placed)

    def commit_in_order(self, groups: Iterable[Sequence[Admission]]) -> int:
        """One durable transaction for groups that follow each other, each in a random order; how many were admitted."""
        with sqlite.transaction(self.connection, self.database, self.segments.sync):
            placed = [each for group in groups for each in self.write(group).values()]
        return sum(each.outcome is Outcome.ADMITTED for each in placed)

    def transaction(self) -> sqlite.Transaction:
        """The transaction around `write`, for a caller that takes its steps apart."""
        return sqlite.Transaction(self.connection, self.database, self.segments.sync)

    def write(self, batch: Sequence[Admission]) -> dict[int, Placed]:
        """Inside a transaction: who gets a place, and everything that stands for it. Nobody may be answered yet."""
        order = list(range(len(batch)))
        _shuffle(order)
        order.sort(key=lambda i: batch[i].hour)  # the hour is public anyway; no entry is older than those before it
        require_present(self.tail.refresh(), self.signer)
        placed = self._place(batch, order)
        admitted = [batch[i] for i in order if placed[i].outcome is Outcome.ADMITTED]
        if admitted:
            self._write(admitted)
        return placed

    def answers(self, batch: Sequence[Admission], placed: dict[int, Placed]) -> list[Placed]:
        """After the commit: each act's answer with its receipt, in the order of the batch."""
        faults.reach("before-answer")
        writer = ReceiptWriter(self.tail.tree, self.signer)
        return [self._with_receipt(writer, act, placed[i]) for i, act in enumerate(batch)]

    def _place(self, batch: Sequence[Admission], order: Sequence[int]) -> dict[int, Placed]:
        """Who gets which index: the first of the shuffled batch for each place and each request that is free."""
        held = Held(sqlite.taken(self.connection, [(act.subject_id, act.pseudonym, act.nonce) for act in batch]))
        placed, index = {}, self.tail.tree.size
        for i in order:
            placed[i] = held.answer(batch[i]) or Placed(Outcome.ADMITTED, index)
            if placed[i].outcome is Outcome.ADMITTED:
                held.add(batch[i].subject_id, batch[i].pseudonym, batch[i].nonce, index)
                index += 1
        return placed

    def _write(self, admitted: Sequence[Admission]) -> None:
        first = self.tail.extend([act.entry for act in admitted])
        numbered = list(enumerate(admitted, first))
        sqlite.admit(self.connection, [(act.subject_id, act.pseudonym, act.nonce, index) for index, act in numbered])
        faults.reach("after-places")
        write_envelopes(self.connection, self.segments, [(index, act.sealed) for index, act in numbered])
        if self._lent:  # the office commits, and knows of no segments
            self.segments.sync()
            self.segments.close()
        faults.reach("after-envelopes")
        sqlite.await_confirmation(
            self.connection,
            [
                (index, act.key.authority, act.key.serial, act.key.signed_at, act.key.admitted_at)
                for index, act in numbered
                if act.key is not None
            ],
        )
        moves = Counter((act.subject_id, act.hour, act.tier) for act in admitted)
        sqlite.move_tallies(self.connection, ((*key, count) for key, count in moves.items()))
        faults.reach("after-counts")

    def _with_receipt(self, writer: ReceiptWriter, act: Admission, place: Placed) -> Placed:
        if place.outcome is Outcome.USED:
            return place
        new = place.outcome is Outcome.ADMITTED
        entry = act.entry if new else sqlite.read_entries(self.connection, place.index, place.index + 1)[0]
        return Placed(place.outcome, place.index, writer.write(place.index, entry))


class Held:
    """Places and requests that are taken: by the database, and by the batch so far."""

    def __init__(self, rows: Sequence[tuple[int, bytes, bytes, int]]) -> None:
        self._people: dict[tuple[int, bytes], int] = {}
        self._requests: dict[bytes, tuple[int, bytes, int]] = {}
        for row in rows:
            self.add(*row)

    def add(self, subject_id: int, pseudonym: bytes, nonce: bytes, index: int) -> None:
        """One more admission."""
        self._people[subject_id, pseudonym] = index
        self._requests[nonce] = subject_id, pseudonym, index

    def answer(self, act: Admission) -> Placed | None:
        """What stands in this act's way: itself, this person's other act, or another person's; None if nothing does."""
        used = self._requests.get(act.nonce)
        if used is not None and used[:2] == (act.subject_id, act.pseudonym):
            return Placed(Outcome.REPEATED, used[2])
        index = self._people.get((act.subject_id, act.pseudonym))
        if index is not None:
            return Placed(Outcome.ALREADY, index)
        return None if used is None else Placed(Outcome.USED)
