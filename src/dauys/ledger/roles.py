"""Roles that one process of an installation holds at a time, for as long as it lives."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


class Role:
    """A role by its lock file; the kernel takes it back when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: IO[str] | None = None

    def take(self) -> bool:
        """Takes the role, or keeps it; false while another process has it."""
        if self._lock is None:
            file = self._path.open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._lock = file
        return True

    def close(self) -> None:
        """Gives the role back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
