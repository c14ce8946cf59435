"""What time drives: first supporters found, windows closed, thresholds reached. Idempotent; caught up after downtime."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from dauys.errors import StepForbidden
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.subjects import close_subject
from dauys.petitions import queries
from dauys.petitions.models import Petition
from dauys.petitions.services.retiring import retire_due
from dauys.petitions.services.sweeping import sweep_drafts
from dauys.petitions.services.taking import Taking, taking
from dauys.petitions.services.unsigning import open_due
from dauys.petitions.states import SIGNED, State
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dauys.ledger.keys import Keys

NO_END = 1 << 40  # hours
logger = logging.getLogger(__name__)


def waiting(now: datetime) -> list[int]:
    """Petitions that may have a step due, by their published counts: one query, and no lock."""
    signed = queries.published().filter(state__in=[str(state) for state in SIGNED])
    today = timezone.localdate(now)
    found = []
    for petition in signed.only("state", "due", "closes_at", "rules", "threshold"):
        if petition.state == State.GATHERING:
            ready = petition.due < today or petition.signatures >= terms_of(petition.rules).gate
        else:
            ready = petition.closes_at <= now or petition.final >= petition.threshold
        found += [petition.pk] if ready else []
    return found


def run_deadlines(keys: Keys, now: datetime, numbers: Iterable[int] | None = None) -> int:
    """Takes every step that is due, of these petitions or of all, and sweeps old drafts; how many steps.

    Safe at any time, by several processes.
    """
    sweep_drafts(now)
    taken = 0
    if numbers is None:
        numbers = Petition.objects.filter(state__in=[str(state) for state in SIGNED]).values_list("pk", flat=True)
    for number in numbers:
        try:
            with taking(keys, number, now) as step:
                taken += _advance(step)
        except StepForbidden:  # somebody else took it meanwhile
            logger.info("petition %s had moved on", number)
    return taken + open_due(keys, now) + retire_due(now)


def _advance(step: Taking) -> int:
    """At most two steps of one petition: listed and, the threshold reached as well, registered."""
    taken, life, (standing, final) = 0, step.life, _counted(step)
    shared = {"moment": step.moment, "subject": step.petition.subject_name}
    if life.state is State.GATHERING and standing >= step.terms.gate:
        step.log(leaves.Listed(**shared, signatures=standing))
        taken, (standing, final) = 1, _counted(step)  # from now on, all that came
    if step.life.state is State.COLLECTING and final >= life.threshold:
        due = step.terms.answer_due(life.level, step.moment)
        step.log(leaves.Registered(**shared, due=due, signatures=final))
        return taken + 1
    if _over(step) and standing == final:  # what still waits for its confirmation may decide
        step.log(leaves.Lapsed(**shared, signatures=final))
        close_subject(step.connection, step.petition.subject_name, step.now)
        return taken + 1
    return taken


def _over(step: Taking) -> bool:
    life = step.life
    if life.state is State.GATHERING:
        return step.terms.day(step.moment) > life.due
    return life.state is State.COLLECTING and step.moment >= life.closes


def _counted(step: Taking) -> tuple[int, int]:
    """Signatures that stand, and the final ones among them, of the tiers that the pack sums: one query, however many.

    The first supporters only bring a petition into the lists, so standing ones are enough, but in their time, however
    late this runs; what obliges is final.
    """
    life, tiers, until = step.life, step.terms.pack.tiers, NO_END
    if life.state is State.GATHERING:
        until = int(step.terms.pack.calendar.end_of(date.fromisoformat(life.due)).timestamp()) // 3600
    places = ", ".join("?" * len(tiers))
    row = step.connection.execute(
        "WITH subject AS (SELECT id FROM ledger_subject WHERE name = ?) "  # noqa: S608 - places only
        "SELECT coalesce(sum(standing), 0), coalesce(sum(max(0, final)), 0) FROM "
        "(SELECT sum(standing) AS standing, sum(final) AS final FROM "
        "(SELECT hour, tier, committed - taken_back AS standing, final FROM ledger_tally "
        "WHERE subject_id = (SELECT id FROM subject) UNION ALL "
        "SELECT hour, tier, -committed, -committed FROM ledger_withdrawn WHERE subject_id = (SELECT id FROM subject)) "
        f"WHERE hour < ? AND tier IN ({places}) GROUP BY tier)",
        (step.petition.subject_name, until, *tiers),
    ).fetchone()
    return int(row[0]), int(row[1])
