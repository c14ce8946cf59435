"""The clock's steps, taken by one worker at a time."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

import webworld
from dauys.cli.office_jobs import OfficeJobs

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.fixture
def petition():
    _, keys = webworld.installation()
    from dauys.petitions.services import moderation

    yield moderation.accept(keys, webworld.hand_in(NOW).pk, webworld.MODERATOR, NOW)
    webworld.clear()


def test_a_round_takes_what_is_due_and_only_that(petition):
    places, _ = webworld.installation()
    jobs = OfficeJobs(places, "demo")
    with closing(jobs._role):
        assert jobs.tick(NOW + timedelta(days=1)) == 0
        webworld.tally(petition, 60, NOW, NOW + timedelta(hours=2))
        assert jobs.tick(NOW + timedelta(days=1)) == 1
        petition.refresh_from_db()
        assert petition.state == "collecting"
        assert jobs.tick(NOW + timedelta(days=2)) == 0
        assert jobs.tick(NOW + timedelta(days=400)) == 1
        petition.refresh_from_db()
        assert petition.state == "lapsed"


def test_another_worker_waits_its_turn(petition):
    places, _ = webworld.installation()
    webworld.tally(petition, 60, NOW, NOW + timedelta(hours=2))
    first, second = OfficeJobs(places, "demo"), OfficeJobs(places, "demo")
    with closing(second._role):
        with closing(first._role):
            assert first._role.take()
            assert second.tick(NOW + timedelta(days=1)) == 0
        assert second.tick(NOW + timedelta(days=1)) == 1


def test_once_takes_all_that_is_due_and_gives_the_role_back(petition):
    from dauys.petitions.notices import Notice

    places, _ = webworld.installation()
    webworld.tally(petition, 60, NOW, NOW + timedelta(hours=2))
    jobs, other = OfficeJobs(places, "demo"), OfficeJobs(places, "demo")
    with closing(other._role):
        assert other._role.take()
        assert jobs.once(NOW + timedelta(days=400)) is None
    assert jobs.once(NOW + timedelta(days=400)) == (2, 0)  # listed in time, lapsed for want of signatures
    petition.refresh_from_db()
    assert petition.state == "lapsed"
    assert not Notice.objects.filter(
        petition=petition, done_at=None
    ).exists()  # the round of letters ran, nobody asked for one
    assert jobs.once(NOW + timedelta(days=400)) == (0, 0)
