"""After a restore: erasures that are younger than the backup, done again by their lists, or awaited until somebody did them.

A file in the installation's folder names the awaited ones; while it stands, nothing starts and no evidence is handed out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from dauys.errors import ErasuresAwaited
from dauys.ledger import sqlite
from dauys.ledger.durable import sync_folder, write_durably
from dauys.ledger.erasure import forget_acts, forgetting
from dauys.ledger.erasure_lists import FOLDER, Listed, find_list, known_folders, read_erasure
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.ledger.vault_leaves import EvidenceErased

AWAITED = "erasures-awaited"  # a file: the log's entries of erasures that a backup undid, a number a line


class Again(NamedTuple):
    """Erasures by their entries: done again now, and those whose list was not found."""

    done: list[int]
    awaited: list[int]


def awaited(places: Places) -> list[int]:
    """Entries of erasures that are to be done again."""
    file = places.var / AWAITED
    return [int(line) for line in file.read_text().split()] if file.is_file() else []


def check_erased(places: Places) -> None:
    """ErasuresAwaited while what was erased is here again."""
    if indices := awaited(places):
        raise ErasuresAwaited(entries=", ".join(map(str, indices)))


def await_erasures(places: Places, indices: Iterable[int]) -> None:
    """Notes them before the entries are committed, so that no crash forgets them."""
    if wanted := sorted({*awaited(places), *indices}):
        _write(places, wanted)


def settle(places: Places, indices: Iterable[int]) -> None:
    """These are done again."""
    _write(places, [one for one in awaited(places) if one not in set(indices)])


def describe(places: Places, indices: Sequence[int]) -> dict[int, EvidenceErased]:
    """What the log says of awaited erasures; those whose entry is not here yet are left out."""
    with closing(sqlite.connect(places.database)) as connection:
        found = {index: read_erasure(connection, index) for index in indices}
    return {index: leaf for index, leaf in found.items() if leaf is not None}


def erase_again(places: Places, keys: Keys, folders: Iterable[Path] = ()) -> Again:
    """Does again what lists say that are found in these folders, in the installation's own, or beside known backups."""
    wanted = describe(places, awaited(places))
    if not wanted:
        return Again([], awaited(places))
    named = [places.var, *known_folders(places), *folders]
    searched = [place for each in named for place in (each, each / FOLDER)]
    lists = {index: find_list(keys, searched, index, leaf) for index, leaf in wanted.items()}
    found = {index: listed for index, listed in lists.items() if listed is not None}
    with forgetting(places) as connection:
        for index, listed in found.items():
            _again(connection, index, listed)
    settle(places, found)
    return Again(list(found), awaited(places))


def _again(connection: sqlite3.Connection, index: int, listed: Listed) -> None:
    """The rows alone: the log says it already. Acts that were all erased by hand since stay with that entry."""
    forget_acts(connection, listed.indices)
    by_hand = [_is_erased(connection, one) for one in listed.indices]
    if not all(by_hand):
        connection.execute("INSERT OR IGNORE INTO ledger_erasure (idx, salt) VALUES (?, ?)", (index, listed.salt))
        rows = [(one, index) for one in listed.indices]
        connection.executemany("INSERT OR REPLACE INTO ledger_erased (idx, erasure) VALUES (?, ?)", rows)


def _is_erased(connection: sqlite3.Connection, index: int) -> bool:
    return connection.execute("SELECT 1 FROM ledger_erased WHERE idx = ?", (index,)).fetchone() is not None


def _write(places: Places, indices: Sequence[int]) -> None:
    file = places.var / AWAITED
    if indices:
        write_durably(file, "".join(f"{index}\n" for index in indices).encode())
    else:
        file.unlink(missing_ok=True)
        sync_folder(places.var)
