import asyncio
import logging
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from dauys.intake import publishing
from dauys.intake.publishing import Publishing, Refusals
from dauys.ledger import logins, migration, sqlite
from dauys.ledger.logins import KEPT, LoginResult
from dauys.ledger.moments import hour_number
from dauys.ledger.places import Places


class Publisher:
    """Stands for the real one: some entries wait, and publishing fails as often as it is told to."""

    def __init__(self, places, waiting, failures=0):
        self.places, self.connection = places, sqlite.connect(places.database)
        self.entries, self.failures, self.published, self.closed = waiting, failures, 0, False

    def lock(self):
        return True

    def waiting(self):
        return self.entries

    def is_behind(self):
        return False

    def renew(self):
        return False

    def collect(self):
        pass

    def publish(self):
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.published += 1
        self.entries = 0

    def close(self):
        self.connection.close()
        self.closed = True


@pytest.fixture
def places(tmp_path):
    """Tables without a log."""
    places = Places(tmp_path)
    migration.migrate(places.database)
    return places


def run(publisher, seconds, *, demo):
    """How often it published before it was told to stop."""

    async def work():
        task = Publishing(publisher, Refusals(), demo=demo)
        await asyncio.sleep(seconds)
        published = publisher.published
        await task.close()
        return published

    published = asyncio.run(work())
    assert publisher.closed
    assert not publisher.entries or publisher.failures  # a server that is stopped in order leaves nothing unpublished
    return published


def test_a_full_disk_does_not_end_publication(places, monkeypatch, caplog):
    monkeypatch.setattr(publishing, "DEMO_SECONDS", 0.02)
    publisher = Publisher(places, 1, failures=3)
    with caplog.at_level(logging.CRITICAL, logger=publishing.__name__):
        run(publisher, 0.5, demo=True)
    assert (publisher.published, publisher.failures) == (1, 0)


def test_few_acts_wait_a_while_so_that_timing_points_at_nobody(places, monkeypatch):
    monkeypatch.setattr(publishing, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(publishing, "QUIET_SECONDS", 10.0)
    few, many = Publisher(places, publishing.FEW - 1), Publisher(places, publishing.FEW)
    assert (run(few, 0.3, demo=False), run(many, 0.3, demo=False)) == (0, 1)


def test_few_acts_are_published_after_the_quiet_time(places, monkeypatch):
    monkeypatch.setattr(publishing, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(publishing, "QUIET_SECONDS", 0.1)
    few = Publisher(places, 1)
    run(few, 0.5, demo=False)
    assert few.published == 1


def test_logins_that_nobody_took_up_are_forgotten(places, monkeypatch, caplog):
    monkeypatch.setattr(publishing, "DEMO_SECONDS", 0.02)
    now, result = datetime.now(UTC), LoginResult("a" * 64, b"wrapped")
    with closing(sqlite.connect(places.database)) as connection:
        logins.keep(connection, bytes(16), result, now - KEPT - timedelta(seconds=1), now - KEPT)
        logins.keep(connection, bytes(range(16)), result, now, now - KEPT)
        run(Publisher(places, 0), 0.2, demo=True)
        assert connection.execute("SELECT nonce FROM login_result").fetchall() == [(bytes(range(16)),)]
    assert not caplog.records


def test_refusals_are_counted_by_hour_and_code_and_taken_once():
    refusals, hour = Refusals(), hour_number(datetime.now(UTC))
    for code in ("request-forged", "request-forged", "already-signed"):
        refusals.count(code)
    assert sorted(refusals.take()) == [(hour, "already-signed", 1), (hour, "request-forged", 2)]
    assert refusals.take() == []
