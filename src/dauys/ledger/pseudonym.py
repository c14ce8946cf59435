"""One person, one act per subject: a pseudonym that only the subject's key can make and anyone it is shown to can check.

docs/spec/pseudonym.md is the frozen specification. The person is never stored: `iin|…` for every tier that knows the
personal number (paper included), `email|…` for the e-mail tier.
"""

from __future__ import annotations

from dauys.translog import vrf

LABEL = b"dauys/pseudonym/v1\n"
SIZE = 32  # bytes of the 64-byte VRF output that stand in a leaf: 256 bits, collision-free for any population


def alpha(subject: str, person: str) -> bytes:
    """The VRF's input for a person (`iin|…`, `email|…`) under a subject (`petition/12`)."""
    return LABEL + subject.encode() + b"\n" + person.encode()


def pseudonym(secret: bytes, subject: str, person: str, public: bytes | None = None) -> bytes:
    """32 bytes; the same person under the same subject and key always gets the same ones. `public` saves deriving it."""
    return vrf.output(secret, alpha(subject, person), public)[:SIZE]


def prove(secret: bytes, subject: str, person: str) -> tuple[bytes, bytes]:
    """(pseudonym, 80-byte proof): for the person only; with it, a guessed number can be confirmed."""
    output, proof = vrf.prove(secret, alpha(subject, person))
    return output[:SIZE], proof


def check(public: bytes, subject: str, person: str, proof: bytes) -> bytes:
    """The one pseudonym this person can have under this subject; ProofInvalid if the proof does not hold."""
    return vrf.verify(public, alpha(subject, person), proof)[:SIZE]
