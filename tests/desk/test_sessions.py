from datetime import UTC, datetime, timedelta

import pytest

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def opened(role="citizen", person="a" * 64, now=NOW):
    from dauys.desk.sessions import open_session
    from dauys.desk.transactions import office_transaction

    with office_transaction():
        return open_session(person, role, "Айгүл С.", now)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("role", "idle"), [("citizen", 30 * MINUTE), ("official", 15 * MINUTE)])
def test_an_idle_session_ends(role, idle):
    from dauys.desk.sessions import find_session

    assert find_session(opened(role), NOW + idle - timedelta(seconds=1))
    assert find_session(opened(role), NOW + idle) is None


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("role", "longest"), [("citizen", 8 * HOUR), ("official", 10 * HOUR)])
def test_a_busy_session_ends_too(role, longest):
    from dauys.desk.sessions import find_session

    token, now = opened(role), NOW
    while now < NOW + longest:
        assert find_session(token, now)
        now += 10 * MINUTE
    assert find_session(token, now) is None


@pytest.mark.usefixtures("desk")
def test_reading_writes_at_most_once_a_minute():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from dauys.desk.sessions import find_session

    token = opened()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        find_session(token, NOW + timedelta(seconds=59))
        assert not [query for query in queries if query["sql"].startswith("UPDATE")]
        find_session(token, NOW + MINUTE)
        find_session(token, NOW + MINUTE)
        assert len([query for query in queries if query["sql"].startswith("UPDATE")]) == 1


@pytest.mark.usefixtures("desk")
def test_inside_a_transaction_it_is_found_without_waiting_for_the_lock():
    from dauys.desk.models import Session
    from dauys.desk.sessions import find_session
    from dauys.desk.transactions import office_transaction

    token = opened()
    with office_transaction():
        assert find_session(token, NOW + 2 * MINUTE)
    assert Session.objects.get().used_at == NOW


@pytest.mark.usefixtures("desk")
def test_everywhere_is_every_browser_of_this_person_alone():
    from dauys.desk.services import log_out_everywhere
    from dauys.desk.sessions import find_session

    mine, other = [opened(), opened()], opened(person="b" * 64)
    assert log_out_everywhere("a" * 64) == 2
    assert [find_session(token, NOW) for token in mine] == [None, None]
    assert find_session(other, NOW)


@pytest.mark.usefixtures("desk")
def test_sessions_that_are_over_are_swept():
    from dauys.desk.models import Session

    opened()
    opened(person="b" * 64, now=NOW + 9 * HOUR)
    assert list(Session.objects.values_list("person", flat=True)) == ["b" * 64]
