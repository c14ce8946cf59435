"""Files that auditors hold: a private key, a part of an opening, what was opened; and the vault they are used on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from dauys.errors import BadInput, FileRejected, KeyMalformed
from dauys.ledger import sqlite
from dauys.ledger.auditors import Part, combine, part_of
from dauys.ledger.durable import write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import from_text, to_text
from dauys.ledger.opener import AuditorOpener, Opener, OperatorOpener
from dauys.ledger.places import Places

KEY_HEAD = "dauys-auditor-key/v1 "
PUBLIC_HEAD = "x25519:"
PART, OPENED = "dauys-auditor-part/v1", "dauys-vault-opened/v1"


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of an installation, or of a copy of one, to be read only; FileRejected where there is none."""
    database = Places(folder.absolute()).database
    if not database.is_file():
        raise FileRejected(what=f"{folder} holds no {database.name}")
    # Without a write-ahead log beside it, it is a copy that nobody writes: nothing is made beside it.
    running = database.with_name(f"{database.name}-wal").exists()
    how = "mode=ro" if running else "immutable=1"
    with closing(sqlite3.connect(f"{database.as_uri()}?{how}", uri=True, isolation_level=None)) as connection:
        sqlite.read_tail(connection)
        yield connection


def new_key(file: Path) -> str:
    """Makes an auditor's key where no file stands; its public key."""
    if file.exists():
        raise FileRejected(what=f"{file} stands already and is not replaced")
    private = X25519PrivateKey.generate()
    write_durably(file, f"{KEY_HEAD}{to_text(private.private_bytes_raw())}\n".encode(), mode=0o600)
    return public_of(private)


def public_of(private: X25519PrivateKey) -> str:
    """A prefix, lest a command take a letter `-` for an option, and the 43 letters that the log names."""
    return PUBLIC_HEAD + to_text(private.public_key().public_bytes_raw())


def read_key(file: Path) -> X25519PrivateKey:
    """KeyMalformed for what is no auditor's key."""
    try:
        text = file.read_text().strip()
        return X25519PrivateKey.from_private_bytes(from_text(text.removeprefix(KEY_HEAD)))
    except (OSError, ValueError, BadInput):
        raise KeyMalformed(what=f"{file} holds no auditor's key") from None


def write_part(file: Path, part: Part) -> None:
    """An auditor's part: with enough others it opens everything, so it is kept like a key."""
    facts = {"auditors": part.index, "place": part.place, "shares": _texts(part.shares)}
    _write(file, {"format": PART} | facts)


def read_part(file: Path) -> Part:
    """FileRejected for what is no part."""
    held = _read(file, PART)
    try:
        return Part(int(held["auditors"]), int(held["place"]), _bytes(held["shares"]))
    except (KeyError, TypeError, ValueError, AttributeError, BadInput):
        raise FileRejected(what=f"{file} is no part of an opening") from None


def write_opened(file: Path, secrets: Mapping[str, bytes]) -> None:
    """What auditors opened together."""
    _write(file, {"format": OPENED, "secrets": _texts(secrets)})


def opener_of(
    connection: sqlite3.Connection, folder: Path, opened: Path | None, auditor_keys: Sequence[Path]
) -> Opener:
    """By an opened file, else by auditors' keys that are all here, else by the keys of the installation."""
    if opened is not None:
        held = _read(opened, OPENED)
        try:
            return AuditorOpener(_bytes(held["secrets"]))
        except (KeyError, TypeError, AttributeError, BadInput):
            raise FileRejected(what=f"{opened} holds no opened secrets") from None
    if auditor_keys:
        return AuditorOpener(combine(connection, [part_of(connection, read_key(file)) for file in auditor_keys]))
    return OperatorOpener(connection, Keys.load(Places(folder.absolute()).keys))


def _write(file: Path, content: dict[str, Any]) -> None:
    write_durably(file, json.dumps(content, indent=1).encode() + b"\n", mode=0o600)


def _read(file: Path, form: str) -> dict[str, Any]:
    try:
        held = json.loads(file.read_text())
        if not isinstance(held, dict) or held.get("format") != form:
            raise ValueError
    except (OSError, ValueError):
        raise FileRejected(what=f"{file} is no file of the form {form}") from None
    return held


def _texts(values: Mapping[str, bytes]) -> dict[str, str]:
    return {label: to_text(value) for label, value in sorted(values.items())}


def _bytes(values: Mapping[str, str]) -> dict[str, bytes]:
    return {label: from_text(value) for label, value in values.items()}
