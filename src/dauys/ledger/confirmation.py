"""Makes acts final: asks the first revocation list after each whether its key was good, and logs the answer for a range.

Entries and lists never change, so judging needs no lock; the transaction writes the leaf, moves the counts and deletes
the questions, and moves `ledger_log.confirmed` only if nobody did so meanwhile. Killed before its COMMIT nothing
happened and the same range is judged again; killed after it, everything stands.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dauys.errors import RevocationUnknown
from dauys.identity.revocation import Revoked
from dauys.ledger import sqlite
from dauys.ledger.confirmation_leaf import MOST_EXCEPTIONS, ActsConfirmed, ListUsed, TakenBack
from dauys.ledger.leaves import PetitionSignature, decode_leaf, encode_leaf, from_text
from dauys.ledger.moments import from_unix, parse_hour
from dauys.ledger.places import Places
from dauys.ledger.sequencer import KeyUse
from dauys.ledger.tail import append

UNKNOWN = b""  # authority of an act whose evidence was lost: it stands once every authority has a younger list
MOST_ENTRIES = 8192  # of one confirmation: it holds the writer's lock for tens of milliseconds


class Lists(Protocol):
    """The revocation lists of one authority as they are here: a full one, perhaps a delta over it."""

    @property
    def issued(self) -> datetime:
        """thisUpdate of the newest of them."""

    @property
    def used(self) -> tuple[ListUsed, ...]:
        """What to call them in the log."""

    def revoked(self, serial: int) -> Revoked | None:
        """When and why a certificate was revoked; RevocationUnknown where the entry cannot be read."""


@dataclass
class Judged:
    """What a confirmation of the entries `first` <= index < `end` is going to say."""

    first: int
    end: int
    exceptions: list[TakenBack] = field(default_factory=list)
    used: dict[bytes, Lists] = field(default_factory=dict)

    def ask(self, index: int, use: KeyUse, lists: Lists | None) -> bool:
        """Whether a list is younger than the act: then it is used, and a bad key makes an exception."""
        if lists is None or lists.issued <= from_unix(use.admitted_at):
            return False
        if len(self.exceptions) == MOST_EXCEPTIONS:
            return False
        if (
            not use.serial
        ):  # its evidence was erased meanwhile (`erasure`): the list's time still counts, whose key it was not
            self.used[use.authority] = lists
            return True
        try:
            revoked = lists.revoked(int.from_bytes(use.serial, "big", signed=True))
        except RevocationUnknown:
            return False
        self.used[use.authority] = lists
        if revoked is not None and revoked.voids(from_unix(use.signed_at)):
            self.exceptions.append(TakenBack(index, revoked.reason.value))
        return True

    def leaf(self) -> ActsConfirmed:
        """The act; its lists in the order of authorities, so that the same judgement has one writing."""
        named = dict.fromkeys(used for _, lists in sorted(self.used.items()) for used in lists.used)
        return ActsConfirmed(self.exceptions, self.first, self.end - 1, list(named))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Acts that are not final; everything waits for a list of `authority` (a key identifier) younger than `since`."""

    acts: int
    authority: bytes
    since: datetime


def read_waiting(connection: sqlite3.Connection) -> Waiting | None:
    """What the next confirmation waits for, None where nothing does."""
    (acts,) = connection.execute("SELECT count(*) FROM ledger_unconfirmed").fetchone()
    first = connection.execute("SELECT authority, admitted_at FROM ledger_unconfirmed ORDER BY idx LIMIT 1").fetchone()
    return None if first is None else Waiting(acts, first[0], from_unix(first[1]))


class Confirmer:
    """Confirms on its own connection; use from one thread at a time. Several may run, one of them wins each range."""

    def __init__(self, places: Places) -> None:
        self._database = places.database
        self._connection = sqlite.connect(places.database)
        # A deleted question names a certificate: its bytes go with the row (sqlite.org/pragma.html#pragma_secure_delete).
        self._connection.execute("PRAGMA secure_delete = ON")

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()

    def confirm(self, lists: Mapping[bytes, Lists]) -> int:
        """Confirms all that these lists (by their authority's key identifier) allow; returns how many signatures."""
        confirmed = 0
        while (judged := self._judge(lists)) is not None:
            signatures = read_signatures(self._connection, judged.first, judged.end)
            if not signatures and judged.end - judged.first < MOST_ENTRIES:
                break  # nothing but acts of offices, or this range is its own last confirmation
            if not self._write(judged, signatures):
                break
            confirmed += len(signatures)
        return confirmed

    def _judge(self, lists: Mapping[bytes, Lists]) -> Judged | None:
        """The longest range that can be confirmed now: it ends before the first act that no list here is younger than."""
        tail = sqlite.read_tail(self._connection)
        judged = Judged(tail.confirmed, min(tail.size, tail.confirmed + MOST_ENTRIES))
        for index, use in self._waiting(judged.first, judged.end):
            if not judged.ask(index, use, _asked(use, lists)):
                judged.end = index
                break
        return judged if judged.end > judged.first else None

    def _waiting(self, first: int, end: int) -> list[tuple[int, KeyUse]]:
        rows = self._connection.execute(
            "SELECT idx, authority, serial, signed_at, admitted_at FROM ledger_unconfirmed "
            "WHERE idx >= ? AND idx < ? ORDER BY idx",
            (first, end),
        )
        return [(index, KeyUse(*use)) for index, *use in rows]

    def _write(self, judged: Judged, signatures: Mapping[int, PetitionSignature]) -> bool:
        """One transaction; false where another confirmer was first, and nothing is written."""
        with sqlite.transaction(self._connection, self._database):
            moved = self._connection.execute(
                "UPDATE ledger_log SET confirmed = ? WHERE id = 1 AND confirmed = ?", (judged.end, judged.first)
            )
            if moved.rowcount != 1:
                return False
            _let_withdrawn_stand(self._connection, judged)
            leaf = judged.leaf()
            settle_range(self._connection, leaf, append(self._connection, encode_leaf(leaf)), signatures)
        return True


def _asked(use: KeyUse, lists: Mapping[bytes, Lists]) -> Lists | None:
    """The lists that an act waits for; of an act whose evidence was lost, the ones that come last."""
    if use.authority != UNKNOWN:
        return lists.get(use.authority)
    return min(lists.values(), key=lambda each: each.issued, default=None)


def settle_range(
    connection: sqlite3.Connection, leaf: ActsConfirmed, index: int, signatures: Mapping[int, PetitionSignature]
) -> None:
    """Moves the rows to what a confirmation says; `signatures` are those of its range."""
    connection.execute("DELETE FROM ledger_unconfirmed WHERE idx >= ? AND idx <= ?", (leaf.first, leaf.last))
    _move_tallies(connection, signatures, {each.index for each in leaf.exceptions})
    for each in leaf.exceptions:
        _take_back(connection, signatures[each.index], each, index)


def read_signatures(connection: sqlite3.Connection, first: int, end: int) -> dict[int, PetitionSignature]:
    """Signatures among the entries `first` <= index < `end`."""
    entries = enumerate(sqlite.read_entries(connection, first, end), first)
    leaves = ((index, decode_leaf(entry)) for index, entry in entries)
    return {index: leaf for index, leaf in leaves if isinstance(leaf, PetitionSignature)}


def _let_withdrawn_stand(connection: sqlite3.Connection, judged: Judged) -> None:
    """A withdrawn signature is no exception: it counts no more, and an exception would tell whose it was."""
    withdrawn = {
        index
        for (index,) in connection.execute(
            "SELECT signature FROM ledger_withdrawal WHERE signature >= ? AND signature < ?", (judged.first, judged.end)
        )
    }
    judged.exceptions = [each for each in judged.exceptions if each.index not in withdrawn]


def _move_tallies(
    connection: sqlite3.Connection, signatures: Mapping[int, PetitionSignature], excepted: set[int]
) -> None:
    moves = Counter(
        (index in excepted, leaf.subject, parse_hour(leaf.hour), leaf.tier) for index, leaf in signatures.items()
    )
    for (is_excepted, subject, hour, tier), count in moves.items():
        connection.execute(
            "UPDATE ledger_tally SET final = final + ?, taken_back = taken_back + ? "
            "WHERE subject_id = (SELECT id FROM ledger_subject WHERE name = ?) AND hour = ? AND tier = ?",
            (0 if is_excepted else count, count if is_excepted else 0, subject, hour, tier),
        )


def _take_back(
    connection: sqlite3.Connection, leaf: PetitionSignature, exception: TakenBack, confirmation: int
) -> None:
    """Keeps what became of the act, and frees its person's place: with a good key they may sign again."""
    which = (leaf.subject, from_text(leaf.pseudonym), exception.index)
    connection.execute(
        "INSERT INTO ledger_taken_back (idx, nonce, reason, confirmation) SELECT idx, nonce, ?, ? FROM ledger_admission "
        "WHERE subject_id = (SELECT id FROM ledger_subject WHERE name = ?) AND pseudonym = ? AND idx = ?",
        (exception.reason, confirmation, *which),
    )
    connection.execute(
        "DELETE FROM ledger_admission "
        "WHERE subject_id = (SELECT id FROM ledger_subject WHERE name = ?) AND pseudonym = ? AND idx = ?",
        which,
    )
