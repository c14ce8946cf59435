"""Who is late as of a moment: moderators, bodies, reviewers, and the operator whose clock should have moved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dauys.audit.lives import standing_until
from dauys.audit.words import body_fact
from dauys.ledger.moments import from_unix, moment_text, parse_moment
from dauys.petitions.public import review_of, turn_of
from dauys.petitions.states import Actor, State
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dauys.audit.lives import Lives
    from dauys.ledger.opened import Opened
    from dauys.ledger.recount import Recount
    from dauys.petitions.life import Life

    Duty = tuple[int | None, str, dict[str, Any]]  # an entry's index, a code of findings, its facts

PATIENCE = 3  # working days that the operator has where no rule names a day: lists, backups and nights pass meanwhile
LATE = {
    Actor.MODERATOR: "moderation-overdue", Actor.BODY: "decision-overdue", Actor.SUPPORTERS: "closing-overdue",
}  # fmt: skip


def overdue(lives: Lives, recount: Recount, now: datetime) -> Iterator[Duty]:
    """Everything that somebody owes since a day that is over."""
    for life in lives.lives.values():
        names = lives.bodies.get(life.body, {})
        yield from _turns(life, names, now)
        yield from _thresholds(life, lives, recount, now)
        yield from _minutes(life, names, now)
        subject = recount.subjects.get(life.subject)
        if subject is not None:
            yield from _openings(life, subject, now)
    yield from _confirmation(lives, recount, now)


def _turns(life: Life, names: dict[str, str], now: datetime) -> Iterator[Duty]:
    terms = terms_of(life.rules)
    turn, review = turn_of(life, terms, now), review_of(life, terms, now)
    if turn is not None and turn.late and turn.actor in LATE:
        code = "promise-overdue" if life.state is State.DECIDED else LATE[turn.actor]
        if code != "closing-overdue" or turn.over > PATIENCE:
            yield None, code, {
                "subject": life.subject, "since": life.since[:10], "due": turn.due.isoformat(), "days": turn.over,
                "body": body_fact(life.rules, life.body, names),
            }  # fmt: skip
    if review is not None and review.late:
        yield None, "review-overdue", {"subject": life.subject, "due": review.due.isoformat(), "days": review.over}


def _thresholds(life: Life, lives: Lives, recount: Recount, now: datetime) -> Iterator[Duty]:
    """A success that the operator keeps to itself."""
    reached, gate = lives.reached.get(life.subject), terms_of(life.rules).gate
    if life.state is State.COLLECTING and reached is not None and _days(life, from_unix(reached.at), now) > 1:
        yield reached.entry, "registration-overdue", {
            "subject": life.subject, "needed": life.threshold, "held": reached.held,
        }  # fmt: skip
    if life.state is State.GATHERING and (held := standing_until(life, recount)) >= gate:
        subject = recount.subjects[life.subject]
        since = max(hour for (_, hour), count in subject.hours.items() if count > 0)
        if _days(life, from_unix(since), now) > PATIENCE:
            yield None, "listing-overdue", {"subject": life.subject, "needed": gate, "held": held}


def _minutes(life: Life, names: dict[str, str], now: datetime) -> Iterator[Duty]:
    """The rules name no day for minutes, so this is worth knowing and no more."""
    if life.state is State.HEARING and not life.heard and life.hearing:
        days = _days(life, parse_moment(life.hearing), now)
        if days > PATIENCE:
            facts = {"subject": life.subject, "due": life.hearing[:10], "days": days}
            yield None, "minutes-awaited", facts | {"body": body_fact(life.rules, life.body, names)}


def _openings(life: Life, subject: Opened, now: datetime) -> Iterator[Duty]:
    ended = from_unix(subject.ends)
    if subject.withdrawals.hidden and (days := _days(life, ended, now)) > 1:
        yield None, "opening-overdue", {
            "subject": life.subject, "count": len(subject.withdrawals.hidden), "days": days,
            "due": terms_of(life.rules).last_day(moment_text(ended)),
        }  # fmt: skip
    if subject.paper:
        yield None, "sheet-awaited", {"subject": life.subject, "count": subject.paper}


def _confirmation(lives: Lives, recount: Recount, now: datetime) -> Iterator[Duty]:
    """Lists of authorities come daily."""
    if not recount.standing.provisional or not lives.lives:
        return
    first = recount.standing.provisional[0]
    since = from_unix(first.hour.since or 0)
    days = _days(next(iter(lives.lives.values())), since, now)
    if days > PATIENCE:
        yield first.start, "confirmation-overdue", {"since": moment_text(since)[:10], "days": days}


def _days(life: Life, since: datetime, now: datetime) -> int:
    """Working days after one moment, up to another, by the petition's calendar."""
    calendar = terms_of(life.rules).pack.calendar
    return calendar.between(calendar.local_day(since - timedelta(seconds=1)), calendar.local_day(now))
