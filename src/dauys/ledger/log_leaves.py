"""What a log says about itself: that evidence was lost with a database, that it ends, that it goes on under another name."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from dauys.ledger.confirmation_leaf import Index
from dauys.ledger.leaf_fields import Bytes32, Count, Leaf, Moment


class LogKeys(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="log.keys"):
    """The log's keys change: from this entry on others sign its checkpoints (docs/spec/log.md, "Keys over time")."""

    moment: Moment
    statement: Annotated[
        str,
        msgspec.Meta(min_length=1, max_length=60_000, description="signed by the keys that end and those that begin"),
    ]
    v: Literal[1] = 1


class LogRestored(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="log.restored"):
    """A backup was restored: entries from `first` to `last` came back from the published log, their evidence did not."""

    first: Index
    last: Annotated[Index, msgspec.Meta(description="index of the last entry that the backup lacked")]
    moment: Moment
    v: Literal[1] = 1


Origin = Annotated[
    str, msgspec.Meta(min_length=1, max_length=200, description="name of a log, as its checkpoints bear it")
]
Vkey = Annotated[str, msgspec.Meta(min_length=1, max_length=4000, description="verifier key of c2sp.org/signed-note")]
Vkeys = Annotated[list[Vkey], msgspec.Meta(min_length=1, max_length=4, description="the Ed25519 one first")]


class Final(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last checkpoint of a log that another one succeeds."""

    origin: Origin
    root: Bytes32
    size: Count
    vkey: Vkey


class LogClosed(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="log.closed"):
    """The last entry under this name; the log goes on as `successor`, with its `keys`."""

    keys: Vkeys
    moment: Moment
    successor: Origin
    v: Literal[1] = 1


class LogSucceeded(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="log.succeeded"):
    """The first entry of a successor: all before it are the entries of the log that it continues, byte for byte.

    `final` of more entries than stand before this one: the others were lost with a database.
    """

    final: Final
    keys: Vkeys
    moment: Moment
    origin: Origin
    v: Literal[1] = 1
