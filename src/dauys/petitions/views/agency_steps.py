"""What the forms of the agency's desk say, read and handed to the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from dauys.desk.bodies import known_body
from dauys.desk.installation import keys
from dauys.desk.staff import Role
from dauys.errors import BadInput, DayDoubtful, DayWrong, FieldsMissing, LanguageDoubtful, NotFound
from dauys.petitions.hearings import Concern, concerns, moment_of, too_soon
from dauys.petitions.services import consideration, deciding, moderation
from dauys.petitions.terms import terms_of
from dauys.petitions.tongues import seems_foreign
from dauys.petitions.views.translating import others_in
from dauys.petitions.words import CONCERNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import QueryDict
    from django.utils.functional import Promise

    from dauys.desk.staff import Official
    from dauys.petitions.models import Petition

MOST_ATTENDED = 1_000_000  # as the leaf `petition.heard` allows
NEEDED: dict[str, dict[str, Promise]] = {  # what each form cannot do without, as its labels say
    "group": {"group": _("Who is in it")},
    "hearing": {"day": _("Day"), "hour": _("Hour"), "place": _("Place"), "draft": _("Draft decision")},
    "minutes": {"attended": _("How many came"), "minutes": _("What was said and asked")},
    "decision": {"answer": _("The answer"), "decision": _("Decision with its reasons")},
    "kept": {"kept": _("How, and where people can see it")},
    "transfer": {"explanation": _("Why it is theirs")},
}

PUBLISHED = {"group": "group", "hearing": "draft", "minutes": "minutes", "kept": "kept", "transfer": "explanation"}


def take_agency_step(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    """The step that the button names; NotFound, FieldsMissing, and whatever the service says against it."""
    step = _STEPS.get(sent.get("step", ""))
    if step is None:
        raise NotFound
    if missing := missing_fields(sent):
        raise FieldsMissing(fields=", ".join(map(str, missing.values())))
    if "as-is" not in sent and foreign_field(sent, petition):
        raise LanguageDoubtful
    step(sent, petition, who, now)


def missing_fields(sent: QueryDict) -> dict[str, Promise]:
    """What the form that was sent cannot do without and left empty: labels by the names of fields."""
    needed = NEEDED.get(sent.get("step", ""), {})
    return {name: words for name, words in needed.items() if not sent.get(name, "").strip()}


def foreign_field(sent: QueryDict, petition: Petition) -> str:
    """The field whose words would be published at once and seem to lack the petition's language; empty for none."""
    name = PUBLISHED.get(sent.get("step", ""), "")
    return name if seems_foreign(sent.get(name, ""), petition.language) else ""


def hearing_concerns(sent: QueryDict, petition: Petition, now: datetime) -> list[Concern]:
    """What speaks against the day and hour of the form, unless the rules refuse them anyway; DayWrong."""
    at, pack = _moment(sent, petition), terms_of(petition.rules).pack
    if too_soon(at, petition.life.hearing, now, pack.calendar, pack.consideration.hearing_least_notice):
        return []
    return concerns(at, petition.due, now, pack.calendar, pack.consideration.hearing_notice)


def _group(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    consideration.form_group(keys(), petition.pk, sent.get("group", ""), who, now)


def _hearing(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    """Calls it, unless its day gives concern and nobody said that it must be so."""
    at = _moment(sent, petition)
    if at > now and "sure" not in sent and (found := hearing_concerns(sent, petition, now)):
        raise DayDoubtful(doubts=" ".join(str(CONCERNS[each]) for each in found))
    place = _joined(sent.get("place", ""), sent.get("broadcast", ""))
    consideration.call_hearing(
        keys(), petition.pk, sent.get("draft", ""), at, place, who, now, _others(sent, "draft", petition)
    )


def _minutes(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    attended = sent.get("attended", "").strip()
    if not attended.isdecimal() or len(attended) > 7 or int(attended) > MOST_ATTENDED:
        raise BadInput(what="how many came is a number")
    said = _joined(sent.get("minutes", ""), sent.get("recording", ""))
    consideration.hold_hearing(keys(), petition.pk, said, int(attended), who, now, _others(sent, "minutes", petition))


def _decision(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    rows = zip(sent.getlist("promise_due"), sent.getlist("promise"), strict=False)
    promises = [(day, words.strip()) for day, words in rows if day or words.strip()]
    others = _others(sent, "decision", petition)
    answer, text = sent.get("answer", ""), sent.get("decision", "")
    deciding.draft_decision(keys(), petition.pk, answer, text, promises, who, now, others)


def _kept(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    number = sent.get("promise_number", "")
    promise = int(number) if number.isdecimal() and len(number) < 3 else len(petition.life.promises)
    consideration.fulfil(keys(), petition.pk, promise, sent.get("kept", ""), who, now)


def _transfer(sent: QueryDict, petition: Petition, who: Official, now: datetime) -> None:
    body = known_body(sent.get("body", ""), now).body
    names = {language: body.name.say(language) for language in ("kk", "ru", "en")}
    role = Role.CLERK if who.holds(Role.CLERK) else Role.HEAD
    said, others = sent.get("explanation", ""), _others(sent, "explanation", petition)
    moderation.transfer(keys(), petition.pk, body.code, names, said, who, role.value, now, others)


def _moment(sent: QueryDict, petition: Petition) -> datetime:
    try:
        return moment_of(sent.get("day", ""), sent.get("hour", ""), terms_of(petition.rules).pack.calendar)
    except ValueError:
        raise DayWrong from None


def _others(sent: QueryDict, field: str, petition: Petition) -> dict[str, str]:
    return others_in(sent, field, petition.language)


def _joined(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


_STEPS: dict[str, Callable[[QueryDict, Petition, Official, datetime], None]] = {
    "group": _group, "hearing": _hearing, "minutes": _minutes, "decision": _decision, "kept": _kept, "transfer": _transfer,
}  # fmt: skip
