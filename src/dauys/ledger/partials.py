"""Partial tiles and bundles go some time after their full one stands (c2sp.org/tlog-tiles).

A reader who began with an older checkpoint may still ask for them; one who comes later finds them gone and takes the
beginning of the full one. What is deleted here can always be cut from what stays.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from dauys.ledger import faults

GRACE_SECONDS = 600.0


class Partials:
    """The partial forms under one log's folder; `collect` at any rhythm. The first call looks the folder through."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._due: dict[Path, float] | None = None  # folders of partial forms, and the unix time when they go

    def filled(self, path: str) -> None:
        """A full tile or bundle was just written at this path of the log."""
        if self._due is not None:
            self._due[self._log / f"{path}.p"] = time.time() + GRACE_SECONDS

    def collect(self, now: float) -> int:
        """Deletes what is due by `now` (unix seconds); how many folders."""
        if self._due is None:
            self._due = self._look_through(now)
        due = [folder for folder, moment in self._due.items() if moment <= now]
        for folder in due:
            faults.reach("before-partials-go")
            shutil.rmtree(folder, ignore_errors=True)
            del self._due[folder]
        return len(due)

    def _look_through(self, now: float) -> dict[Path, float]:
        """What an earlier process left: partial forms beside full ones, and temporary files of one that was killed."""
        found = {}
        for path in (self._log / "tile").rglob("*"):
            if path.suffix == ".p" and (full := path.with_suffix("")).is_file():
                found[path] = full.stat().st_mtime + GRACE_SECONDS
            elif path.name.startswith(".") and path.stat().st_mtime + GRACE_SECONDS <= now:
                path.unlink()
        return found
