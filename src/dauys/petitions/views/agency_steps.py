"""What the forms of the agency's desk say, read and handed to the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.desk.bodies import known_body
from dauys.desk.pages import keys
from dauys.desk.staff import Role
from dauys.errors import BadInput, DayDoubtful, DayWrong, NotFound
from dauys.petitions.hearings import Concern, concerns, moment_of
from dauys.petitions.services import consideration, deciding, moderation
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import QueryDict

    from dauys.desk.staff import Official
    from dauys.petitions.models import Petition

MOST_ATTENDED = 1_000_000  # as the leaf `petition.heard` allows


def take_agency_step(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    """The step that the button names; NotFound, and whatever the service says against it."""
    step = _STEPS.get(sent.get("step", ""))
    if step is None:
        raise NotFound
    step(sent, petition, who, now)


def hearing_concerns(sent: QueryDict, petition: Petition, now: datetime) -> list[Concern]:
    """What speaks against the day and hour of the form; DayWrong."""
    calendar = terms_of(petition.rules).pack.calendar
    return concerns(_moment(sent, petition), petition.due, now, calendar)


def _group(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    consideration.form_group(keys(), petition.pk, sent.get("group", ""), who, now)


def _hearing(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    """Calls it, unless its day gives concern and nobody said that it must be so."""
    at = _moment(sent, petition)
    if at > now and "sure" not in sent and hearing_concerns(sent, petition, now):
        raise DayDoubtful
    place = _joined(sent.get("place", ""), sent.get("broadcast", ""))
    consideration.call_hearing(keys(), petition.pk, sent.get("draft", ""), at, place, who, now)


def _minutes(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    attended = sent.get("attended", "").strip()
    if not attended.isdecimal() or len(attended) > 7 or int(attended) > MOST_ATTENDED:
        raise BadInput(what="how many came is a number")
    said = _joined(sent.get("minutes", ""), sent.get("recording", ""))
    consideration.hold_hearing(keys(), petition.pk, said, int(attended), who, now)


def _decision(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    rows = zip(sent.getlist("promise_due"), sent.getlist("promise"), strict=False)
    promises = [(day, words.strip()) for day, words in rows if day or words.strip()]
    deciding.draft_decision(keys(), petition.pk, sent.get("answer", ""), sent.get("decision", ""), promises, who, now)


def _kept(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    number = sent.get("promise_number", "")
    promise = int(number) if number.isdecimal() and len(number) < 3 else len(petition.life.promises)
    consideration.fulfil(keys(), petition.pk, promise, sent.get("kept", ""), who, now)


def _transfer(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    body = known_body(sent.get("body", ""), now).body
    names = {language: body.name.say(language) for language in ("kk", "ru", "en")}
    role = Role.CLERK if who.holds(Role.CLERK) else Role.HEAD
    moderation.transfer(keys(), petition.pk, body.code, names, sent.get("explanation", ""), who, role.value, now)


def _moment(sent: QueryDict, petition: Petition) -> datetime:
    try:
        return moment_of(sent.get("day", ""), sent.get("hour", ""), terms_of(petition.rules).pack.calendar)
    except ValueError:
        raise DayWrong from None


def _joined(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


_STEPS: dict[str, Callable[[QueryDict, Petition, Official, datetime], None]] = {
    "group": _group, "hearing": _hearing, "minutes": _minutes, "decision": _decision, "kept": _kept, "transfer": _transfer,
}  # fmt: skip
