"""From a draft of the decision to the decision: clerks write it, the head of the body signs what was previewed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dauys.desk.staff import Official as Staff
from dauys.errors import (
    BadInput,
    ExplanationUnfinished,
    PromisesRefused,
    PromiseUnfinished,
    RoleMissing,
    StepForbidden,
    TextChanged,
    WordsMissing,
)
from dauys.ledger import petition_leaves as leaves
from dauys.petitions.canonical import one_line
from dauys.petitions.decision_draft import ANSWERS, MOST_PROMISES, DecisionDraft
from dauys.petitions.explanations import is_unfinished
from dauys.petitions.services.consideration import CLERK, HEAD, Promise, decide
from dauys.petitions.services.taking import Official, taking
from dauys.petitions.services.wording import NONE
from dauys.petitions.states import CONSIDERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.ledger.office_acts import SignedAct
    from dauys.petitions.models import Petition


def draft_decision(
    keys: Keys, number: int, answer: str, text: str, promises: Sequence[tuple[str, str]], by: Official, now: datetime,
    others: Mapping[str, str] = NONE,
) -> DecisionDraft:  # fmt: skip
    """Keeps what is written, to be changed until it is signed; promises are (ISO day, words), `others` translate the text.

    BadInput, PromisesRefused, PromiseUnfinished, WordsMissing without a text, ExplanationUnfinished, StepForbidden
    once it is decided.
    """
    _check(answer, promises)
    if not text.strip():
        raise WordsMissing
    if any(map(is_unfinished, [text, *others.values(), *(words for _, words in promises)])):
        raise ExplanationUnfinished
    with taking(keys, number, now) as step:
        role = CLERK if by.holds(CLERK, step.petition.body) else HEAD
        step.require(by, leaves.Convened, role)  # a decision is drafted while the petition is considered
        step.record("petition.decision-drafted")
        values = {
            "answer": answer,
            "text": text.strip(),
            "others": {language: words.strip() for language, words in sorted(others.items()) if words.strip()},
            "promises": [(due, one_line(words)) for due, words in promises],
            "by": by.pk,
            "touched_at": now,
        }
        return DecisionDraft.objects.update_or_create(petition=step.petition, defaults=values)[0]


def draft_of(number: int) -> DecisionDraft:
    """What was written, and stays as it was signed; WordsMissing where nothing is."""
    draft = DecisionDraft.objects.select_related("petition").filter(petition=number).first()
    if draft is None or not draft.text:
        raise WordsMissing
    return draft


def ready_draft_of(number: int) -> DecisionDraft:
    """The draft that can be signed now: the hearing was held and nothing is decided yet. WordsMissing, StepForbidden."""
    draft = draft_of(number)
    if draft.petition.state not in CONSIDERED or not draft.petition.life.heard:
        raise StepForbidden(state=draft.petition.state)
    return draft


def sign_decision(keys: Keys, number: int, act: SignedAct) -> Petition:
    """The head's signature makes the draft the decision; RoleMissing, TextChanged where it is not what was signed."""
    draft = ready_draft_of(number)
    head = Staff.objects.filter(person=act.evidence.person, active=True).first()
    if head is None:
        raise RoleMissing
    if draft.sha256 != act.sha256:
        raise TextChanged
    promises = [Promise(words, date.fromisoformat(due)) for due, words in draft.promises]
    return decide(keys, number, draft.answer, draft.text, promises, head, act.evidence, act.now, draft.others)  # type: ignore[arg-type] - one of ANSWERS by the row's constraint


def _check(answer: str, promises: Sequence[tuple[str, str]]) -> None:
    if answer not in ANSWERS or len(promises) > MOST_PROMISES:
        raise BadInput(what="an answer of the list and at most 20 promises are needed")
    if answer == "refused" and promises:
        raise PromisesRefused
    for due, words in promises:
        if not words.strip():
            raise PromiseUnfinished
        try:
            date.fromisoformat(due)
        except ValueError:
            raise PromiseUnfinished from None
