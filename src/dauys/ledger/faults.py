"""Named points between the steps that must survive a crash, and how a test makes the process die or the disk fail there.

Nothing is armed unless `arm` finds DAUYS_FAULT in a demo installation: `<point>:<action>[:<n>]`, at the n-th time the
point is reached; the point `*` is all of them together. Unarmed, a point costs one look into an empty dictionary.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dauys.errors import Refusal

VARIABLE = "DAUYS_FAULT"
ANY = "*"
POINTS = (
    "writer-locked", "begun", "after-entries", "after-tiles", "after-tail", "after-places", "after-segment", "after-envelopes", "after-counts",
    "before-segment-sync", "before-commit", "after-commit", "before-answer",
    "after-texts", "after-public-tiles", "after-witnesses", "after-checkpoint", "after-public-counts", "before-partials-go",
    "before-file-write", "before-file-sync", "before-file-rename", "before-folder-sync", "after-folder-sync",
)  # fmt: skip


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _broken() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


ACTIONS: Mapping[str, Callable[[], None]] = {"kill": _kill, "enospc": _full, "eio": _broken}


@dataclass
class Fault:
    """What happens when a point was reached often enough; it happens once."""

    action: Callable[[], None]
    left: int

    def count(self) -> None:
        """One more time."""
        self.left -= 1
        if self.left == 0:
            self.action()


_armed: dict[str, Fault] = {}


def reach(point: str) -> None:
    """The process has come to a named point."""
    if _armed:
        for name in (point, ANY):
            if name in _armed:
                _armed[name].count()


def arm(mode: str) -> None:
    """Takes the setting of this process; Refusal outside a demo, and for what is no point or action."""
    setting = os.environ.get(VARIABLE, "")
    _armed.clear()
    if not setting:
        return
    if mode != "demo":
        raise Refusal(why=f"{VARIABLE} breaks a server on purpose and is for demo installations only. Unset it.")
    point, _, rest = setting.partition(":")
    action, _, times = rest.partition(":")
    if point not in (*POINTS, ANY) or action not in ACTIONS or not (times or "1").isdecimal():
        raise Refusal(why=f"{VARIABLE}={setting} names no point and action.")
    _armed[point] = Fault(ACTIONS[action], int(times or "1"))
