"""Checkpoints: what a log commits to at one size, as a signed note (c2sp.org/tlog-checkpoint v1.0.0).

    <origin>
    <size, decimal>
    <root, base64>

Extension lines are refused: the specification advises against them, and no monitor could audit them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dauys.errors import NoteInvalid
from dauys.translog.encoding import decode_base64, decode_decimal, encode_base64
from dauys.translog.merkle import HASH_SIZE, MAX_SIZE
from dauys.translog.note import UNWRITABLE, Signer, Verifier, open_note, sign_note

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log called `origin` had `size` entries under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or UNWRITABLE.search(self.origin):
            raise NoteInvalid(what="a checkpoint's origin is one line of plain text")
        if not 0 <= self.size <= MAX_SIZE:
            raise NoteInvalid(what="a checkpoint's size is from 0 to 2**63-1")
        if len(self.root) != HASH_SIZE:
            raise NoteInvalid(what=f"a checkpoint's root has {HASH_SIZE} bytes")

    def to_text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read exactly what `to_text` writes; NoteInvalid otherwise."""
        try:
            origin, size, root, end = text.split("\n")
            if end:
                raise ValueError("the last line is not ended")
            return cls(origin, decode_decimal(size), decode_base64(root))
        except ValueError as error:
            raise NoteInvalid(what="a checkpoint is three lines: origin, size and root") from error


def sign_checkpoint(signer: Signer, checkpoint: Checkpoint, *beside: Signer, time: int = 0) -> str:
    """The signed note; by its name the signer should be of the checkpoint's origin, as are keys `beside` it.

    `time` is in unix seconds, for those among the keys whose signatures state one.
    """
    return sign_note(checkpoint.to_text(), [signer, *beside], time)


def open_checkpoint(note: str | bytes, verifiers: Sequence[Verifier], origin: str | None = None) -> Checkpoint:
    """Verify a signed checkpoint; NoteInvalid otherwise.

    Without `origin`, a key named as the checkpoint's own origin must have signed it, so that no known key can speak for
    another log.
    """
    opened = open_note(note, verifiers)
    checkpoint = Checkpoint.parse(opened.text)
    if origin is not None and checkpoint.origin != origin:
        raise NoteInvalid(what=f"it is a checkpoint of {checkpoint.origin}, not of {origin}")
    if origin is None and checkpoint.origin not in opened.signed_by:
        raise NoteInvalid(what=f"the log {checkpoint.origin} itself did not sign it")
    return checkpoint
