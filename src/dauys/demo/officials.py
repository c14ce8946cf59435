"""The demo country's officials: for each task one, and a second moderator; always the same persons."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dauys.demo.people import POPULATION, Citizen, citizen, shown_name, visitor
from dauys.desk.services import appoint
from dauys.desk.sessions import OFFICIAL
from dauys.desk.staff import Role
from dauys.identity.iin import Iin
from dauys.ledger.keys import Keys

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dauys.intake.acts import ActRequest

COOKIE = "dauys_demo_person"

# Tasks with the body they are for (empty: the portal itself); the second moderator confirms what the first proposes.
TASKS = (
    (Role.MODERATOR, "", 1), (Role.MODERATOR, "", 2), (Role.REVIEWER, "", 1), (Role.CLERK, "government", 1), (Role.HEAD, "government", 1),
    (Role.ADMINISTRATOR, "", 1),
)  # fmt: skip


def official(role: Role, number: int = 1) -> Citizen:
    """The citizen who has this task, the first or another of them."""
    return citizen(visitor(f"official {role.value}" if number == 1 else f"official {role.value} {number}"))


def seed_officials(keys: Keys, now: datetime) -> None:
    """Appoints them where they are not in office yet."""
    for role, body, number in TASKS:
        person = official(role, number)
        appoint(keys, Iin.parse(person.iin), role.value, shown_name(person), body, now)


def login_people(request: HttpRequest, role: str) -> list[dict[str, object]]:
    """`{"number", "name", "note"}` of those to log in as; for citizens `?after=N` asks for another one than N."""
    if role == OFFICIAL:
        return [_shown(official(duty, number), str(duty.label)) for duty, _, number in TASKS]
    after = request.GET.get("after", "")
    if after.isdecimal():
        return [_shown(citizen((int(after) + 1) % POPULATION), "")]
    return [_shown(remembered(request) or citizen(visitor(request.path)), "")]


def act_people(request: HttpRequest, asked: ActRequest) -> list[dict[str, object]]:
    """Those to sign an act as: whoever this browser was before, or else some citizen; for a decision, the heads of bodies."""
    if asked.grant.kind == "petition.decision":
        return [_shown(official(Role.HEAD), str(Role.HEAD.label))]
    return [_shown(remembered(request) or citizen(visitor(request.path)), "")]


def remembered(request: HttpRequest) -> Citizen | None:
    """Whom this browser signed or logged in as before, so that an author meets their own petition again."""
    number = request.COOKIES.get(COOKIE, "")
    return citizen(int(number) % POPULATION) if number.isdecimal() and len(number) < len(str(POPULATION)) + 1 else None


def _shown(person: Citizen, note: str) -> dict[str, object]:
    return {"number": person.number, "name": shown_name(person), "note": note}
