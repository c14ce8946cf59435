"""Files that are whole or absent after any crash: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from dauys.ledger import faults, storage


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replaces `path` atomically; durable once it returns. StorageFull; StorageFailed after a failed fsync; OSError."""
    write_all_durably([(path, content)], mode=mode)


def write_all_durably(files: Iterable[tuple[Path, bytes]], *, mode: int = 0o644) -> None:
    """Each file as by `write_durably`; each folder is synced once, after its last file. All are durable on return."""
    folders = set[Path]()
    with storage.guarded():
        for path, content in files:
            if path.parent not in folders:
                folders |= _make(path.parent) | {path.parent}
            _replace(path, content, mode)
        for folder in folders:
            faults.reach("before-folder-sync")
            sync_folder(folder)
            faults.reach("after-folder-sync")


def _make(folder: Path) -> set[Path]:
    """Makes a folder with its parents; those in which a new name stands now."""
    if folder.is_dir():
        return set()
    changed = _make(folder.parent) | {folder.parent}
    folder.mkdir(exist_ok=True)
    return changed


def _replace(path: Path, content: bytes, mode: int) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            faults.reach("before-file-write")
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            faults.reach("before-file-sync")
            sync(file.fileno())
        faults.reach("before-file-rename")
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(handle)
    finally:
        os.close(handle)


def sync(handle: int) -> None:
    """fsync; whatever it answers but success is StorageFailed, since what is on disk is then unknown."""
    try:
        os.fsync(handle)
    except OSError as error:
        raise storage.distrust(error) from error
