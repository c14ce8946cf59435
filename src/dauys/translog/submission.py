"""What a log sends to a witness, and how the answer reads (c2sp.org/tlog-witness v1.0.0, `add-checkpoint`).

old <size>
<base64 hash> ...               consistency proof from the old size, at most 63 lines
                                empty line
<signed checkpoint, verbatim>
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from dauys.errors import SubmissionMalformed
from dauys.translog.encoding import decode_base64, decode_decimal, encode_base64
from dauys.translog.merkle import HASH_SIZE

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"  # of the body of 409: the size that the witness holds
OLD = "old "
MAX_HASHES = 63
MAX_SUBMISSION = 1 << 20  # bytes, a checkpoint of 100 ML-DSA signatures included


@dataclass(frozen=True, slots=True)
class Submission:
    """A signed checkpoint, and the proof that it extends the tree of `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def to_text(self) -> str:
        """The body of the request."""
        return "\n".join([f"{OLD}{self.old}", *map(encode_base64, self.proof)]) + f"\n\n{self.checkpoint}"

    @classmethod
    def parse(cls, data: bytes) -> Submission:
        """Read exactly what `to_text` writes, verifying nothing; SubmissionMalformed otherwise."""
        if len(data) > MAX_SUBMISSION:
            raise SubmissionMalformed(what=f"it is longer than {MAX_SUBMISSION} bytes")
        try:
            head, separator, checkpoint = data.decode().partition("\n\n")
            first, *lines = head.split("\n")
            if not separator or not first.startswith(OLD):
                raise ValueError("no old size or no empty line")
            old, proof = decode_decimal(first.removeprefix(OLD)), tuple(map(decode_base64, lines))
        except ValueError as error:
            raise SubmissionMalformed(what="it is not an old size, a proof, an empty line and a checkpoint") from error
        if len(proof) > MAX_HASHES or any(len(hash_) != HASH_SIZE for hash_ in proof):
            raise SubmissionMalformed(what=f"its proof is not of at most {MAX_HASHES} hashes of {HASH_SIZE} bytes")
        return cls(old, proof, checkpoint)


def parse_size(body: bytes) -> int:
    """The size in the body of a 409; ValueError where it is none."""
    text = body.decode("ascii")
    if not text.endswith("\n"):
        raise ValueError("the line is not ended")
    return decode_decimal(text[:-1])


def latest_path(origin: str) -> str:
    """Where a witness shows the latest checkpoint that it cosigned of a log."""
    return f"/{sha256(origin.encode()).hexdigest()}/checkpoint"
