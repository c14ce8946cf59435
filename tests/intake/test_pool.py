import asyncio
import sqlite3
import threading

import pytest

from dauys.errors import DauysError, Overloaded, StorageFailed, StorageFull
from dauys.intake.pool import BATCH, Pool
from dauys.ledger import storage
from dauys.ledger.sequencer import Outcome, Placed


class Committer:
    """Stands for the sequencer: answers with the act itself; its disk waits at the gate, and fails if it is told to."""

    def __init__(self, *failures):
        self.batches, self.gate, self.failures, self.rolled_back = [], threading.Event(), list(failures), 0
        self.gate.set()

    def transaction(self):
        return self

    def begin(self):
        self.gate.wait(10)

    def write(self, batch):
        if self.failures:
            raise self.failures.pop(0)
        self.batches.append(list(batch))
        return {i: Placed(Outcome.ADMITTED, act) for i, act in enumerate(batch)}

    def commit(self):
        self.gate.wait(10)

    def rollback(self):
        self.rolled_back += 1

    def answers(self, batch, placed):
        return [placed[i] for i in range(len(batch))]


def test_everybody_gets_their_own_answer_from_natural_batches():
    async def run():
        committer = Committer()
        committer.gate.clear()
        pool = Pool(committer)
        waiting = [asyncio.create_task(pool.submit(n)) for n in range(2500)]
        await asyncio.sleep(0.05)
        committer.gate.set()
        placed = await asyncio.gather(*waiting)
        await pool.close()
        assert [place.index for place in placed] == list(range(2500))
        assert [len(batch) for batch in committer.batches] == [BATCH, BATCH, 2500 - 2 * BATCH]

    asyncio.run(run())


def test_a_full_pool_says_so_and_loses_nobody():
    async def run():
        committer = Committer()
        committer.gate.clear()
        pool = Pool(committer, capacity=10)
        waiting = [asyncio.create_task(pool.submit(n)) for n in range(10)]
        await asyncio.sleep(0.05)
        with pytest.raises(Overloaded):
            await pool.submit(11)
        committer.gate.set()
        assert len(await asyncio.gather(*waiting)) == 10
        assert (await pool.submit(12)).index == 12
        await pool.close()

    asyncio.run(run())


def test_a_failed_batch_is_told_to_its_waiters_and_the_pool_goes_on():
    async def run():
        committer = Committer(OSError("disk full"), Overloaded(seconds=1))
        pool = Pool(committer)
        with pytest.raises(DauysError) as broken:
            await pool.submit(1)
        assert (broken.value.code, broken.value.__cause__.args) == ("internal-error", ("disk full",))
        with pytest.raises(Overloaded):
            await pool.submit(2)
        assert committer.rolled_back == 2
        assert (await pool.submit(3)).index == 3
        await pool.close()

    asyncio.run(run())


def test_a_lock_that_cannot_be_had_is_told_too():
    async def run():
        committer = Committer()
        committer.begin = lambda: (_ for _ in ()).throw(OSError("locked"))
        pool = Pool(committer)
        with pytest.raises(DauysError):
            await pool.submit(1)
        await pool.close()
        assert committer.batches == []

    asyncio.run(run())


def test_who_gave_up_waiting_does_not_break_the_batch():
    async def run():
        committer = Committer()
        committer.gate.clear()
        pool = Pool(committer)
        gone, stays = asyncio.create_task(pool.submit(1)), asyncio.create_task(pool.submit(2))
        await asyncio.sleep(0.05)
        gone.cancel()
        committer.gate.set()
        assert (await stays).index == 2
        await pool.close()

    asyncio.run(run())


@pytest.fixture
def trusting():
    """Trust in this process's disk, given back after a test that ends it."""
    yield
    storage._failed.clear()


def failed_write(code):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@pytest.mark.usefixtures("trusting")
def test_after_a_failed_disk_nothing_is_written_any_more():
    async def run():
        committer, heard = Committer(failed_write(sqlite3.SQLITE_IOERR_FSYNC)), []
        storage.on_failure(heard.append)
        pool = Pool(committer)
        for n in (1, 2):
            with pytest.raises(StorageFailed, match="same request again later"):
                await pool.submit(n)
        assert [error.status for error in heard] == [503]
        await pool.close()

    try:
        asyncio.run(run())
    finally:
        storage._listeners.clear()


@pytest.mark.usefixtures("trusting")
def test_a_full_disk_is_told_and_the_next_batch_is_tried():
    async def run():
        pool = Pool(Committer(failed_write(sqlite3.SQLITE_FULL)))
        with pytest.raises(StorageFull, match="no room"):
            await pool.submit(1)
        assert (await pool.submit(2)).index == 2
        await pool.close()

    asyncio.run(run())
