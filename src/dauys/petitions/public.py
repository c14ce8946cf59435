"""What a petition's life says to the public: whose turn it is and for how long, and whether its text is shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from dauys.ledger.moments import moment_text
from dauys.petitions.life import appealable, mendable
from dauys.petitions.states import Actor, State
from dauys.rules.clocks import Bucket, Deadline

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.petitions.life import Life
    from dauys.petitions.terms import PackTerms

PRIVATE = ("before", "bound", "involved")  # of a life: what only the fold needs


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, the last day for it, and the working days left or over: at most one of these is above 0."""

    actor: Actor
    due: date
    left: int
    over: int
    bucket: Bucket

    @property
    def late(self) -> bool:
        """Whether the last day has passed, be it on a free day."""
        return self.bucket is Bucket.OVERDUE


def turn_of(life: Life, terms: PackTerms, now: datetime) -> Turn | None:
    """The clock that runs in this state; None where nobody must do anything by a day, or nothing is left to be done."""
    if life.turn is Actor.NOBODY or not life.due:
        return None
    if life.turn is Actor.AUTHOR and not life.appeal and not _left_to_author(life, terms, moment_text(now)):
        return None
    return _turn(life.turn, life.due, terms, now)


def _left_to_author(life: Life, terms: PackTerms, moment: str) -> bool:
    """Whether an appeal or a repair is, or until the last day was, still open."""
    day = min(terms.day(moment), life.due)
    return bool(appealable(life, day) or mendable(life, terms, day))


def review_of(life: Life, terms: PackTerms, now: datetime) -> Turn | None:
    """The clock of an open appeal."""
    return _turn(Actor.REVIEWER, life.appeal.due, terms, now) if life.appeal else None


def _turn(actor: Actor, due: str, terms: PackTerms, now: datetime) -> Turn:
    deadline = Deadline(terms.pack.calendar, date.fromisoformat(due))
    return Turn(actor, deadline.due, deadline.left(now), deadline.overdue(now), deadline.bucket(now))


def text_is_public(life: Life, terms: PackTerms) -> bool:
    """Whether the author's text is shown: once signing began, or refused for a reason that does not forbid it."""
    if life.state is State.REMOVED:
        return False
    return bool(life.opened) or (life.state is State.REFUSED and not terms.hides(life.reasons))


def facts(life: Life, terms: PackTerms, now: datetime) -> dict[str, Any]:
    """Everything public about a petition as plain values: its life, with both clocks as of an aware moment."""
    told: dict[str, Any] = msgspec.to_builtins(life)
    for name in PRIVATE:
        del told[name]
    clocks = {"clock": turn_of(life, terms, now), "review": review_of(life, terms, now)}
    return told | {"turn": str(life.turn), "text_public": text_is_public(life, terms)} | {
        name: clock and {"whose": str(clock.actor), "due": clock.due.isoformat(), "working_days_left": clock.left,
                         "working_days_over": clock.over, "late": clock.late}
        for name, clock in clocks.items()
    }  # fmt: skip
