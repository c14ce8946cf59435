"""Which acts each erasure erased, in files that lie where backups lie: so that a backup, when it comes back, forgets again.

docs/spec/envelope.md has the form. A file is sealed under the vault's key: without it, it tells nothing but what the log says. The
log's commitment decides whether a file is true, so it may come from anywhere.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from dauys.errors import KeyMalformed, Storage
from dauys.ledger import sqlite
from dauys.ledger.durable import write_all_durably, write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import decode_leaf, from_text
from dauys.ledger.places import Places
from dauys.ledger.vault_leaves import SALT_SIZE, EvidenceErased, erasure_commitment

FOLDER = "erasures"
KNOWN = "backed-up-to"  # a file in the folder of an installation: where its backups were written, the newest first
MOST_KNOWN = 4
INDEX = struct.Struct(">Q")


class Listed(NamedTuple):
    """An erasure's acts, and the salt of its commitment."""

    indices: tuple[int, ...]
    salt: bytes


def remember(places: Places, folder: Path) -> None:
    """Notes where backups stand: lists of erasures are written beside them."""
    known = [folder.absolute(), *(each for each in known_folders(places) if each != folder.absolute())]
    write_durably(places.var / KNOWN, "".join(f"{each}\n" for each in known[:MOST_KNOWN]).encode())


def known_folders(places: Places) -> list[Path]:
    """Folders in which backups were made."""
    file = places.var / KNOWN
    return [Path(line) for line in file.read_text().splitlines()] if file.is_file() else []


def write_lists(places: Places, keys: Keys) -> tuple[list[Path], list[Path]]:
    """Writes every list here and beside backups, where it is missing; the folders written to, and those that are not there."""
    lists, missed = _sealed(places, keys), list[Path]()
    folders = [places.var / FOLDER]
    _write(folders[0], lists)
    for beside in known_folders(places):
        try:
            if not any(beside.glob("*/manifest.json")):  # a disk that is not mounted is an empty folder
                raise FileNotFoundError
            _write(beside / FOLDER, lists)
            folders.append(beside / FOLDER)
        except (OSError, Storage):
            missed.append(beside)
    return folders, missed


def find_list(keys: Keys, folders: Iterable[Path], index: int, leaf: EvidenceErased) -> Listed | None:
    """What the erasure in entry `index` erased, from the first file that its commitment proves; None where there is none."""
    for folder in folders:
        file = folder / _name(index, leaf)
        try:
            listed = _open(keys, file.read_bytes(), index)
        except (OSError, KeyMalformed):
            continue
        proven = from_text(leaf.erased) == erasure_commitment(listed.indices, listed.salt)
        if proven and leaf.count == len(listed.indices):
            return listed
    return None


def read_erasure(connection: sqlite3.Connection, index: int) -> EvidenceErased | None:
    """The erasure that this entry of the log is; None where it is none."""
    entries = sqlite.read_entries(connection, index, index + 1)
    leaf = decode_leaf(entries[0]) if entries else None
    return leaf if isinstance(leaf, EvidenceErased) else None


def _sealed(places: Places, keys: Keys) -> dict[str, bytes]:
    """Every list that the database holds, by its file's name."""
    lists = dict[str, bytes]()
    with closing(sqlite.connect(places.database)) as connection:
        for index, salt in connection.execute("SELECT idx, salt FROM ledger_erasure ORDER BY idx").fetchall():
            rows = connection.execute("SELECT idx FROM ledger_erased WHERE erasure = ? ORDER BY idx", (index,))
            packed = b"".join(INDEX.pack(one) for (one,) in rows)
            leaf = read_erasure(connection, index)
            assert leaf is not None  # the row names its entry
            lists[_name(index, leaf)] = keys.wrap(salt + packed, _label(index))
    return lists


def _write(folder: Path, lists: dict[str, bytes]) -> None:
    missing = [(folder / name, data) for name, data in lists.items() if not (folder / name).is_file()]
    write_all_durably(missing, mode=0o600)


def _open(keys: Keys, data: bytes, index: int) -> Listed:
    opened = keys.unwrap(data, _label(index))
    packed = opened[SALT_SIZE:]
    whole = len(packed) // INDEX.size * INDEX.size
    return Listed(tuple(one for (one,) in INDEX.iter_unpack(packed[:whole])), opened[:SALT_SIZE])


def _name(index: int, leaf: EvidenceErased) -> str:
    """The commitment is in it: several installations may back up to one place."""
    return f"{index}-{leaf.erased}"


def _label(index: int) -> str:
    return f"erasure/{index}"
