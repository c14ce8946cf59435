"""`keys.json` beside a checkpoint: how the log's keys changed, for whoever knows a key of any time."""

from __future__ import annotations

import json
from collections.abc import Iterable

from dauys.errors import BadInput
from dauys.translog.keyring import KeyChange, Keyring
from dauys.translog.note import Verifier

KEYS = "keys.json"  # {"opened": [vkey…], "changes": [statement…]}


def key_document(opened: Iterable[Verifier], statements: Iterable[str]) -> bytes:
    """The keys that the first entry names, and the statements of all changes."""
    document = {"opened": [key.vkey for key in opened], "changes": list(statements)}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def read_document(data: bytes) -> Keyring:
    """The keyring, every change verified; BadInput, or NoteInvalid where a change does not hold."""
    try:
        document = json.loads(data)
        opened, statements = list(map(str, document["opened"])), list(map(str, document["changes"]))
    except (ValueError, TypeError, KeyError):
        raise BadInput(what=f"{KEYS} is not what a log publishes") from None
    return Keyring.follow([Verifier.parse(vkey) for vkey in opened], [KeyChange.open(each) for each in statements])
