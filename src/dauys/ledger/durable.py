"""Files that are whole or absent after any crash: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replaces `path` atomically; durable once it returns. OSError as it comes: a failed fsync is never retried here."""
    write_all_durably([(path, content)], mode=mode)


def write_all_durably(files: Iterable[tuple[Path, bytes]], *, mode: int = 0o644) -> None:
    """Each file as by `write_durably`; each folder is synced once, after its last file. All are durable on return."""
    folders = set[Path]()
    for path, content in files:
        if path.parent not in folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.add(path.parent)
        _replace(path, content, mode)
    for folder in folders:
        sync_folder(folder)


def _replace(path: Path, content: bytes, mode: int) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
