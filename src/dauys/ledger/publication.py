"""Publishes the committed log as files: texts, entry bundles and tiles, then the checkpoint, then the counts at that size.

Files are immutable but for `checkpoint`, `counts.json` and texts that are withheld. Everything here is derived from the database in one
consistent view and may be repeated: a crash between two files leaves an older checkpoint that still holds, and the next
run (the same code) writes the rest. Counts never run ahead of the checkpoint.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from dauys.ledger import sqlite
from dauys.ledger.durable import write_all_durably, write_durably
from dauys.ledger.places import Places
from dauys.ledger.published_counts import Moves, counts_document, make_public, read_counts, read_moves
from dauys.ledger.roles import Role
from dauys.ledger.text_files import PublicText, read_waiting, settle, write_texts
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.note import Signer
from dauys.translog.tiles import TILE_WIDTH, bundle, entries_path, tile_path

COUNTS = "counts.json"


class Publisher:
    """The one publisher of an installation; `lock` says whether this process is it."""

    def __init__(self, places: Places, signer: Signer) -> None:
        self.places, self.signer = places, signer
        self.connection = sqlite.connect(places.database)
        self._role = Role(places.var / "publisher.lock")

    def lock(self) -> bool:
        """Takes the publisher's role for this process's life; false while another process has it."""
        return self._role.take()

    def close(self) -> None:
        """Gives the role and the connection back."""
        self.connection.close()
        self._role.close()

    def waiting(self) -> int:
        """How many committed entries are not public yet."""
        tail = sqlite.read_tail(self.connection)
        return tail.size - tail.published_size

    def publish(self) -> int:
        """Brings the public files to the committed size and returns it."""
        with sqlite.snapshot(self.connection):
            tail = sqlite.read_tail(self.connection)
            counts = read_counts(self.connection)
            moves = read_moves(self.connection)
            texts = read_waiting(self.connection)
            write_texts(self.places.log, texts)
            if tail.published_size < tail.size:
                self._write_tiles(tail.published_size, tail.size)
        note = sign_checkpoint(self.signer, Checkpoint(tail.origin, tail.size, tail.root))
        write_durably(self.places.log / "checkpoint", note.encode())
        write_durably(self.places.log / COUNTS, counts_document(tail.size, *counts))
        self._record(tail.size, note, moves, texts)
        return tail.size

    def _write_tiles(self, old: int, size: int) -> None:
        """Writes what changed, then takes away the partial forms of what is full."""
        full = list[str]()

        def files() -> Iterator[tuple[Path, bytes]]:
            for path, content in published_files(self.connection, old, size):
                if not path.rpartition("/")[0].endswith(".p"):
                    full.append(path)
                yield self.places.log / path, content

        write_all_durably(files())
        for path in full:  # a full tile stands: its partial forms may go (c2sp.org/tlog-tiles)
            shutil.rmtree(self.places.log / f"{path}.p", ignore_errors=True)

    def _record(self, size: int, note: str, moves: Moves, texts: list[PublicText]) -> None:
        """Moves the published numbers that pages show to what the files now hold."""
        with sqlite.transaction(self.connection, self.places.database):
            settle(self.connection, texts)
            self.connection.execute(
                "UPDATE ledger_log SET published_size = ?, published_checkpoint = ? WHERE id = 1 AND published_size <= ?",
                (size, note, size),
            )
            make_public(self.connection, moves)


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
