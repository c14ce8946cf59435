"""The fields that leaves are made of, and their common base."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Subject = Annotated[
    str, msgspec.Meta(pattern=r"^[a-z]+/[1-9][0-9]{0,17}$", description="kind and number, as in the page's address")
]
Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hex")]
# The last letter carries four bits, its other two are zero: one value has one spelling, or a person could be counted twice.
Bytes32 = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$",
        description="32 bytes, base64url without padding (RFC 4648 section 5)",
    ),
]
Hour = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z$",
        description="the UTC hour of admission; nothing finer is public",
    ),
]
Moment = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", description="RFC 3339, UTC")
]
Tier = Literal["desktop", "mobile", "paper", "email", "outside"]
Language = Literal["kk", "ru", "en"]
Count = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Day = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="a calendar day of the country: its end counts"),
]
Code = Annotated[
    str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="a code of the rule pack")
]
Rules = Annotated[
    str,
    msgspec.Meta(pattern=r"^[a-z]+/[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="rule pack and the date it took effect"),
]
Text = Annotated[Hash, msgspec.Meta(description="SHA-256 in hex of a public text, served at /log/text/<hash>")]
Staff = Annotated[int, msgspec.Meta(ge=1, le=2**31, description="an official's number in this installation")]
One = Annotated[list[Staff], msgspec.Meta(min_length=1, max_length=1)]
Two = Annotated[list[Staff], msgspec.Meta(min_length=2, max_length=2, description="two different officials")]


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """Common base; the tag is the act's kind."""
