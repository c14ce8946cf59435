"""The demo country's officials: in office from the first start on, and no longer than its administrator wants."""

from datetime import UTC, datetime

import pytest

import webworld

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def keys():
    _, keys = webworld.installation()
    yield keys
    from dauys.desk.models import Duty, Official

    Duty.objects.all().delete()
    Official.objects.update(active=False)


def names_at_log_in():
    from dauys.demo.officials import login_people

    return [shown["name"] for shown in login_people(None, "official")]


def test_whom_the_administrator_dismissed_stays_dismissed_at_the_next_start(keys):
    from dauys.demo.officials import official, seated, seed_officials
    from dauys.demo.people import shown_name
    from dauys.desk.services import appoint, dismiss
    from dauys.desk.staff import Role
    from dauys.identity.iin import Iin

    seed_officials(keys, NOW)
    for place in (1, 2):  # in office again, should an earlier test have sent them home
        who = official(Role.MODERATOR, place=place)
        appoint(keys, Iin.parse(who.iin), "moderator", shown_name(who), "", NOW)
    kept, gone = (seated(keys, Role.MODERATOR, place=place) for place in (1, 2))
    dismiss(gone.person, NOW)
    seed_officials(keys, NOW)
    assert not seated(keys, Role.MODERATOR, place=2).active
    assert gone.name not in names_at_log_in()
    assert seated(keys, Role.MODERATOR, place=1).holds("moderator")
    assert kept.name in names_at_log_in()
