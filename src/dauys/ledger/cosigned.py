"""Cosignatures of witnesses on published checkpoints: whose lines stand there, and what is known of each witness.

The installation's policy (c2sp.org/tlog-policy) says who its witnesses are and when they are enough; without the file there
are none, and pages say that the log alone signed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from dauys.errors import DatabaseRefused, NoteInvalid
from dauys.ledger.places import Places
from dauys.translog.note import Signature, SignatureLine, Verifier, split_note
from dauys.translog.policy import KnownLog, Policy
from dauys.translog.tiles import TileTree


class WitnessState(NamedTuple):
    """What the publisher last knew of a witness: entries it holds, unix time of its last cosignature, what went wrong since."""

    name: str
    size: int
    cosigned_at: int
    problem: str


class Cosigners(Protocol):
    """Whoever asks the witnesses of a policy for the publisher."""

    policy: Policy

    def cosign(self, note: str, published: str, tree: TileTree) -> str:
        """The signed checkpoint with the lines of those who answered, and those that the published one has already."""

    def is_due(self, note: str, now: float) -> bool:
        """Whether it is worth asking again about a published checkpoint; `now` in unix seconds."""

    def states(self) -> list[WitnessState]:
        """What is known of each witness."""

    def close(self) -> None:
        """Ends what was opened."""


class Witnessed(NamedTuple):
    """Which witnesses of a policy cosigned a checkpoint, when (unix seconds), and whether they are its quorum."""

    times: dict[str, int]
    is_enough: bool


def read_policy(places: Places) -> Policy:
    """The installation's policy; one without witnesses where there is no file. PolicyMalformed."""
    return Policy.parse(places.witnesses.read_bytes()) if places.witnesses.is_file() else Policy()


def with_log(policy: Policy, *keys: Verifier) -> Policy:
    """The same witnesses and quorum, for a log of these keys."""
    return Policy([KnownLog(key) for key in keys], policy.witnesses, policy.groups, policy.quorum)


def witnessed(note: str | bytes, policy: Policy) -> Witnessed:
    """Who of a policy cosigned; a false line of a known witness counts as nobody's, since the log's own lines still hold."""
    try:
        found = policy.cosignatures(note)
    except NoteInvalid:
        found = dict[str, Signature]()
    return Witnessed({name: line.time or 0 for name, line in found.items()}, bool(found) and policy.is_met(found))


def merge_lines(note: str, more: Iterable[str], verifiers: Sequence[Verifier]) -> str:
    """A note with further signature lines of these keys: verified ones only, the latest of each key, others as they were."""
    text, lines = split_note(note)
    keys = {(key.name, key.key_id): key for key in verifiers}
    merged = {(line.name, line.key_id): line for line in lines}
    for block in more:
        for line in split_note(f"{text}\n{block}")[1]:
            key = keys.get((line.name, line.key_id))
            if key is not None and key.verify(text.encode(), line.signature):
                merged[line.name, line.key_id] = line
    return f"{text}\n" + "".join(map(SignatureLine.to_text, merged.values()))


def kept_lines(old: str, note: str) -> list[str]:
    """Lines that an older signed form of the same checkpoint has and the newer lacks; none where it is another checkpoint."""
    if not old or split_note(old)[0] != split_note(note)[0]:
        return []
    return [line.to_text() for line in split_note(old)[1]]


def write_states(connection: sqlite3.Connection, states: Iterable[WitnessState]) -> None:
    """Notes what is known, for pages and `dauys doctor`; inside the caller's transaction."""
    connection.executemany(
        "INSERT INTO ledger_witness (name, size, cosigned_at, problem) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
        "size = excluded.size, cosigned_at = max(cosigned_at, excluded.cosigned_at), problem = excluded.problem",
        states,
    )


def read_states(connection: sqlite3.Connection) -> dict[str, WitnessState]:
    """What the publisher last noted, by name in the policy; DatabaseRefused where an older version made the tables."""
    try:
        rows = connection.execute(
            "SELECT name, size, cosigned_at, problem FROM ledger_witness ORDER BY name"
        ).fetchall()
    except sqlite3.OperationalError as error:
        raise DatabaseRefused(what=str(error)) from None
    return {row[0]: WitnessState(*row) for row in rows}
