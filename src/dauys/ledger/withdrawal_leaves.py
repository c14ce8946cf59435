"""The withdrawal of one's signature as it stands in the public log: hidden by a salt until signing is over, then opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from dauys.ledger.leaf_fields import Bytes32, Hour, Leaf, Moment, Subject, Tier
from dauys.ledger.petition_leaves import Evidence

COMMITMENT_LABEL = b"dauys/withdrawal-commitment/v1\n"
SALT_SIZE = 32
MOST_OPENED = 500  # of one leaf, which must fit an entry of 65,535 bytes


class SignatureWithdrawn(
    Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="petition.signature-withdrawn"
):
    """One signature of this tier counts no more; whose, nobody can tell before the opening."""

    commitment: Evidence
    hour: Hour
    subject: Subject
    tier: Annotated[Tier, msgspec.Meta(description="of the signature that is withdrawn")]
    withdrawn: Annotated[
        Bytes32, msgspec.Meta(description="salted commitment to the signature's pseudonym (docs/spec/withdrawal.md)")
    ]
    v: Literal[1] = 1


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a withdrawal was committed to."""

    pseudonym: Bytes32
    salt: Bytes32


class WithdrawalsOpened(
    Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="petition.withdrawals-opened"
):
    """Signing is over: whose signatures were withdrawn, so that anyone can recount."""

    moment: Moment
    opened: Annotated[
        list[Opening], msgspec.Meta(min_length=1, max_length=MOST_OPENED, description="ascending by pseudonym")
    ]
    subject: Subject
    v: Literal[1] = 1


def withdrawal_commitment(pseudonym: bytes, salt: bytes) -> bytes:
    """SHA-256 of label, 32-byte salt and 32-byte pseudonym: hiding by the salt, binding by the hash."""
    return hashlib.sha256(COMMITMENT_LABEL + salt + pseudonym).digest()


@dataclass
class Withdrawals:
    """The withdrawals of one petition as an auditor replays them; tiers by what is not opened yet."""

    hidden: dict[bytes, str] = field(default_factory=dict)  # by commitment
    opened: set[bytes] = field(default_factory=set)  # pseudonyms

    def hide(self, commitment: bytes, tier: str) -> Iterator[tuple[str, dict[str, str]]]:
        """One more; what is wrong with it: codes of findings with their facts."""
        if commitment in self.hidden:
            yield "withdrawal-twice", {}
        self.hidden[commitment] = tier

    def open(self, pseudonym: bytes, salt: bytes, signed: str | None) -> Iterator[tuple[str, dict[str, str]]]:
        """One is opened; `signed` is the tier of the signature that stands for this pseudonym."""
        tier = self.hidden.pop(withdrawal_commitment(pseudonym, salt), None)
        if tier is None:
            yield "opening-of-none", {}
        elif signed != tier:
            yield "opening-of-another", {"tier": tier, "found": signed or "none"}
        elif pseudonym in self.opened:
            yield "opening-twice", {}
        self.opened.add(pseudonym)
