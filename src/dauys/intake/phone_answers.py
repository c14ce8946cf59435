"""What phones last answered instead of a good signature, for the pages that wait: minutes in memory, nothing personal.

A request keeps no state here until it is signed, so this alone tells a page that nothing will come. The door and the pages are
one process (docs/decisions/0001); were they two, or the record full, a page would wait on as if nothing had been said.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dauys.errors import DauysError, SignatureRejected, SigningCancelled

MOST = 10_000  # requests, about two megabytes; the oldest make room
KEPT = timedelta(minutes=15)  # as long as a request lives
MOST_TIMES = 20  # of one request; whoever sends more is not helped by a page that changes again
BUSY_STATUS = 503


class Kind(StrEnum):
    """What a page says; why exactly stands on the phone alone, for it may be about whoever holds that."""

    DECLINED = "declined"
    SIGNATURE = "signature"  # the signature, or its key, cannot be accepted
    BUSY = "busy"  # the same again may do in a minute
    OTHER = "other"


class PhoneAnswer(NamedTuple):
    """The last one, and how many there were: a page that knows fewer has news to show."""

    kind: Kind
    times: int


class PhoneAnswers:
    """By the nonce of the request, the newest last. Safe to use from threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[bytes, tuple[PhoneAnswer, datetime]] = OrderedDict()

    def note(self, nonce: bytes, error: DauysError, now: datetime) -> None:
        """What a phone was told no for, or said no to."""
        with self._lock:
            before, _ = self._kept.pop(nonce, (None, now))
            times = min(before.times + 1, MOST_TIMES) if before else 1
            self._kept[nonce] = PhoneAnswer(_kind_of(error), times), now
            while len(self._kept) > self._most or next(iter(self._kept.values()))[1] <= now - KEPT:
                self._kept.popitem(last=False)

    def last(self, nonce: bytes, now: datetime) -> PhoneAnswer | None:
        """None where no phone has answered, or long ago."""
        with self._lock:
            said, at = self._kept.get(nonce, (None, now))
        return said if at > now - KEPT else None

    def forget(self, nonce: bytes) -> None:
        """It was signed after all."""
        with self._lock:
            self._kept.pop(nonce, None)

    @contextmanager
    def noting(self, nonce: bytes, now: datetime) -> Iterator[None]:
        """Notes the DauysError that comes out of the block, or forgets what was noted before."""
        try:
            yield
        except DauysError as error:
            self.note(nonce, error, now)
            raise
        self.forget(nonce)


ANSWERS = PhoneAnswers()  # of this process


def _kind_of(error: DauysError) -> Kind:
    if isinstance(error, SigningCancelled):
        return Kind.DECLINED
    if error.status == BUSY_STATUS:
        return Kind.BUSY
    return Kind.SIGNATURE if isinstance(error, SignatureRejected) else Kind.OTHER
