"""The bounded pool: take what waits, at most a thousand, commit, wake all. Full means 503, never a lost answer.

There is no timer: while one batch waits for the disk the next one gathers, so batches grow exactly as the load does.
What computes stays on the event loop's thread; only what waits (the writer's lock, the disk) goes to another. Measured:
two threads that both compute fight for Python's global lock and lose a third of the rate.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from dauys.errors import DauysError, Overloaded
from dauys.intake.stages import Stages
from dauys.ledger.sequencer import Admission, Placed
from dauys.ledger.storage import guarded

logger = logging.getLogger(__name__)

BATCH = 1000  # measured: a hundred per commit already gives 50 times the rate of one; a thousand doubles that
CAPACITY = 4096  # acts that may wait at once: a few seconds of work, so that who waits is still there
RETRY_SECONDS = 3


class Steps(Protocol):
    """A transaction whose waiting steps can be left to a thread (dauys.ledger.sqlite.Transaction)."""

    def begin(self) -> None:
        """Waits for the writer's lock."""

    def commit(self) -> None:
        """Waits for the disk."""

    def rollback(self) -> None:
        """Undoes everything."""


class Committer(Protocol):
    """What the pool needs of the sequencer."""

    def transaction(self) -> Steps:
        """The transaction around `write`."""

    def write(self, batch: Sequence[Admission]) -> dict[int, Placed]:
        """Everything that stands for a batch."""

    def answers(self, batch: Sequence[Admission], placed: dict[int, Placed]) -> list[Placed]:
        """Answers of a committed batch."""


class Pool:
    """Gathers admissions and commits them; alone uses the sequencer."""

    def __init__(self, committer: Committer, stages: Stages | None = None, *, capacity: int = CAPACITY) -> None:
        self._committer, self._stages, self._capacity = committer, stages or Stages(), capacity
        self._waiting: list[tuple[Admission, asyncio.Future[Placed]]] = []
        self._in_flight = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")
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
        while self._waiting:
            loop, steps = asyncio.get_running_loop(), self._committer.transaction()
            try:
                await loop.run_in_executor(self._thread, steps.begin)
            except Exception as error:  # noqa: BLE001 - as below
                _fail(self._take(), error)
                continue
            batch = self._take()
            try:
                placed = self._write(steps, [admission for admission, _ in batch])
                await loop.run_in_executor(self._thread, steps.commit)
                answers = self._answers([admission for admission, _ in batch], placed)
            except Exception as error:  # noqa: BLE001 - whatever failed, its waiters must hear it, and the next batch goes on
                _fail(batch, error)
            else:
                for (_, future), answer in zip(batch, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)
            self._in_flight = 0

    def _take(self) -> list[tuple[Admission, asyncio.Future[Placed]]]:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        self._in_flight = len(batch)
        return batch

    def _write(self, steps: Steps, batch: list[Admission]) -> dict[int, Placed]:
        try:
            with self._stages.measure("commit"), guarded():
                return self._committer.write(batch)
        except BaseException:
            steps.rollback()
            raise

    def _answers(self, batch: list[Admission], placed: dict[int, Placed]) -> list[Placed]:
        with self._stages.measure("receipts"):
            return self._committer.answers(batch, placed)

    async def close(self) -> None:
        """Lets what waits be committed, then ends the thread."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()


def _fail(batch: Sequence[tuple[Admission, asyncio.Future[Placed]]], error: Exception) -> None:
    logger.error("a batch of %d acts was rolled back", len(batch), exc_info=error)
    answer = error if isinstance(error, DauysError) else DauysError()
    answer.__cause__ = error if answer is not error else None
    for _, future in batch:
        if not future.done():
            future.set_exception(answer)
