"""The keys that a log signs with, as the log itself names them: one Ed25519 key for everything, and ML-DSA beside it.

Receipts given at once are signed by the Ed25519 key alone, published checkpoints by both. A key that the log has not
named signs nothing. Keys change by an entry that the old and the new ones sign (`translog.keyring`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from dauys.errors import DatabaseRefused, KeysOutdated, KeysUnchanged, NoteInvalid, Refusal
from dauys.ledger import sqlite
from dauys.ledger.key_document import key_document
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import LogOpened, decode_leaf, encode_leaf
from dauys.ledger.log_leaves import LogKeys, LogSucceeded
from dauys.ledger.moments import moment_text
from dauys.ledger.places import Places
from dauys.ledger.tail import LogTail
from dauys.translog.keyring import DatedKey, KeyChange, Keyring
from dauys.translog.note import Signer, Verifier
from dauys.translog.signature_types import ED25519

ENDLESS = 1 << 62


def read_keyring(connection: sqlite3.Connection) -> Keyring:
    """The log's keys of all times, the present Ed25519 one first; those of logs that it continues for their own sizes."""
    past = sqlite.read_past(connection)
    starts, ends = [0, *(each.carried for each in past)], [*past, None]
    keys: list[DatedKey] = []
    for start, end in zip(starts, ends, strict=True):
        vkey = sqlite.read_tail(connection).vkey if end is None else end.vkey
        ring = _keyring(*_read(connection, start, end.carried if end else None), vkey)
        keys[:0] = [_between(key, start, end.size if end else None) for key in ring.keys]
    return Keyring(tuple(keys))


def _keyring(opened: list[Verifier], statements: list[str], vkey: str) -> Keyring:
    """Of the keys that a log's first own entry names, or else of the one that an older version noted."""
    changes = [KeyChange.open(statement) for statement in statements]
    return Keyring.follow(opened, changes) if opened or changes else Keyring.plain([Verifier.parse(vkey)])


def _between(key: DatedKey, start: int, size: int | None) -> DatedKey:
    """A key within the sizes that its own log had."""
    return DatedKey(key.verifier, max(key.above, start) if start else key.above, size if key.upto is None else key.upto)


def keys_document(connection: sqlite3.Connection) -> bytes | None:
    """What is published as KEYS; None where the keys never changed, and the first entry says all."""
    since = max((past.carried for past in sqlite.read_past(connection)), default=0)
    opened, statements = _read(connection, since, None)
    if not statements:
        return None
    return key_document(opened, statements)


def _read(connection: sqlite3.Connection, start: int, end: int | None) -> tuple[list[Verifier], list[str]]:
    """Of one log's own entries: the keys that the first names (none in a log of an older version), the statements of changes."""
    leaf = decode_leaf(sqlite.read_entries(connection, start, start + 1)[0])
    found = leaf.keys if isinstance(leaf, LogOpened | LogSucceeded) else []
    named = [] if isinstance(found, msgspec.UnsetType) else found
    try:
        rows = connection.execute(
            "SELECT entry FROM ledger_key_change JOIN ledger_entry USING (idx) WHERE idx >= ? AND idx < ? ORDER BY idx",
            (start, ENDLESS if end is None else end),
        )
        changes = [decode_leaf(entry) for (entry,) in rows]
    except sqlite3.OperationalError as error:
        raise DatabaseRefused(what=str(error)) from None
    return [Verifier.parse(vkey) for vkey in named], [each.statement for each in changes if isinstance(each, LogKeys)]


def signers_beside(connection: sqlite3.Connection, keys: Keys) -> list[Signer]:
    """Those of this installation's keys that sign published checkpoints beside the Ed25519 one."""
    present = set(read_keyring(connection).present)
    return [signer for signer in (keys.log_ml,) if signer is not None and signer.verifier in present]


def require_present(tail: sqlite.Tail, signer: Signer) -> None:
    """Refusal where the log's key was changed since this process began: what it would sign, nobody should believe."""
    if tail.vkey != signer.verifier.vkey:
        raise Refusal(why="the log's key was changed while this process ran. Start it again.")


def require_newest(ring: Keyring, directory: Path) -> None:
    """KeysOutdated where the log gave up the key in this folder, and the one that follows is not there."""
    key = Keys.load(directory).log.verifier
    ended = [dated.upto for dated in ring.keys if dated.verifier == key and dated.upto is not None]
    if ended and key not in ring.present and not any(Keys.is_next(directory, each.vkey) for each in ring.present):
        raise KeysOutdated(entry=ended[0])


def change_keys(places: Places, old: Keys, new: Keys, now: datetime) -> int:
    """Logs that the keys of `new` follow those of `old`, in one transaction; index of the entry.

    The caller holds the publisher's role, so that no one else signs checkpoints, and then puts the new keys in place.
    KeysUnchanged where a key that must sign the change is not here.
    """
    with closing(sqlite.connect(places.database)) as connection, sqlite.transaction(connection, places.database):
        log = LogTail(connection)
        tail = log.refresh()
        require_present(tail, old.log)
        until = read_keyring(connection).present
        change = KeyChange(tail.origin, tail.size, tuple(until), tuple(new.log_verifiers))
        statement = change.sign(_all_signers(until, old, new))
        leaf = LogKeys(moment=moment_text(now), statement=statement)
        try:
            KeyChange.open(statement)
        except NoteInvalid as error:
            raise KeysUnchanged(why=f"their change cannot be signed ({error}).") from None
        index = log.extend([encode_leaf(leaf)])
        note_change(connection, index, new.log.verifier)
    return index


def note_change(connection: sqlite3.Connection, index: int, present: Verifier) -> None:
    """The rows that go with a change of keys in entry `index`."""
    connection.execute("INSERT INTO ledger_key_change (idx) VALUES (?)", (index,))
    connection.execute("UPDATE ledger_log SET vkey = ? WHERE id = 1", (present.vkey,))


def refold_change(connection: sqlite3.Connection, index: int, leaf: LogKeys) -> None:
    """The same rows from a leaf alone, as when a database is made again from the public log."""
    since = KeyChange.open(leaf.statement).since
    note_change(connection, index, next(key for key in since if key.type is ED25519))


def _all_signers(until: Sequence[Verifier], old: Keys, new: Keys) -> list[Signer]:
    here = {signer.verifier: signer for keys in (old, new) for signer in (keys.log, keys.log_ml) if signer is not None}
    wanted = dict.fromkeys([*until, *new.log_verifiers])
    missing = [key.vkey[:80] for key in wanted if key not in here]
    if missing:
        raise KeysUnchanged(
            why=f"the private key of {', '.join(missing)} is not here, and must sign the change of keys."
        )
    return [here[key] for key in wanted]
