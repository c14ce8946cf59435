"""A public log in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dauys.audit.source import Shown, Withheld
from dauys.errors import FileRejected

if TYPE_CHECKING:
    from dauys.translog.audit import Gather

FOLDER, WITHHELD = "text", ".withheld"  # docs/spec/log.md, Texts


class FolderSource:
    """A folder that holds `checkpoint` and `tile/` (an installation's public/log, or a copy)."""

    portal = ""
    gather: Gather = map

    def __init__(self, folder: Path) -> None:
        nested = [folder / "log", folder / "public" / "log"]
        self.folder = next((place for place in nested if (place / "checkpoint").is_file()), folder)
        self.name = str(self.folder)

    def read(self, path: str) -> bytes:
        """The file's bytes: twice for each 256 entries, so with few system calls."""
        try:
            file = os.open(f"{self.name}/{path}", os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.read(file, os.fstat(file).st_size)
            finally:
                os.close(file)
        except OSError as error:
            raise FileRejected(what=f"{path}: {error.strerror}") from None

    def text(self, sha256: str) -> bytes | Withheld | None:
        """The file of a text, or of what stands in its place."""
        file = self.folder / FOLDER / sha256
        if file.is_file():
            return file.read_bytes()
        tombstone = file.with_suffix(WITHHELD)
        return Withheld(tombstone.read_text().strip()) if tombstone.is_file() else None

    def shown(self, subject: str) -> list[Shown]:  # noqa: ARG002 - as Source asks
        """A folder shows no pages."""
        return []
