"""What can be done with officials and sessions; web and command line call these same functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dauys.desk.record import SYSTEM, record
from dauys.desk.sessions import CITIZEN, OFFICIAL, Session, close_session, close_sessions, find_session, open_session
from dauys.desk.staff import Duty, Official, Role, StaffChange
from dauys.desk.transactions import office_transaction, reading_connection
from dauys.errors import BadInput, LastAdministrator, NotOfficial, OfficialUnknown, RequestExpired
from dauys.identity.iin import Iin
from dauys.ledger import logins, sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.moments import hour_number


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Whoever is behind a request: the session, and for an official in office their row and tasks."""

    session: Session
    official: Official | None = None
    roles: frozenset[str] = frozenset()

    @property
    def person(self) -> str:
        """As `Keys.person` names them."""
        return self.session.person


def appoint(keys: Keys, iin: Iin, role: str, name: str, body: str, now: datetime, by: str = "") -> Official:
    """Gives an official a task, making or renewing their row; `by` is the appointing official's person. BadInput."""
    if role not in Role.values or not name:
        raise BadInput(what="an official has a known role and a name")
    with office_transaction():
        official, _ = Official.objects.update_or_create(
            person=keys.person(f"iin|{iin.digits}"), defaults={"name": name, "body": body, "active": True}
        )
        if Duty.objects.get_or_create(official=official, role=role)[1]:
            StaffChange.objects.create(official=official, kind=StaffChange.Kind.APPOINTED, role=role, by=by, at=now)
            record(_number(by), "staff.appointed", f"official/{official.pk}", now, role)
    return official


def dismiss(person: str, now: datetime, by: str = "", role: str = "") -> Official:
    """Takes one task from an official, or all where none is named; OfficialUnknown where they have no such task.

    With the last task they leave office and their sessions end. LastAdministrator where a colleague would leave nobody to
    appoint; the command line may, since it can appoint again.
    """
    with office_transaction():
        official = Official.objects.filter(person=person, active=True).first()
        if official is None or (role and not official.holds(role)):
            raise OfficialUnknown
        gone = official.duties.filter(role=role) if role else official.duties.all()
        if by and gone.filter(role=Role.ADMINISTRATOR).exists() and not _another_administrator(official):
            raise LastAdministrator
        gone.delete()
        if not official.duties.exists():
            official.active = False
            official.save()
            close_sessions(person)
        StaffChange.objects.create(official=official, kind=StaffChange.Kind.DISMISSED, role=role, by=by, at=now)
        record(_number(by), "staff.dismissed", f"official/{official.pk}", now, role)
    return official


def waiting_name(keys: Keys, nonce: bytes, now: datetime) -> str | None:
    """The name of who signed this log-in, while it waits to be taken up."""
    result = logins.find(reading_connection(), nonce, now)
    return None if result is None else logins.unwrap_name(keys, nonce, result.name)


def log_in(keys: Keys, nonce: bytes, role: str, now: datetime, old_token: str = "") -> str:
    """Takes the signed log-in up, once, and opens a session; its token. `old_token` is of a session to end.

    RequestExpired where nothing waits; NotOfficial (and counted) where an official's log-in is nobody's in office.
    """
    with office_transaction() as connection:
        result = logins.take(connection, nonce, now)
        if result is None:
            raise RequestExpired
        refused = role != CITIZEN and not _in_office(result.person)
        if refused:
            sqlite.count_refusals(connection, [(hour_number(now), NotOfficial.code, 1)])
        else:
            close_session(old_token)
            name, number = logins.unwrap_name(keys, nonce, result.name), logins.unwrap_number(keys, nonce, result.name)
            token = open_session(result.person, role, name, now, number if role == CITIZEN else "")
    if refused:  # only now, so that the request stays used
        raise NotOfficial
    return token


def decline_log_in(nonce: bytes, now: datetime) -> None:
    """Forgets a signed log-in that the browser's owner does not want."""
    with office_transaction() as connection:
        logins.take(connection, nonce, now)


def log_out(token: str) -> None:
    """Ends one session."""
    with office_transaction():
        close_session(token)


def log_out_everywhere(person: str) -> int:
    """Ends all of a person's sessions; how many."""
    with office_transaction():
        return close_sessions(person)


def logged_in(token: str, now: datetime) -> LoggedIn | None:
    """Who holds this token; an official only while in office."""
    session = find_session(token, now)
    if session is None or session.role != OFFICIAL:
        return session and LoggedIn(session)
    official = Official.objects.filter(person=session.person, active=True).first()
    if official is None:
        return None
    return LoggedIn(session, official, frozenset(official.duties.values_list("role", flat=True)))


def _in_office(person: str) -> bool:
    return Official.objects.filter(person=person, active=True).exists()


def _another_administrator(official: Official) -> bool:
    return Duty.objects.filter(role=Role.ADMINISTRATOR, official__active=True).exclude(official=official).exists()


def _number(person: str) -> int:
    """The number on the record of whoever acts by this person; SYSTEM for the command line."""
    return Official.objects.filter(person=person).values_list("pk", flat=True).first() or SYSTEM
