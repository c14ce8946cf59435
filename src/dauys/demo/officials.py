"""The demo country's officials: one for each task, always the same persons."""

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

# Body by task; names of bodies are proper names, in the state language.
BODIES = {
    Role.MODERATOR: "Петициялар порталы",
    Role.REVIEWER: "Шағымдарды қарау комиссиясы",
    Role.CLERK: "Су ресурстары және ирригация министрлігі",
    Role.HEAD: "Су ресурстары және ирригация министрлігі",
    Role.ADMINISTRATOR: "Петициялар порталы",
}


def official(role: Role) -> Citizen:
    """The citizen who has this task."""
    return citizen(visitor(f"official {role.value}"))


def seed_officials(keys: Keys, now: datetime) -> None:
    """Appoints them where they are not in office yet."""
    for role, body in BODIES.items():
        person = official(role)
        appoint(keys, Iin.parse(person.iin), role.value, shown_name(person), body, now)


def login_people(request: HttpRequest, role: str) -> list[dict[str, object]]:
    """`{"number", "name", "note"}` of those to log in as; for citizens `?after=N` asks for another one than N."""
    if role == OFFICIAL:
        return [_shown(official(duty), str(duty.label)) for duty in BODIES]
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
