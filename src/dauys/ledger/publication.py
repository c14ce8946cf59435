"""Publishes the committed log as files: texts, entry bundles and tiles, then the checkpoint, then the counts at that size.

Files are immutable but for `checkpoint`, `counts.json` and texts that are withheld. Everything here is derived from the database in one
consistent view and may be repeated: a crash between two files leaves an older checkpoint that still holds, and the next
run (the same code) writes the rest, also where the folder was lost. Counts never run ahead of the checkpoint.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from dauys.errors import ForkRefused, NoteInvalid
from dauys.ledger import faults, sqlite
from dauys.ledger.cosigned import Cosigners, with_log, write_states
from dauys.ledger.durable import write_all_durably, write_durably
from dauys.ledger.key_document import KEYS
from dauys.ledger.log_keys import keys_document, read_keyring, require_present
from dauys.ledger.partials import Partials
from dauys.ledger.places import Places
from dauys.ledger.published_counts import Moves, counts_document, make_public, read_counts, read_moves
from dauys.ledger.roles import Role
from dauys.ledger.tail import LogTail
from dauys.ledger.text_files import PublicText, read_all, read_waiting, settle, write_texts
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.keyring import Keyring
from dauys.translog.note import Signer, split_note
from dauys.translog.tiles import TILE_WIDTH, TileTree, bundle, entries_path, tile_path

logger = logging.getLogger(__name__)

COUNTS = "counts.json"
POLICY = "policy"  # whom this log asks to cosign, for whoever wants to compare it with whom they believe


class Publisher:
    """The one publisher of an installation; `lock` says whether this process is it."""

    def __init__(
        self, places: Places, signer: Signer, cosigners: Cosigners | None = None, beside: Sequence[Signer] = ()
    ) -> None:
        """`cosigners` ask the witnesses; without them the log signs alone, with `signer` and the keys `beside` it."""
        self.places, self.signer, self._cosigners, self._beside = places, signer, cosigners, beside
        self.connection = sqlite.connect(places.database)
        self.partials = Partials(places.log)
        self._log = LogTail(self.connection)
        self._role = Role(places.var / "publisher.lock")

    def lock(self) -> bool:
        """Takes the publisher's role for this process's life; false while another process has it."""
        return self._role.take()

    def close(self) -> None:
        """Gives the role and the connection back."""
        if self._cosigners:
            self._cosigners.close()
        self.connection.close()
        self._role.close()

    def waiting(self) -> int:
        """How many committed entries are not public yet."""
        tail = sqlite.read_tail(self.connection)
        return tail.size - tail.published_size

    def is_behind(self) -> bool:
        """Whether the folder lacks what was published before, as after it was lost or a new disk took its place."""
        note, tail = read_published(self.places.log, "checkpoint") or b"", sqlite.read_tail(self.connection)
        return note.split(b"\n")[1:2] != [b"%d" % tail.published_size] and bool(tail.published_size)

    def collect(self) -> None:
        """Takes away partial forms whose full ones have stood long enough."""
        self.partials.collect(time.time())

    def publish(self) -> int:
        """Brings the public files to the committed size and returns it; ForkRefused where others published here."""
        with sqlite.snapshot(self.connection):
            tail = self._log.refresh()
            require_present(tail, self.signer)
            keys = keys_document(self.connection)
            public = public_size(self.places.log, read_keyring(self.connection), self._log.tree)
            old = min(tail.published_size, public)
            counts = read_counts(self.connection)
            moves = read_moves(self.connection)
            texts = read_waiting(self.connection) if public else read_all(self.connection)
            write_texts(self.places.log, texts)
            faults.reach("after-texts")
            if old < tail.size:
                self._write_tiles(old, tail.size)
            faults.reach("after-public-tiles")
        checkpoint = Checkpoint(tail.origin, tail.size, tail.root)
        note = sign_checkpoint(self.signer, checkpoint, *self._beside, time=int(time.time()))
        note = self._cosigned(note, tail.published_checkpoint)
        faults.reach("after-witnesses")
        self._publish_policy()
        if keys is not None:
            self._publish_changed(KEYS, keys)
        write_durably(self.places.log / "checkpoint", note.encode())
        faults.reach("after-checkpoint")
        write_durably(self.places.log / COUNTS, counts_document(tail.size, *counts))
        faults.reach("after-public-counts")
        self._record(tail.size, note, moves, texts)
        return tail.size

    def renew(self) -> bool:
        """Adds to the published checkpoint what it lacks: lines of our own keys, and of witnesses; whether any was asked for."""
        if self.is_behind():
            return False
        with sqlite.snapshot(self.connection):
            tail = self._log.refresh()
        require_present(tail, self.signer)
        self._publish_policy()
        published = tail.published_checkpoint
        note = published and self._with_own_lines(published)
        is_due = bool(published and self._cosigners and self._cosigners.is_due(published, time.time()))
        if note == published and not is_due:
            return False
        note = self._cosigned(note, published) if is_due else note
        write_durably(self.places.log / "checkpoint", note.encode())
        with sqlite.transaction(self.connection, self.places.database):
            self.connection.execute("UPDATE ledger_log SET published_checkpoint = ? WHERE id = 1", (note,))
            if self._cosigners:
                write_states(self.connection, self._cosigners.states())
        return True

    def _with_own_lines(self, note: str) -> str:
        """A checkpoint that was published by fewer of our keys, as one of an older version or of a command."""
        text, lines = split_note(note)
        there = {(line.name, line.key_id) for line in lines}
        if (self.signer.name, self.signer.verifier.key_id) not in there:
            return note  # of the time before a change of keys: only that time's keys sign it
        missing = (key for key in self._beside if (key.name, key.verifier.key_id) not in there)
        return note + "".join(key.line(text, int(time.time())) for key in missing)

    def _cosigned(self, note: str, published: str) -> str:
        """The checkpoint with its witnesses' lines. What it covers is on disk already, whatever happens here.

        A crash after a witness answered leaves it ahead of the published checkpoint, never of the database.
        """
        if self._cosigners is None:
            return note
        try:
            return self._cosigners.cosign(note, published, self._log.tree)
        except Exception:
            # Fail-open: whatever is wrong with witnesses, what was acknowledged becomes public.
            logger.exception("the witnesses could not be asked")
            return note

    def _publish_policy(self) -> None:
        """The log's own key and its witnesses, as one policy; written where it changed."""
        if self._cosigners is None:
            return
        content = (
            with_log(self._cosigners.policy, *(key.verifier for key in (self.signer, *self._beside))).to_text().encode()
        )
        self._publish_changed(POLICY, content)

    def _publish_changed(self, name: str, content: bytes) -> None:
        if read_published(self.places.log, name) != content:
            write_durably(self.places.log / name, content)

    def _write_tiles(self, old: int, size: int) -> None:
        """Writes what changed; the partial forms of what is full go later."""
        full = list[str]()

        def files() -> Iterator[tuple[Path, bytes]]:
            for path, content in published_files(self.connection, old, size):
                if not path.rpartition("/")[0].endswith(".p"):
                    full.append(path)
                yield self.places.log / path, content

        write_all_durably(files())
        for path in full:
            self.partials.filled(path)

    def _record(self, size: int, note: str, moves: Moves, texts: list[PublicText]) -> None:
        """Moves the published numbers that pages show to what the files now hold."""
        with sqlite.transaction(self.connection, self.places.database):
            settle(self.connection, texts)
            self.connection.execute(
                "UPDATE ledger_log SET published_size = ?, published_checkpoint = ? WHERE id = 1 AND published_size <= ?",
                (size, note, size),
            )
            make_public(self.connection, moves)
            if self._cosigners:
                write_states(self.connection, self._cosigners.states())


def public_size(log: Path, keyring: Keyring, tree: TileTree) -> int:
    """Size of the public checkpoint, 0 where there is none; ForkRefused unless it is ours and `tree` grew out of it."""
    note = read_published(log, "checkpoint")
    if note is None:
        return 0
    try:
        public = keyring.open(note.decode(), keyring.present[0].name)
    except (NoteInvalid, UnicodeDecodeError) as error:
        raise ForkRefused(what=f"the public checkpoint is not ours: {error}") from None
    if public.size > tree.size:
        raise ForkRefused(what=f"public size {public.size}, here {tree.size}")
    if tree.root_at(public.size) != public.root:
        raise ForkRefused(what=f"at size {public.size} the public root differs")
    return public.size


def published_files(connection: sqlite3.Connection, old: int, size: int) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every bundle and tile that differs between a tree of `old` and of `size` entries."""
    for number, width in changed_tiles(old, size, 0):
        entries = sqlite.read_entries(connection, number * TILE_WIDTH, number * TILE_WIDTH + width)
        yield entries_path(number, width), bundle(entries)
    level = 0
    while size >> (8 * level):
        for number, width in changed_tiles(old, size, level):
            yield tile_path(level, number, width), sqlite.read_tile(connection, level, number)[: 32 * width]
        level += 1


def changed_tiles(old: int, size: int, level: int) -> Iterator[tuple[int, int]]:
    """(number, width) of the tiles of a level that a growing tree fills or widens; a level has size // 256^level hashes."""
    before, after = old >> (8 * level), size >> (8 * level)
    for number in range(before // TILE_WIDTH, -(-after // TILE_WIDTH)):
        width = min(after - number * TILE_WIDTH, TILE_WIDTH)
        if number * TILE_WIDTH + width > before:
            yield number, width


def read_published(folder: Path, name: str) -> bytes | None:
    """A published file, or None where there is none yet."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None
