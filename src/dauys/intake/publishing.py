"""The publisher's rhythm: when what is committed becomes public, and the hourly counts of failed attempts."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from dauys.errors import StorageFull
from dauys.ledger import logins, sqlite
from dauys.ledger.moments import hour_number
from dauys.ledger.publication import Publisher

logger = logging.getLogger(__name__)

DEMO_SECONDS = 1.0  # a visitor sees the count move
BUSY_SECONDS = 3.0
QUIET_SECONDS = 60.0  # while few acts wait, timing must not point at a person (design, "Log")
FEW = 10


class Refusals:
    """Counts failed attempts by hour and code in memory; the publisher's tick writes them down."""

    def __init__(self) -> None:
        self._counts = Counter[tuple[int, str]]()

    def count(self, code: str) -> None:
        """One more failed attempt."""
        self._counts[hour_number(datetime.now(UTC)), code] += 1

    def take(self) -> list[tuple[int, str, int]]:
        """(hour, code, attempts) since the last call."""
        taken, self._counts = self._counts, Counter()
        return [(hour, code, attempts) for (hour, code), attempts in taken.items()]


class Publishing:
    """A background task that publishes on its own thread, for as long as this process holds the publisher's role."""

    def __init__(self, publisher: Publisher, refusals: Refusals, *, demo: bool) -> None:
        self._publisher, self._refusals, self._demo = publisher, refusals, demo
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="publisher")
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._run())
        self._quiet = 0.0

    async def _run(self) -> None:
        loop, pause = asyncio.get_running_loop(), DEMO_SECONDS if self._demo else BUSY_SECONDS
        while not self._stopping.is_set():
            try:
                await loop.run_in_executor(self._thread, self._tick, pause)
            except StorageFull as error:
                # A full disk must not end publication for good: what is committed waits, and the next tick tries again.
                logger.warning("nothing could be published; make room, it will be tried again: %s", error)
            except Exception:
                logger.exception("publication failed; it will be tried again")
            try:
                await asyncio.wait_for(self._stopping.wait(), pause)
            except TimeoutError:
                continue

    def _tick(self, pause: float) -> None:
        if not self._publisher.lock():
            return
        waiting = self._publisher.waiting()
        self._quiet += pause
        due = waiting and (self._demo or waiting >= FEW or self._quiet >= QUIET_SECONDS)
        if due or self._publisher.is_behind():
            self._publisher.publish()
            self._quiet = 0.0
        else:
            self._publisher.renew()
        self._publisher.collect()
        refused, now = self._refusals.take(), datetime.now(UTC)
        if refused or logins.any_expired(self._publisher.connection, now):
            with sqlite.transaction(self._publisher.connection, self._publisher.places.database):
                sqlite.count_refusals(self._publisher.connection, refused)
                logins.sweep(self._publisher.connection, now)

    def _finish(self) -> None:
        try:
            if self._publisher.lock() and self._publisher.waiting():
                self._publisher.publish()
        except Exception:
            logger.exception("the last publication failed; the next start publishes")

    async def close(self) -> None:
        """Ends the rhythm and publishes the rest: a server stopped in order leaves nothing that it answered unpublished."""
        self._stopping.set()
        await self._task
        await asyncio.get_running_loop().run_in_executor(self._thread, self._finish)
        self._thread.shutdown()
        self._publisher.close()
