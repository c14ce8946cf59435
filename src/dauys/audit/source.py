"""Where a public log is read from, as the audit knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from dauys.translog.audit import Gather


@dataclass(frozen=True, slots=True)
class Withheld:
    """A text that is not shown any more, and the code of the reason."""

    reason: str


class Source(Protocol):
    """Reads a published log; FileRejected or Unreachable where something is missing."""

    name: str
    gather: Gather  # how many files are read best

    @property
    def portal(self) -> str:
        """The portal's address, or empty where there is none: reports link to it."""

    def read(self, path: str) -> bytes:
        """A file of the log by its path under the log's prefix."""

    def text(self, sha256: str) -> bytes | Withheld | None:
        """A public text by its hash, or None where there is none."""

    def shown(self, subject: str) -> list[Shown]:
        """Every count of a subject that people and programs are shown; none where there is no portal."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page or file shows: all signatures and final ones, and the tree size that it names, if it names one."""

    where: str
    size: int | None
    signatures: int
    final: int | None


def numbers(table: dict[str, Any], *names: str) -> list[int]:
    """Whole numbers of a JSON object by name; ValueError."""
    found = [table.get(name) for name in names]
    if not all(type(number) is int for number in found):
        raise ValueError(", ".join(names))
    return found  # type: ignore[return-value]
