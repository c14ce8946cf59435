"""What reviewers do: decide an appeal in whose object they had no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.desk.texts import is_erased, show_text
from dauys.errors import DayWrong, StepForbidden
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.moments import parse_moment
from dauys.ledger.subjects import reopen_subject
from dauys.petitions.public import text_is_public
from dauys.petitions.services.moderation import open_for_signing, signed_text
from dauys.petitions.services.taking import Official, Taking, taking
from dauys.petitions.services.wording import NONE, keep_translations, keep_words
from dauys.petitions.states import SIGNED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from dauys.ledger.keys import Keys
    from dauys.petitions.models import Petition


def decide_appeal(
    keys: Keys, number: int, granted: bool, explanation: str, by: Official, now: datetime, due: date | None = None,
    others: Mapping[str, str] = NONE,
) -> Petition:  # fmt: skip
    """Grants or rejects the open appeal. A refusal granted away opens the petition at once; a removal is undone.

    `due` is the new last day for the body where the appeal is against silence. PersonInvolved, StepForbidden,
    DayWrong where that day is missing or not to come.
    """
    with taking(keys, number, now) as step:
        officials, appeal = step.require(by, leaves.AppealDecided, "reviewer"), step.life.appeal
        if appeal is None:
            raise StepForbidden(state=step.petition.state)
        if granted and appeal.against == "silence" and (due is None or due.isoformat() <= step.terms.day(step.moment)):
            raise DayWrong
        until = due.isoformat() if due and granted and appeal.against == "silence" else step.terms.day(step.moment)
        kept = keep_words(explanation)
        step.log(leaves.AppealDecided(
            moment=step.moment, subject=step.petition.subject_name, due=until, explanation=kept, granted=granted,
            officials=officials, translations=keep_translations(kept, others),
        ))  # fmt: skip
        if granted and appeal.against == "refusal":
            open_for_signing(step)
        elif granted and appeal.against == "removal":
            _restore(step)
    return step.petition


def _restore(step: Taking) -> None:
    """What was removed is public again as it was, and can be signed again if it could."""
    if text_is_public(step.life, step.terms) and not is_erased(step.life.text_sha256):
        show_text(signed_text(step.petition).canonical)
    if step.life.state in SIGNED:
        reopen_subject(step.connection, step.petition.subject_name, parse_moment(step.life.closes))
