"""What stands in the public log: one versioned schema per kind of act, written as canonical JSON.

Canonical means RFC 8785 for the values used here: UTF-8, keys sorted, no white space, integers only. The schemas are
frozen as JSON Schema in docs/spec/schemas/; a test compares. A leaf holds no name, number or region of a person.
"""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from typing import Annotated, Literal

import msgspec

from dauys.errors import BadInput
from dauys.ledger import petition_leaves as life
from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.leaf_fields import Bytes32, Count, Hash, Hour, Language, Leaf, Moment, Subject, Tier
from dauys.ledger.log_leaves import LogClosed, LogKeys, LogRestored, LogSucceeded
from dauys.ledger.paper_leaf import PaperEntered
from dauys.ledger.vault_leaves import VAULT_KINDS, VaultLeaf
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn, WithdrawalsOpened


class LogOpened(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="log.opened"):
    """Always leaf 0: fixes the log's origin and whether it is a demo, for ever, and names its first keys."""

    mode: Literal["demo", "production"]
    opened: Moment
    origin: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    keys: (
        Annotated[
            list[Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]],
            msgspec.Meta(min_length=1, max_length=4, description="as name+hash+base64, the Ed25519 one first"),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    v: Literal[1] = 1


class PetitionOpened(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="petition.opened"):
    """A petition whose signing begins: its text by hash, its rules, and the public key of its pseudonyms."""

    addressee: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    age: Annotated[int, msgspec.Meta(ge=0, le=150, description="least age a signer declares, in years")]
    closes: Moment
    language: Language
    opens: Moment
    rules: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[a-z]+/[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="rule pack and the date it took effect"
        ),
    ]
    subject: Subject
    text_sha256: Hash
    threshold: Count
    tiers: Annotated[list[Tier], msgspec.Meta(min_length=1, description="trust tiers that the threshold sums")]
    title: Annotated[
        str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$")
    ]
    vrf: Annotated[Bytes32, msgspec.Meta(description="public key of c2sp.org/vrf-r255 for this subject's pseudonyms")]
    v: Literal[1] = 1


class PetitionSignature(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="petition.signature"):
    """One person's signature under one petition."""

    commitment: Annotated[
        Bytes32, msgspec.Meta(description="salted commitment to the envelope (docs/spec/envelope.md)")
    ]
    hour: Hour
    pseudonym: Annotated[Bytes32, msgspec.Meta(description="first half of the VRF output (docs/spec/pseudonym.md)")]
    subject: Subject
    tier: Tier
    v: Literal[1] = 1


AnyLeaf = (
    LogOpened
    | PetitionOpened
    | PetitionSignature
    | SignatureWithdrawn
    | WithdrawalsOpened
    | PaperEntered
    | ActsConfirmed
    | VaultLeaf
    | LogKeys
    | LogRestored
    | LogClosed
    | LogSucceeded
    | life.AnyStep
)
KINDS: tuple[type[AnyLeaf], ...] = (
    LogOpened, PetitionOpened, PetitionSignature, SignatureWithdrawn, WithdrawalsOpened, PaperEntered, ActsConfirmed, LogKeys, LogRestored,
    LogClosed, LogSucceeded, *VAULT_KINDS, *life.STEPS,
)  # fmt: skip

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[AnyLeaf] = msgspec.json.Decoder(AnyLeaf)


def encode_leaf(leaf: Leaf) -> bytes:
    """The canonical bytes of a leaf; these are hashed into the tree."""
    return _encoder.encode(leaf)


def decode_leaf(entry: bytes) -> AnyLeaf:
    """The leaf of these bytes; BadInput unless they fit a schema and are canonical to the byte."""
    try:
        leaf = _decoder.decode(entry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(what=f"no leaf of a known kind ({error})") from None
    if _encoder.encode(leaf) != entry:
        raise BadInput(what="the leaf is not in canonical form")
    return leaf


def to_text(value: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def from_text(value: str) -> bytes:
    """The bytes of base64url without padding; BadInput unless it is the one spelling of them."""
    try:
        decoded = b64decode(value + "=" * (-len(value) % 4), altchars="-_", validate=True)
    except ValueError:
        raise BadInput(what="no base64url") from None
    if to_text(decoded) != value:
        raise BadInput(what="no base64url in its one spelling")
    return decoded
