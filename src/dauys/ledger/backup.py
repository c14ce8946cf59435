"""A backup of a running installation: one consistent view of the database, then everything that stands beside it.

The order makes it sound whatever is written meanwhile: public files first (each older than the database's view), then the
database, then the rest, of which the database names only what was there before. The manifest, with the hash of every
file and the checkpoint of the database, is written last: a folder without it is no backup.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from dauys.errors import BackupBroken, PlaceTaken, VaultDamaged
from dauys.ledger import sqlite
from dauys.ledger.durable import sync_folder, write_durably
from dauys.ledger.erasure_lists import remember, write_lists
from dauys.ledger.keys import Keys
from dauys.ledger.moments import moment_text
from dauys.ledger.places import Places
from dauys.ledger.segments import check_segments
from dauys.ledger.storage import guarded
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash
from dauys.translog.tiles import TileTree

FORMAT = "dauys-backup/v1"
MANIFEST = "manifest.json"
FIRST = "public"
KEYS = "keys"
REVOCATION = "revocation"  # old lists are worse than none: they are fetched again
LOCKS = (".lock", ".writer", ".log")
CHUNK = 1 << 20
AT_ONCE = 256 * 64  # entries hashed together

Progress = Callable[[str], None]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a backup: bytes, SHA-256 in hex, permissions."""

    size: int
    sha256: str
    mode: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds; `checkpoint` is signed for the database's own tree, public or not."""

    made: str
    mode: str
    origin: str
    vkey: str
    size: int
    root: str
    checkpoint: str
    files: dict[str, File]
    format: str = FORMAT


def back_up(
    places: Places, keys: Keys, target: Path, now: datetime, *, with_keys: bool, progress: Progress = lambda _: None
) -> Manifest:
    """Writes a backup into an empty or new folder and reads it all again; PlaceTaken, BackupBroken, Storage."""
    make_empty(target)
    remember(places, target.absolute().parent)
    write_lists(places, keys)
    with guarded():
        files = dict[str, File]()
        progress("copying the published files")
        files |= copy_tree(places.var, target, _under(places.var, places.var / FIRST))
        progress("copying the database in one consistent view")
        files[places.database.name] = _copy_database(places.database, target / places.database.name)
        progress("copying what stands beside them")
        files |= copy_tree(places.var, target, _beside(places, with_keys=with_keys))
    manifest = _describe(target / places.database.name, keys, now, files)
    write_durably(target / MANIFEST, msgspec.json.encode(manifest), mode=0o600)
    write_lists(places, keys)  # beside this one, too, now that it is a backup
    check_backup(target, progress)
    return manifest


def make_empty(folder: Path) -> None:
    """Makes a folder that only its owner reads; PlaceTaken where one with anything in it stands."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise PlaceTaken(folder=folder)
    folder.chmod(0o700)


def copy_tree(source: Path, target: Path, paths: Iterator[Path]) -> dict[str, File]:
    """Copies files, given under `source`, to the same places under `target`; durable on return. Their facts by path."""
    files, folders = dict[str, File](), {target}
    for path in paths:
        name = path.relative_to(source)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            files[str(name)] = _copy(path, target / name)
        except FileNotFoundError:  # collected or deleted since it was listed: a partial tile, an attachment
            continue
        folders.update((target / parent) for parent in name.parents)
    for folder in folders:
        sync_folder(folder)
    return files


def _copy(source: Path, target: Path) -> File:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("xb") as writer:
        mode = os.fstat(reader.fileno()).st_mode & 0o777
        os.fchmod(writer.fileno(), mode)
        while block := reader.read(CHUNK):
            digest.update(block)
            size += writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    return File(size, digest.hexdigest(), mode)


def _under(var: Path, folder: Path) -> Iterator[Path]:
    """Files below a folder, the checkpoint first: what it covers was written before it."""
    found = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return iter(sorted(found, key=lambda path: (path.name != "checkpoint", path.relative_to(var))))


def _beside(places: Places, *, with_keys: bool) -> Iterator[Path]:
    """Everything else but locks, the database's own files, revocation lists and, unless asked for, the keys."""
    left_out = {FIRST, REVOCATION} | (set() if with_keys else {KEYS})
    for entry in sorted(places.var.iterdir()):
        if entry.is_dir() and entry.name not in left_out:
            yield from _under(places.var, entry)
        elif entry.is_file() and not entry.name.startswith(places.database.name) and entry.suffix not in LOCKS:
            yield entry


def _copy_database(source: Path, target: Path) -> File:
    """VACUUM INTO: one view, beside running writers, and without the remains of deleted rows that pages still hold."""
    target.touch(mode=0o600)
    connection = sqlite.connect(source)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return _facts(target)


def _facts(path: Path) -> File:
    """Of a file as the disk holds it: what the kernel still has in memory is dropped first."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return File(file.tell(), digest, os.fstat(file.fileno()).st_mode & 0o777)


def _describe(database: Path, keys: Keys, now: datetime, files: dict[str, File]) -> Manifest:
    connection = open_copy(database)
    try:
        tail = sqlite.read_tail(connection)
    finally:
        connection.close()
    note = sign_checkpoint(keys.log, Checkpoint(tail.origin, tail.size, tail.root))
    return Manifest(moment_text(now), tail.mode, tail.origin, tail.vkey, tail.size, tail.root.hex(), note, files)


def open_copy(database: Path) -> sqlite3.Connection:
    """A copy that nobody writes: nothing is made beside it."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)


def read_manifest(folder: Path) -> Manifest:
    """BackupBroken where the folder is no finished backup."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise BackupBroken(folder=folder, what=f"{MANIFEST} is missing; it was not finished") from None
    except (OSError, msgspec.DecodeError) as error:
        raise BackupBroken(folder=folder, what=f"{MANIFEST}: {error}") from None
    if manifest.format != FORMAT:
        raise BackupBroken(folder=folder, what=f"its format is {manifest.format}, not {FORMAT}")
    return manifest


def check_backup(folder: Path, progress: Progress = lambda _: None) -> Manifest:
    """Reads every file again, and recomputes the whole tree from the entries in the database; BackupBroken."""
    manifest = read_manifest(folder)
    progress(f"reading {len(manifest.files)} files again")
    for name, facts in manifest.files.items():
        try:
            found = _facts(folder / name)
        except OSError as error:
            raise BackupBroken(folder=folder, what=f"{name}: {os.strerror(error.errno or 0)}") from None
        if found != facts:
            raise BackupBroken(folder=folder, what=f"{name} was changed or damaged since it was written")
    progress(f"recomputing the tree of {manifest.size} entries")
    _check_database(folder, folder / "dauys.sqlite3", manifest)
    return manifest


def _check_database(folder: Path, database: Path, manifest: Manifest) -> None:
    connection = open_copy(database)
    try:
        (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        tail = sqlite.read_tail(connection)
        check_segments(connection)
        tree = TileTree(0, lambda level, number: sqlite.read_tile(connection, level, number))
        for start in range(0, tail.size, AT_ONCE):
            entries = sqlite.read_entries(connection, start, min(start + AT_ONCE, tail.size))
            tree.append([leaf_hash(entry) for entry in entries])
    except VaultDamaged as error:
        raise BackupBroken(folder=folder, what=error.facts["what"]) from None
    except sqlite3.DatabaseError as error:
        raise BackupBroken(folder=folder, what=f"the database cannot be read: {error}") from None
    finally:
        connection.close()
    if sound != "ok" or (tree.size, tree.root().hex()) != (manifest.size, manifest.root):
        raise BackupBroken(folder=folder, what="the entries in its database are not those of its checkpoint")
