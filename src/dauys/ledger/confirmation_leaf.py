"""The act that makes signatures final: a range of entries, the revocation lists asked, and the exceptions by name."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from dauys.ledger.leaf_fields import Hash, Leaf, Moment

Index = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1, description="index of an entry of this log")]
MOST_EXCEPTIONS = 1000  # of one leaf, which must fit an entry of 65,535 bytes
MOST_LISTS = 64


class ListUsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One revocation list that was asked (RFC 5280 section 5), named so that a copy of it can be told from any other."""

    authority: Annotated[
        str,
        msgspec.Meta(pattern=r"^([0-9a-f]{2}){1,64}$", description="key identifier of the issuer in hex"),
    ]
    delta: Annotated[bool, msgspec.Meta(description="whether it tells the changes to a full list only")]
    number: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^(0|[1-9][0-9]{0,48})$", description="CRL number, decimal: up to 20 bytes, RFC 5280 section 5.2.3"
        ),
    ]
    sha256: Hash
    updated: Annotated[Moment, msgspec.Meta(description="thisUpdate of the list")]


class TakenBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signature that does not count: its key was revoked when it signed, or for a reason that voids it."""

    index: Index
    reason: Annotated[int, msgspec.Meta(ge=0, le=10, description="CRLReason, RFC 5280 section 5.3.1")]


class ActsConfirmed(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="acts.confirmed"):
    """Signatures from `first` to `last` are final but for the exceptions; `first` follows the `last` of the one before."""

    exceptions: Annotated[
        list[TakenBack], msgspec.Meta(max_length=MOST_EXCEPTIONS, description="ascending by index, each once")
    ]
    first: Index
    last: Index
    lists: Annotated[list[ListUsed], msgspec.Meta(max_length=MOST_LISTS)]
    v: Literal[1] = 1
