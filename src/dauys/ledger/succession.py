"""A successor log: the same tree goes on under a new name and a new key, for a new year or after a loss.

Entries, indices, receipts' places and rows stay what they are; old receipts hold under the old key. The old log ends with
`log.closed` and is signed once more; the successor's first entry, `log.succeeded`, names that last checkpoint. After a loss
the old log is never signed again, and the last checkpoint that anybody saw is named.

One transaction decides. What follows it (keys, files) is derived and may be repeated: `finish`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from dauys.errors import SuccessionForbidden
from dauys.ledger import sqlite
from dauys.ledger.durable import sync_folder, write_all_durably, write_durably
from dauys.ledger.key_document import KEYS
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import encode_leaf, to_text
from dauys.ledger.log_keys import read_keyring, require_present, signers_beside
from dauys.ledger.log_leaves import Final, LogClosed, LogSucceeded
from dauys.ledger.moments import moment_text
from dauys.ledger.opening import LOST
from dauys.ledger.places import Places
from dauys.ledger.publication import COUNTS, Publisher, published_files, read_published
from dauys.ledger.restore import resume
from dauys.ledger.roles import Role
from dauys.ledger.tail import LogTail
from dauys.ledger.text_files import FOLDER
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.note import Verifier

PAST = "past"  # under `public`, and linked from the log's own folder


def succeed(places: Places, keys: Keys, origin: str, now: datetime) -> None:
    """Decides and finishes; SuccessionForbidden where a server runs, or the name was used before."""
    role = Role(places.var / "publisher.lock")
    if not role.take():
        raise SuccessionForbidden(why="a server publishes this log. Stop it first")
    try:
        with closing(sqlite.connect(places.database)) as connection, sqlite.transaction(connection, places.database):
            _require_new_name(connection, origin)
            _decide(places, connection, keys, Keys.prepare_next(places.keys, origin), now)
    finally:
        role.close()
    finish(places)


def is_unfinished(places: Places) -> bool:
    """Whether a succession was decided and its keys or files do not say so yet."""
    with closing(sqlite.connect(places.database)) as connection:
        return Keys.is_next(places.keys, sqlite.read_tail(connection).vkey)


def _require_new_name(connection: sqlite3.Connection, name: str) -> None:
    if name in (sqlite.read_tail(connection).origin, *(past.origin for past in sqlite.read_past(connection))):
        raise SuccessionForbidden(why=f"{name} is or was the name of this log; a successor needs another")


def _decide(places: Places, connection: sqlite3.Connection, keys: Keys, new: Keys, now: datetime) -> None:
    log = LogTail(connection)
    tail = log.refresh()
    require_present(tail, keys.log)
    name, vkeys, moment = new.log.name, [key.vkey for key in new.log_verifiers], moment_text(now)
    note, final = _lost(places, connection, log)
    if final is None:
        log.extend([encode_leaf(LogClosed(moment=moment, successor=name, keys=vkeys))])
        final = Checkpoint(tail.origin, log.tree.size, log.tree.root())
        note = sign_checkpoint(keys.log, final, *signers_beside(connection, keys), time=int(now.timestamp()))
    row = (log.tree.size, tail.origin, tail.vkey, final.size, note)
    last = Final(origin=tail.origin, root=to_text(final.root), size=final.size, vkey=tail.vkey)
    log.extend([encode_leaf(LogSucceeded(final=last, moment=moment, origin=name, keys=vkeys))])
    connection.execute(
        "INSERT INTO ledger_past_log (carried, origin, vkey, size, checkpoint) VALUES (?, ?, ?, ?, ?)", row
    )
    connection.execute(
        "UPDATE ledger_log SET origin = ?, vkey = ?, published_size = 0, published_checkpoint = '' WHERE id = 1",
        (name, vkeys[0]),
    )


def _lost(places: Places, connection: sqlite3.Connection, log: LogTail) -> tuple[str, Checkpoint | None]:
    """After a loss, the last checkpoint that was public: the old log must not be signed again. Else ("", None)."""
    data = read_published(places.log, "checkpoint")
    if data is None:
        return "", None
    note = data.decode()
    public = read_keyring(connection).open(note, sqlite.read_tail(connection).origin)
    ours = public.size <= log.tree.size and log.tree.root_at(public.size) == public.root
    return (note, public) if (places.var / LOST).exists() or not ours else ("", None)


# ---- What follows the decision: safe to repeat ----


def finish(places: Places) -> Keys:
    """Brings public files and keys to what was decided, publishes, and lets the installation start; the keys.

    The keys come last: while the old ones are in place, a succession is known to be unfinished.
    """
    keys = Keys.following(places.keys)
    with closing(sqlite.connect(places.database)) as connection:
        past = sqlite.read_past(connection)
        if past:
            _keep_past(places, connection, past[-1])
            link_past(places, connection)
        ring, beside = read_keyring(connection), signers_beside(connection, keys)
    write_durably(places.vkeys, "".join(f"{key.vkey}\n" for key in ring.verifiers).encode())
    with closing(Publisher(places, keys.log, beside=beside)) as publisher:
        publisher.publish()
    resume(places)
    Keys.adopt_next(places.keys)
    return keys


def past_folder(places: Places, origin: str) -> Path:
    """Where the last checkpoint of a log that was succeeded is published: named by its origin, as mirrors do."""
    return places.public / PAST / hashlib.sha256(origin.encode()).hexdigest()


def _keep_past(places: Places, connection: sqlite3.Connection, past: sqlite.PastLog) -> None:
    """The old log stays readable: beside the new one by its last checkpoint, or whole where it had entries that are lost."""
    folder, verifier = past_folder(places, past.origin), Verifier.parse(past.vkey)
    if _is_of(read_published(places.log, "checkpoint"), verifier):
        if past.size > past.carried:
            _move_away(places.log, folder)
        else:
            files = published_files(connection, 0, past.size)
            write_all_durably((places.log / path, content) for path, content in files)
    shutil.rmtree(
        folder / FOLDER, ignore_errors=True
    )  # the successor publishes texts: one that is erased must go everywhere
    (folder / COUNTS).unlink(missing_ok=True)
    write_durably(folder / "checkpoint", past.checkpoint.encode())
    if _is_of(read_published(places.log, "checkpoint"), verifier):
        if (changes := read_published(places.log, KEYS)) is not None:
            write_durably(folder / KEYS, changes)
            (places.log / KEYS).unlink()
        (places.log / "checkpoint").unlink()


def _is_of(note: bytes | None, verifier: Verifier) -> bool:
    return note is not None and note.split(b"\n")[0] == verifier.name.encode()


def link_past(places: Places, connection: sqlite3.Connection) -> None:
    """A past log whose entries all stand in this one shows this one's tiles: the old tree is the beginning of the new."""
    if sqlite.read_past(connection) and not (places.log / PAST).is_symlink():
        places.log.mkdir(parents=True, exist_ok=True)
        (places.log / PAST).symlink_to(Path("..", PAST))
    for past in sqlite.read_past(connection):
        tiles = past_folder(places, past.origin) / "tile"
        if past.size <= past.carried and tiles.parent.is_dir() and not tiles.exists():
            tiles.symlink_to(Path(os.path.relpath(places.log / "tile", tiles.parent)))
            sync_folder(tiles.parent)


def _move_away(log: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    log.rename(folder)
    sync_folder(folder.parent)
    sync_folder(log.parent)
