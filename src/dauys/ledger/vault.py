"""The vault's rows: where each sealed envelope is, and the small wrapped key without which it is noise."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from dauys.ledger.envelope import Sealed
from dauys.ledger.segments import Place, SegmentWriter, folder_of, read
from dauys.ledger.sqlite import insert


def write_envelopes(connection: sqlite3.Connection, writer: SegmentWriter, rows: Sequence[tuple[int, Sealed]]) -> None:
    """Keeps (index, sealed) inside the caller's transaction; `writer.sync` must come before its COMMIT."""
    keep_ciphertexts(connection, writer, [(index, sealed.ciphertext) for index, sealed in rows])
    insert(connection, "ledger_envelope_key", ("idx", "wrapped"), [(index, sealed.wrapped) for index, sealed in rows])


def keep_ciphertexts(
    connection: sqlite3.Connection, writer: SegmentWriter, envelopes: Sequence[tuple[int, bytes]]
) -> None:
    """As `write_envelopes`, without the keys."""
    places = [(index, *place) for index, place in writer.append(envelopes)]
    insert(connection, "ledger_envelope", ("idx", "segment", "offset", "length"), places)


def write_envelope(connection: sqlite3.Connection, index: int, sealed: Sealed) -> None:
    """Keeps one inside an office's transaction; it is on disk when this returns."""
    with closing(SegmentWriter(connection)) as writer:
        write_envelopes(connection, writer, [(index, sealed)])
        writer.sync()


def read_envelope(connection: sqlite3.Connection, index: int) -> tuple[bytes, bytes] | None:
    """(wrapped key, ciphertext), None where the key was erased; BadInput where the segment is damaged."""
    row = connection.execute(
        "SELECT wrapped, segment, offset, length FROM ledger_envelope JOIN ledger_envelope_key USING (idx) WHERE idx = ?",
        (index,),
    ).fetchone()
    return None if row is None else (row[0], read(folder_of(connection), index, Place(*row[1:])))
