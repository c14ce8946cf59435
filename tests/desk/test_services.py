import secrets
from datetime import UTC, datetime, timedelta

import pytest

from dauys.errors import BadInput, NotOfficial, OfficialUnknown, RequestExpired
from dauys.ledger import logins
from dauys.ledger.logins import LoginResult

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def signed(keys, person, now=NOW, name="Айгүл С."):
    """A log-in that this person has signed; its nonce."""
    from dauys.desk.transactions import office_transaction

    nonce = secrets.token_bytes(16)
    with office_transaction() as connection:
        result = LoginResult(person, logins.wrap_name(keys, nonce, name))
        logins.keep(connection, nonce, result, now + timedelta(minutes=5), now)
    return nonce


@pytest.fixture
def iin():
    """A personal number nobody else in these tests has."""
    from dauys.demo.people import citizen
    from dauys.identity.iin import Iin

    return Iin.parse(citizen(secrets.randbelow(10**6)).iin)


def appoint(keys, iin, role="moderator", **other):
    from dauys.desk.services import appoint

    return appoint(keys, iin, role, "Серікова Айгүл", "Комиссия", other.pop("now", NOW), **other)


def test_a_citizen_logs_in_and_is_known_by_the_token_alone(desk):
    from dauys.desk.models import Session
    from dauys.desk.services import log_in, logged_in, waiting_name

    person = desk.person("iin|1")
    nonce = signed(desk, person)
    assert waiting_name(desk, nonce, NOW) == "Айгүл С."
    token = log_in(desk, nonce, "citizen", NOW)
    who = logged_in(token, NOW)
    assert (who.person, who.session.name, who.official, who.roles) == (person, "Айгүл С.", None, frozenset())
    assert token not in str(Session.objects.values())
    assert logged_in(token[:-1] + "-", NOW) is None
    assert logged_in("", NOW) is None


def test_a_signed_login_opens_one_session(desk):
    from dauys.desk.services import log_in, waiting_name

    nonce = signed(desk, desk.person("iin|1"))
    log_in(desk, nonce, "citizen", NOW)
    assert waiting_name(desk, nonce, NOW) is None
    with pytest.raises(RequestExpired):
        log_in(desk, nonce, "citizen", NOW)


def test_a_declined_login_opens_none(desk):
    from dauys.desk.services import decline_log_in, log_in

    nonce = signed(desk, desk.person("iin|1"))
    decline_log_in(nonce, NOW)
    with pytest.raises(RequestExpired):
        log_in(desk, nonce, "citizen", NOW)


def test_logging_in_ends_the_browsers_old_session(desk):
    from dauys.desk.services import log_in, logged_in

    old = log_in(desk, signed(desk, desk.person("iin|1")), "citizen", NOW)
    new = log_in(desk, signed(desk, desk.person("iin|2")), "citizen", NOW, old)
    assert logged_in(old, NOW) is None
    assert logged_in(new, NOW).person == desk.person("iin|2")


def test_an_official_is_known_with_their_tasks(desk, iin):
    from dauys.desk.services import log_in, logged_in

    official = appoint(desk, iin, "moderator")
    appoint(desk, iin, "administrator")
    token = log_in(desk, signed(desk, official.person), "official", NOW)
    who = logged_in(token, NOW)
    assert who.official == official
    assert who.roles == {"moderator", "administrator"}


def test_who_holds_no_office_is_refused_counted_and_the_request_is_used(desk):
    from django.db import connection

    from dauys.desk.services import log_in, waiting_name

    def counted():
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(attempts), 0) FROM ledger_refusal WHERE code = 'not-official'")
            return cursor.fetchone()[0]

    before, nonce = counted(), signed(desk, desk.person("iin|3"))
    with pytest.raises(NotOfficial):
        log_in(desk, nonce, "official", NOW)
    assert waiting_name(desk, nonce, NOW) is None
    assert counted() == before + 1


def test_an_official_who_logs_in_as_a_citizen_has_no_tasks(desk, iin):
    from dauys.desk.services import log_in, logged_in

    official = appoint(desk, iin)
    who = logged_in(log_in(desk, signed(desk, official.person), "citizen", NOW), NOW)
    assert (who.official, who.roles) == (None, frozenset())


def test_dismissal_works_at_once_and_in_every_browser(desk, iin):
    from dauys.desk.models import Session
    from dauys.desk.services import dismiss, log_in, logged_in

    official = appoint(desk, iin)
    tokens = [log_in(desk, signed(desk, official.person), "official", NOW) for _ in range(2)]
    dismiss(official.person, NOW)
    assert [logged_in(token, NOW) for token in tokens] == [None, None]
    assert not Session.objects.filter(person=official.person).exists()
    with pytest.raises(NotOfficial):
        log_in(desk, signed(desk, official.person), "official", NOW)
    with pytest.raises(OfficialUnknown):
        dismiss(official.person, NOW)


def test_a_session_of_one_no_longer_in_office_is_nobodys(desk, iin):
    from dauys.desk.models import Official
    from dauys.desk.services import log_in, logged_in

    official = appoint(desk, iin)
    token = log_in(desk, signed(desk, official.person), "official", NOW)
    Official.objects.filter(pk=official.pk).update(active=False)
    assert logged_in(token, NOW) is None


def test_a_new_appointment_brings_no_old_task_back(desk, iin):
    from dauys.desk.services import dismiss

    official = appoint(desk, iin, "administrator")
    dismiss(official.person, NOW)
    again = appoint(desk, iin, "clerk")
    assert again.pk == official.pk
    assert [duty.role for duty in again.duties.all()] == ["clerk"]


def test_who_was_appointed_and_dismissed_by_whom_is_kept(desk, iin):
    from dauys.desk.models import StaffChange
    from dauys.desk.services import dismiss

    administrator = desk.person("iin|7")
    official = appoint(desk, iin, "moderator")
    appoint(desk, iin, "moderator")  # the same again is no change
    dismiss(official.person, NOW + timedelta(days=1), by=administrator)
    changes = StaffChange.objects.filter(official=official).order_by("at").values_list("kind", "role", "by", "at")
    assert list(changes) == [
        ("appointed", "moderator", "", NOW),
        ("dismissed", "", administrator, NOW + timedelta(days=1)),
    ]


def test_the_database_lets_nobody_rewrite_changes_of_staff(desk, iin):
    from django.db import DatabaseError

    from dauys.desk.models import StaffChange

    changes = StaffChange.objects.filter(official=appoint(desk, iin))
    with pytest.raises(DatabaseError, match="staffchange_only_ever_added"):
        changes.update(by="f" * 64)
    with pytest.raises(DatabaseError, match="staffchange_only_ever_added"):
        changes.delete()


@pytest.mark.parametrize(("role", "name"), [("president", "А"), ("moderator", "")])
def test_an_appointment_that_cannot_be(desk, iin, role, name):
    from dauys.desk.services import appoint

    with pytest.raises(BadInput):
        appoint(desk, iin, role, name, "", NOW)


def test_the_database_holds_the_rules_itself(desk, iin):
    from django.db import IntegrityError

    from dauys.desk.models import Duty, Official, Session

    official = appoint(desk, iin)
    times = {"opened_at": NOW, "used_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    session = {"token_sha256": "a" * 64, "person": "b" * 64, "role": "citizen", "name": "А"} | times
    Session.objects.create(**session)
    wrong = {
        "official_person_is_a_digest": lambda: Official.objects.create(person=iin.digits, name="А"),
        "official_has_name": lambda: Official.objects.create(person="c" * 64, name=""),
        "desk_official.person": lambda: Official.objects.create(person=official.person, name="А"),
        "duty_role_known": lambda: Duty.objects.create(official=official, role="president"),
        "desk_duty.official_id, desk_duty.role": lambda: Duty.objects.create(official=official, role="moderator"),
        "desk_session.token_sha256": lambda: Session.objects.create(**session),
        "session_role_known": lambda: Session.objects.create(**session | {"token_sha256": "d", "role": "x"}),
        "session_ends_after_opening": lambda: Session.objects.create(**session | {"token_sha256": "e", "ends_at": NOW}),
    }
    for constraint, make in wrong.items():
        with pytest.raises(IntegrityError, match=constraint):
            make()
