"""Which letters of a round the mail server has taken already: a file, so that each need not wait for a commit of its own.

A mark is written at once after the server's yes, without a sync: it outlives the process, killed or not. A round that was cut off
is finished from the marks, so only the one letter between yes and mark can go twice. When the machine itself stops, marks
may be lost, and letters of one round (`mail.AT_ONCE`) may go twice: a sync for each would cost more than the letter.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = struct.Struct(">Q")


class HandedOver:
    """The marks of one installation, for the one process that has the worker's role; a context, closed after the round."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def read(self) -> list[int]:
        """Row ids of letters that went; a mark that was cut off is none."""
        size = os.fstat(self._file).st_size // NUMBER.size * NUMBER.size
        return [number for (number,) in NUMBER.iter_unpack(os.pread(self._file, size, 0))]

    def mark(self, number: int) -> None:
        """Letter `number` went."""
        os.write(self._file, NUMBER.pack(number))

    def clear(self) -> None:
        """The database has forgotten all of them; ids are never used again, so marks that stay do no harm."""
        os.ftruncate(self._file, 0)
