"""Sealed envelopes on disk: append-only segment files, durable before the batch that names them is committed.

docs/spec/envelope.md is the frozen format. The database decides what counts: it names each envelope's place and how many
bytes of each segment are its own. What a crash or a rolled-back batch left behind that end is cut off by the next batch; a
segment that is shorter than the database says lost evidence, and nothing is written behind the loss.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from dauys.errors import BadInput, VaultDamaged
from dauys.ledger import faults
from dauys.ledger.durable import sync_folder

MAGIC = b"dauys-segment/v1\n"
HEAD = struct.Struct(">QII")  # entry's index, length of the ciphertext, CRC-32 of both and of the ciphertext
FULL = 64 * 2**20  # bytes after which the next batch begins a new segment: one file of a backup


class Place(NamedTuple):
    """Where an envelope is: the segment's number, the record's first byte, the ciphertext's length."""

    segment: int
    offset: int
    length: int


def folder_of(connection: sqlite3.Connection) -> Path:
    """The segments' folder, beside the database."""
    return Path(connection.execute("PRAGMA database_list").fetchone()[2]).parent / "vault"


def path_of(folder: Path, segment: int) -> Path:
    """The file of a segment: `00000001.seg`."""
    return folder / f"{segment:08d}.seg"


def record(index: int, ciphertext: bytes) -> bytes:
    """One envelope as it stands in a segment."""
    return _head(index, ciphertext) + ciphertext


def _head(index: int, ciphertext: bytes) -> bytes:
    checked = zlib.crc32(ciphertext, zlib.crc32(struct.pack(">QI", index, len(ciphertext))))
    return HEAD.pack(index, len(ciphertext), checked)


def read(folder: Path, index: int, place: Place) -> bytes:
    """The ciphertext of an entry; BadInput where the file is missing or holds something else."""
    try:
        with path_of(folder, place.segment).open("rb", buffering=0) as file:
            data = os.pread(file.fileno(), HEAD.size + place.length, place.offset)
    except OSError:
        raise BadInput(what=f"vault segment {place.segment} cannot be read") from None
    ciphertext = data[HEAD.size :]
    if len(ciphertext) != place.length or data[: HEAD.size] != _head(index, ciphertext):
        raise BadInput(what=f"vault segment {place.segment} is damaged at byte {place.offset}")
    return ciphertext


def scan(data: bytes) -> Iterator[tuple[int, Place]]:
    """(index, place in segment 0) of every whole record of a segment's bytes, up to the first that is torn."""
    if not data.startswith(MAGIC):
        raise BadInput(what="no vault segment")
    offset = len(MAGIC)
    while offset + HEAD.size <= len(data):
        index, length, _ = HEAD.unpack_from(data, offset)
        ciphertext = data[offset + HEAD.size : offset + HEAD.size + length]
        if data[offset : offset + HEAD.size] != _head(index, ciphertext):
            return
        yield index, Place(0, offset, length)
        offset += HEAD.size + length


def check_segments(connection: sqlite3.Connection) -> None:
    """VaultDamaged where a segment is missing or shorter than what was committed."""
    folder = folder_of(connection)
    for number, size in connection.execute("SELECT number, size FROM ledger_segment").fetchall():
        path = path_of(folder, number)
        there = path.stat().st_size if path.exists() else 0
        if there < size:
            raise VaultDamaged(what=f"{path} has {there} of {size} bytes")


class SegmentWriter:
    """Appends inside the caller's write transaction, whose lock makes it the only writer. `sync` comes before COMMIT."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._folder = connection, folder_of(connection)
        self._number, self._handle, self._unsynced = 0, -1, False

    def append(self, envelopes: Sequence[tuple[int, bytes]]) -> list[tuple[int, Place]]:
        """Writes (index, ciphertext) and notes the segment's new end; nothing is durable before `sync`."""
        number, size = self._end()
        self._open(number, size)
        records, places, end = [], [], size
        for index, ciphertext in envelopes:
            places.append((index, Place(number, end, len(ciphertext))))
            records.append(record(index, ciphertext))
            end += len(records[-1])
        self._write(b"".join(records), size)
        faults.reach("after-segment")
        self._connection.execute("UPDATE ledger_segment SET size = ? WHERE number = ?", (end, number))
        return places

    def sync(self) -> None:
        """What was appended is on disk. After an error nothing of it may be committed (`storage`)."""
        if not self._unsynced:
            return
        faults.reach("before-segment-sync")
        os.fdatasync(self._handle)
        self._unsynced = False

    def close(self) -> None:
        """Gives the file back."""
        if self._handle >= 0:
            os.close(self._handle)
        self._number, self._handle, self._unsynced = 0, -1, False

    def _end(self) -> tuple[int, int]:
        """The segment to write and its committed size; a new one where the last is full."""
        number, size = self._connection.execute(
            "SELECT number, size FROM ledger_segment ORDER BY number DESC LIMIT 1"
        ).fetchone() or (0, FULL)
        if size < FULL:
            return number, size
        self._connection.execute("INSERT INTO ledger_segment (number, size) VALUES (?, ?)", (number + 1, len(MAGIC)))
        return number + 1, len(MAGIC)

    def _open(self, number: int, size: int) -> None:
        """Opens it where it is not open yet, and brings it to the size that the database knows."""
        if number != self._number:
            self.close()
            self._handle, self._number = self._opened(number, new=size == len(MAGIC)), number
        there = os.fstat(self._handle).st_size
        if there < size:
            raise VaultDamaged(what=f"{path_of(self._folder, number)} has {there} of {size} bytes")
        if there > size:
            os.ftruncate(self._handle, size)

    def _opened(self, number: int, *, new: bool) -> int:
        path = path_of(self._folder, number)
        if not new:
            try:
                return os.open(path, os.O_RDWR)
            except OSError:
                raise VaultDamaged(what=f"{path} cannot be opened") from None
        self._folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(handle, MAGIC, 0)
        sync_folder(self._folder)
        sync_folder(self._folder.parent)
        if number > 1:
            path_of(self._folder, number - 1).chmod(0o400)  # a reminder: nobody writes it again
        return handle

    def _write(self, data: bytes, offset: int) -> None:
        self._unsynced, left = True, memoryview(data)
        while left:
            written = os.pwrite(self._handle, left, offset)
            left, offset = left[written:], offset + written
