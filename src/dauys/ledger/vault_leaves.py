"""What becomes of private evidence, of keys and of public texts, as it stands in the public log. None of it names a person."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from dauys.ledger.leaf_fields import Bytes32, Count, Hash, Leaf, Moment, Subject, Text, Two

COMMITMENT_LABEL = b"dauys/erasure-commitment/v1\n"
SALT_SIZE = 32
Order = Annotated[
    str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$", description="SHA-256 in hex of the court order's text, or empty")
]


class EvidenceErased(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="evidence.erased"):
    """The evidence of some acts can be opened no more. Which, is hidden: the acts of one person would be linked by it."""

    count: Count
    erased: Annotated[
        Bytes32, msgspec.Meta(description="salted commitment to the entries' indices (docs/spec/envelope.md)")
    ]
    moment: Moment
    order: Order
    reason: Literal["asked", "court-order"]
    v: Literal[1] = 1


class TextErased(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="text.erased"):
    """A public text or file is shown no more, here and on conforming mirrors; its hash and this reason stay."""

    moment: Moment
    officials: Two
    order: Order
    reason: Literal["personal-data", "court-order"]
    text: Text
    v: Literal[1] = 1


class KeysDestroyed(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="subject.keys-destroyed"):
    """After its legal term: the subject's pseudonyms are random bytes now, and its evidence opens for nobody."""

    moment: Moment
    subject: Subject
    v: Literal[1] = 1


class EvidenceExported(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="evidence.exported"):
    """The evidence of some acts was handed out, opened, to whoever had the right to order it."""

    count: Count
    moment: Moment
    order: Annotated[Hash, msgspec.Meta(description="SHA-256 in hex of the order's text")]
    v: Literal[1] = 1


class AuditorsNamed(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="auditors.named"):
    """From here on any `threshold` of these auditors together can open evidence, and check it without the operator."""

    keys: Annotated[
        list[Bytes32], msgspec.Meta(min_length=1, max_length=20, description="X25519 public keys (RFC 7748)")
    ]
    moment: Moment
    threshold: Annotated[int, msgspec.Meta(ge=1, le=20)]
    v: Literal[1] = 1


VaultLeaf = EvidenceErased | TextErased | KeysDestroyed | EvidenceExported | AuditorsNamed
VAULT_KINDS: tuple[type[VaultLeaf], ...] = (EvidenceErased, TextErased, KeysDestroyed, EvidenceExported, AuditorsNamed)


def erasure_commitment(indices: Iterable[int], salt: bytes) -> bytes:
    """SHA-256 of label, 32-byte salt and the indices, ascending, each as u64 big-endian."""
    listed = b"".join(struct.pack(">Q", index) for index in sorted(indices))
    return hashlib.sha256(COMMITMENT_LABEL + salt + listed).digest()


def erased_texts(leaves: Iterable[object]) -> dict[str, TextErased]:
    """Texts and files by hash that are to be dropped by whoever keeps a copy: hash and tombstone stay. For mirrors."""
    return {leaf.text: leaf for leaf in leaves if isinstance(leaf, TextErased)}
