import asyncio
import logging
from datetime import UTC, datetime

from dauys.intake import publishing
from dauys.intake.publishing import Publishing, Refusals
from dauys.ledger.moments import hour_number


class Publisher:
    """Stands for the real one: some entries wait, and publishing fails as often as it is told to."""

    def __init__(self, waiting, failures=0):
        self.entries, self.failures, self.published, self.closed = waiting, failures, 0, False

    def lock(self):
        return True

    def waiting(self):
        return self.entries

    def publish(self):
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.published += 1
        self.entries = 0

    def close(self):
        self.closed = True


def run(publisher, seconds, *, demo):
    async def work():
        task = Publishing(publisher, Refusals(), demo=demo)
        await asyncio.sleep(seconds)
        await task.close()

    asyncio.run(work())
    assert publisher.closed


def test_a_full_disk_does_not_end_publication(monkeypatch, caplog):
    monkeypatch.setattr(publishing, "DEMO_SECONDS", 0.02)
    publisher = Publisher(1, failures=3)
    with caplog.at_level(logging.CRITICAL, logger=publishing.__name__):
        run(publisher, 0.5, demo=True)
    assert (publisher.published, publisher.failures) == (1, 0)


def test_few_acts_wait_a_while_so_that_timing_points_at_nobody(monkeypatch):
    monkeypatch.setattr(publishing, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(publishing, "QUIET_SECONDS", 10.0)
    few, many = Publisher(publishing.FEW - 1), Publisher(publishing.FEW)
    run(few, 0.3, demo=False)
    run(many, 0.3, demo=False)
    assert (few.published, many.published) == (0, 1)


def test_few_acts_are_published_after_the_quiet_time(monkeypatch):
    monkeypatch.setattr(publishing, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(publishing, "QUIET_SECONDS", 0.1)
    few = Publisher(1)
    run(few, 0.5, demo=False)
    assert few.published == 1


def test_refusals_are_counted_by_hour_and_code_and_taken_once():
    refusals, hour = Refusals(), hour_number(datetime.now(UTC))
    for code in ("request-forged", "request-forged", "already-signed"):
        refusals.count(code)
    assert sorted(refusals.take()) == [(hour, "already-signed", 1), (hour, "request-forged", 2)]
    assert refusals.take() == []
