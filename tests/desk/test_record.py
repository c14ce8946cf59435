"""What officials do is on the record, which nothing changes; what one has in hand is another's only after a while."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import webworld
from dauys.errors import HeldByColleague, ReportsTooMany, WordsMissing

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("desk")


def test_the_record_is_only_added_to():
    from django.db import DatabaseError

    from dauys.desk.models import Action
    from dauys.desk.record import record
    from dauys.desk.transactions import office_transaction

    with office_transaction():
        record(7, "petition.opened", "petition/1", NOW)
    row = Action.objects.latest("pk")
    for change in (
        lambda: Action.objects.filter(pk=row.pk).update(by=8),
        lambda: Action.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), office_transaction():
            change()
    assert Action.objects.get(pk=row.pk).by == 7


def test_a_claim_keeps_others_off_until_its_last_sign_of_life_is_five_minutes_old():
    from dauys.desk import claims

    claims.claim("petition/900", 1, NOW)
    claims.claim("petition/900", 1, NOW + timedelta(minutes=4))
    with pytest.raises(HeldByColleague):
        claims.claim("petition/900", 2, NOW + timedelta(minutes=8))
    claims.release("petition/900", 2)  # not theirs to put down
    assert claims.holders(["petition/900"], NOW + timedelta(minutes=8)) == {"petition/900": 1}
    claims.claim("petition/900", 2, NOW + timedelta(minutes=9))
    claims.release("petition/900", 2)
    assert claims.holders(["petition/900"], NOW) == {}


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 400), st.booleans()), max_size=30))
def test_nothing_is_ever_in_two_hands(steps):
    from dauys.desk import claims
    from dauys.desk.models import Claim

    Claim.objects.all().delete()
    now, holder, beat = NOW, None, NOW
    for who, seconds, lets_go in steps:
        now += timedelta(seconds=seconds)
        free = holder in (None, who) or now - beat >= claims.LASTS
        if lets_go:
            claims.release("petition/901", who)
            holder = None if holder == who else holder
        elif free:
            claims.claim("petition/901", who, now)
            holder, beat = who, now
        else:
            with pytest.raises(HeldByColleague):
                claims.claim("petition/901", who, now)


def test_reports_of_one_network_are_counted_by_the_hour_and_forgotten():
    from dauys.desk import reports

    _, keys = webworld.installation()

    def send(now, address="2001:db8::1"):
        reports.report(keys, "petition/902", "other", "міне", address, now)

    for host in range(reports.AN_HOUR):  # one household has many addresses of one /64
        send(NOW, f"2001:db8::{host + 1:x}")
    with pytest.raises(ReportsTooMany):
        send(NOW)
    send(NOW, "2001:db8:0:1::1")
    send(NOW + timedelta(hours=1))
    assert reports.ReportCount.objects.count() == 1  # of the hour that is running
    with pytest.raises(WordsMissing):
        reports.report(keys, "petition/902", "other", "  ", "192.0.2.1", NOW)
    assert reports.waiting(["petition/902"]) == {"petition/902": reports.AN_HOUR + 2}
    assert reports.settle("petition/902", 7, NOW) == reports.AN_HOUR + 2
    assert reports.waiting(["petition/902"]) == {}


def test_the_same_network_has_another_code_each_hour_and_each_installation():
    from dataclasses import replace

    from dauys.desk.reports import network_digest

    _, keys = webworld.installation()
    codes = {
        network_digest(keys, "192.0.2.1", 1), network_digest(keys, "192.0.2.1", 2), network_digest(keys, "192.0.2.2", 1),
        network_digest(replace(keys, login=bytes(32)), "192.0.2.1", 1), network_digest(keys, "no address", 1),
    }  # fmt: skip
    assert len(codes) == 5
