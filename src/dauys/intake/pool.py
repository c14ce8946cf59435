"""The bounded pool: take what waits, at most a thousand, commit, wake all. Full means 503, never a lost answer.

There is no timer: while one batch is being committed the next one gathers, so batches grow exactly as the load does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dauys.errors import DauysError, Overloaded
from dauys.ledger.sequencer import Admission, Placed

BATCH = 1000  # measured: a hundred per commit already gives 50 times the rate of one; a thousand doubles that
CAPACITY = 4096  # acts that may wait at once: a few seconds of work, so that who waits is still there
RETRY_SECONDS = 3


class Pool:
    """Gathers admissions on the event loop and commits them on one thread, which alone uses the sequencer."""

    def __init__(self, commit: Callable[[Sequence[Admission]], list[Placed]], *, capacity: int = CAPACITY) -> None:
        self._commit, self._capacity = commit, capacity
        self._waiting: list[tuple[Admission, asyncio.Future[Placed]]] = []
        self._in_flight = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sequencer")
        self._task: asyncio.Task[None] | None = None

    def require_room(self) -> None:
        """Overloaded when no more acts may wait; asked before any costly check."""
        if len(self._waiting) + self._in_flight >= self._capacity:
            raise Overloaded(seconds=RETRY_SECONDS)

    async def submit(self, admission: Admission) -> Placed:
        """The answer once it is durable; Overloaded when full; the sequencer's error if the batch failed."""
        self.require_room()
        future: asyncio.Future[Placed] = asyncio.get_running_loop().create_future()
        self._waiting.append((admission, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            self._in_flight = len(batch)
            try:
                placed = await loop.run_in_executor(self._thread, self._commit, [admission for admission, _ in batch])
            except Exception as error:  # noqa: BLE001 - whatever failed, the batch was rolled back and its waiters must hear it
                _fail(batch, error)
            else:
                for (_, future), answer in zip(batch, placed, strict=True):
                    if not future.done():
                        future.set_result(answer)
            finally:
                self._in_flight = 0

    async def close(self) -> None:
        """Lets what waits be committed, then ends the thread."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()


def _fail(batch: Sequence[tuple[Any, asyncio.Future[Placed]]], error: Exception) -> None:
    answer = error if isinstance(error, DauysError) else DauysError()
    answer.__cause__ = error if answer is not error else None
    for _, future in batch:
        if not future.done():
            future.set_exception(answer)
