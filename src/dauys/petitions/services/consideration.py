"""What the addressee does with a registered petition: working group, draft and hearing, decision, promises kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from dauys.errors import DayWrong, HearingTooSoon, RoleMissing
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.moments import moment_text
from dauys.ledger.subjects import close_subject
from dauys.petitions.hearings import too_soon
from dauys.petitions.services.taking import Official, Taking, taking
from dauys.petitions.services.wording import NONE, keep_translations, keep_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dauys.ledger.keys import Keys
    from dauys.ledger.office_acts import Evidence
    from dauys.petitions.models import Petition

CLERK, HEAD = "clerk", "head"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a decision promises, and its last day."""

    text: str
    due: date


def form_group(keys: Keys, number: int, text: str, by: Official, now: datetime) -> Petition:
    """Names the working group."""
    with taking(keys, number, now) as step:
        step.log(leaves.Grouped(**_shared(step, by, leaves.Grouped), text=keep_words(text)))
    return step.petition


def call_hearing(
    keys: Keys, number: int, draft: str, at: datetime, place: str, by: Official, now: datetime,
    others: Mapping[str, str] = NONE,
) -> Petition:  # fmt: skip
    """Publishes the draft decision and calls its hearing, or moves it until it was held; `others` translate the draft.

    DayWrong, StepForbidden; HearingTooSoon for a day that leaves people less notice than the rules want.
    """
    if at <= now:
        raise DayWrong
    with taking(keys, number, now) as step:
        least, calendar = step.terms.pack.consideration.hearing_least_notice, step.terms.pack.calendar
        if first := too_soon(at, step.life.hearing, now, calendar, least):
            raise HearingTooSoon(days=least, first=f"{first:%d.%m.%Y}")
        shared, kept = _shared(step, by, leaves.Convened), keep_words(draft)
        step.log(leaves.Convened(
            **shared, draft=kept, hearing=moment_text(at), place=keep_words(place), translations=keep_translations(kept, others)
        ))  # fmt: skip
    return step.petition


def hold_hearing(
    keys: Keys, number: int, minutes: str, attended: int, by: Official, now: datetime, others: Mapping[str, str] = NONE
) -> Petition:
    """Publishes the minutes of the hearing with the address of its recording, and their translations."""
    with taking(keys, number, now) as step:
        shared, kept = _shared(step, by, leaves.Heard), keep_words(minutes)
        step.log(leaves.Heard(**shared, attended=attended, text=kept, translations=keep_translations(kept, others)))
    return step.petition


def decide(
    keys: Keys, number: int, answer: leaves.Answer, text: str, promises: Sequence[Promise], by: Official, evidence: Evidence,
    now: datetime, others: Mapping[str, str] = NONE,
) -> Petition:  # fmt: skip
    """The decision, signed by the head of the body: `evidence` must be the head's own. RoleMissing, StepForbidden."""
    with taking(keys, number, now) as step:
        if getattr(by, "person", evidence.person) != evidence.person:
            raise RoleMissing
        shared, kept = _shared(step, by, leaves.Decided, HEAD), keep_words(text)
        made = [leaves.Promise(each.due.isoformat(), keep_words(each.text)) for each in promises]
        translated = keep_translations(kept, others)
        step.log_signed(
            evidence,
            lambda commitment: leaves.Decided(
                **shared, answer=answer, commitment=commitment, promises=made, text=kept, translations=translated
            ),
        )
        close_subject(step.connection, step.petition.subject_name, now)
    return step.petition


def fulfil(keys: Keys, number: int, promise: int, text: str, by: Official, now: datetime) -> Petition:
    """One promise was kept; the last one ends the petition's life well."""
    with taking(keys, number, now) as step:
        step.log(leaves.Fulfilled(**_shared(step, by, leaves.Fulfilled), promise=promise, text=keep_words(text)))
    return step.petition


def _shared(step: Taking, by: Official, leaf: type[leaves.AnyStep], role: str = CLERK) -> dict[str, object]:
    return {"moment": step.moment, "subject": step.petition.subject_name, "officials": step.require(by, leaf, role)}
