"""The demo country's officials: who sits where, always the same persons."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from dauys.demo.candidates import appointed
from dauys.demo.country import addressee_of
from dauys.demo.people import COOKIE, POPULATION, Citizen, citizen, number_in, shown_name, visitor
from dauys.desk.bodies import body_name
from dauys.desk.installation import keys as installation_keys
from dauys.desk.services import appoint
from dauys.desk.sessions import OFFICIAL
from dauys.desk.staff import Official, Role
from dauys.identity.iin import Iin
from dauys.ledger.keys import Keys
from dauys.petitions.acts.common import number_of
from dauys.petitions.models import Petition

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dauys.intake.acts import ActRequest

OFFICIAL_COOKIE = "dauys_demo_official"  # as which official a browser logged in: they stay no citizen of its own

# The demo's own districts, whose akimats answer petitions here: invented, so that no real office is put words in its mouth.
DISTRICTS = ("demo-akimat-sarybel", "demo-akimat-akzhailau", "demo-akimat-tasbulaq")
# (task, body, place): who is in office. Moderators, reviewers and administrators work for the portal itself.
SEATS = (
    (Role.MODERATOR, "", 1),
    (Role.MODERATOR, "", 2),
    (Role.REVIEWER, "", 1),
    *((role, body, 1) for body in ("government", *DISTRICTS) for role in (Role.CLERK, Role.HEAD)),
    (Role.ADMINISTRATOR, "", 1),
)


def official(role: Role, body: str = "", place: int = 1) -> Citizen:
    """The citizen who has this task; of clerks and heads, those of the Government where no body is named."""
    parts = ["official", role.value, "" if body == "government" else body, str(place) if place > 1 else ""]
    return citizen(visitor(" ".join(filter(None, parts))))


def head_of(body: str) -> Citizen:
    """The citizen who heads a body."""
    return official(Role.HEAD, body)


def seated(keys: Keys, role: Role, body: str = "", place: int = 1) -> Official:
    """The row of whoever is in that place; Official.DoesNotExist before `seed_officials`."""
    return Official.objects.get(person=_person(keys, official(role, body, place)))


def seed_officials(keys: Keys, now: datetime) -> None:
    """Appoints those who never were in office: whom the administrator dismissed stays dismissed."""
    for role, body, place in SEATS:
        person = official(role, body, place)
        if not Official.objects.filter(person=_person(keys, person)).exists():
            appoint(keys, Iin.parse(person.iin), role.value, shown_name(person), body, now)


def login_people(request: HttpRequest, role: str) -> list[dict[str, object]]:
    """`{"number", "name", "note"}` of those to log in as; for citizens `?after=N` asks for another one than N."""
    if role == OFFICIAL:
        return [_shown(person, note) for person, note in _in_office()]
    after = request.GET.get("after", "")
    if after.isdecimal():
        return [_shown(citizen((int(after) + 1) % POPULATION), "")]
    return [_shown(remembered(request) or citizen(visitor(request.path)), "")]


def act_people(request: HttpRequest, asked: ActRequest) -> list[dict[str, object]]:
    """Those to sign an act as: whoever this browser was before, or else some citizen; for a decision, the head of its body."""
    if asked.grant.kind == "petition.decision":
        body = Petition.objects.get(pk=number_of(asked.grant.reference, "decision")).body
        if (Role.HEAD, body, 1) in SEATS:
            return [_shown(head_of(body), _note(Role.HEAD, body))]
        if head := remembered(request, OFFICIAL_COOKIE):
            return [_shown(head, _note(Role.HEAD, body))]
    return [_shown(remembered(request) or citizen(visitor(request.path)), "")]


def remembered(request: HttpRequest, cookie: str = COOKIE) -> Citizen | None:
    """Whom this browser signed or logged in as before, so that an author meets their own petition again."""
    number = number_in(request.COOKIES.get(cookie, ""))
    return None if number is None else citizen(number)


def _in_office() -> list[tuple[Citizen, str]]:
    """Who has a task now, with what pages say of it: the demo's own officials, then those whom a visitor appointed."""
    seats = {_person(installation_keys(), official(*seat)): seat for seat in SEATS}
    held = set(Official.objects.filter(person__in=seats, active=True).values_list("person", flat=True))
    own = [(official(*seat), _note(*seat[:2])) for person, seat in seats.items() if person in held]
    return own + [(person, _notes(row)) for person, row in appointed()]


def _person(keys: Keys, who: Citizen) -> str:
    """Whom the row of an official names."""
    return keys.person(f"iin|{who.iin}")


def _note(role: Role, body: str) -> str:
    """Their task, and their body in the language of the page."""
    return f"{role.label}, {addressee_of(body).body.name.say(get_language() or 'kk')}" if body else str(role.label)


def _notes(row: Official) -> str:
    """The same of an official with any number of tasks."""
    tasks = ", ".join(duty.get_role_display() for duty in row.duties.all())
    return f"{tasks}, {body_name(row.body, get_language() or 'kk')}" if row.body else tasks


def _shown(person: Citizen, note: str) -> dict[str, object]:
    return {"number": person.number, "name": shown_name(person), "note": note}
