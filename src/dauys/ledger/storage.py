"""What a failed write tells: a full disk did nothing and may be tried again; a disk that failed is trusted no more.

After a failed fsync Linux drops the pages and the next fsync succeeds without having written them, so trying again in
silence would acknowledge what is not on disk. A process that saw one writes nothing more; whoever runs it ends it, and
the next start checks and writes the newest pages anew (`opening.settle`).
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dauys.errors import Storage, StorageFailed, StorageFull

logger = logging.getLogger(__name__)

FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
FAILED = frozenset((sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
PRIMARY = 0xFF  # an extended result code of SQLite holds the primary one in its lowest byte

_failed: list[StorageFailed] = []
_listeners: list[Callable[[StorageFailed], None]] = []


def on_failure(listener: Callable[[StorageFailed], None]) -> None:
    """Called once, in whatever thread saw it, when this process must not write any more."""
    _listeners.append(listener)


def require_trust() -> None:
    """StorageFailed once a write of this process failed in a way that leaves unknown what is on disk."""
    if _failed:
        raise _failed[0]


def distrust(error: BaseException) -> StorageFailed:
    """Ends this process's trust in its disk."""
    failure = StorageFailed(what=error)
    if not _failed:
        _failed.append(failure)
        logger.critical("%s [%s]", failure, failure.code)
        for listener in _listeners:
            listener(failure)
    return failure


def judge(error: BaseException | None) -> Storage | None:
    """The coded error of what a disk refused; None where it was something else. A failure ends the trust."""
    if isinstance(error, OSError) and error.errno in FULL:
        return StorageFull()
    if isinstance(error, OSError) and error.errno == errno.EIO:
        return distrust(error)
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY if isinstance(error, sqlite3.Error) else 0
    if code == sqlite3.SQLITE_FULL:
        return StorageFull()
    return distrust(error) if error is not None and code in FAILED else None


@contextmanager
def guarded() -> Iterator[None]:
    """What the disk refuses inside is raised as its coded error; Django's own wrapping is looked through."""
    require_trust()
    try:
        yield
    except Storage:
        raise
    except Exception as error:
        known = judge(error) or judge(error.__cause__)
        if known is None:
            raise
        logger.error("%s [%s]", known, known.code)  # noqa: TRY400 - in words; the trace follows with the cause
        raise known from error
