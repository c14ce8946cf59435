"""The same step for several petitions: what would happen to each, then each by a call of its own, logged of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from dauys.desk.claims import release, require_free
from dauys.errors import (
    AlreadyProposed,
    BadInput,
    DauysError,
    ExplanationUnfinished,
    PersonInvolved,
    ReasonMissing,
    ReasonUnknown,
    StepForbidden,
    WordsMissing,
)
from dauys.petitions.explanations import is_unfinished
from dauys.petitions.models import Petition
from dauys.petitions.services import moderation
from dauys.petitions.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.petitions.services.taking import Official

MOST = 100  # petitions at once: a preview that nobody can read through is none
STEPS = ("accept", "refuse", "confirm")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to do with all: "accept" opens them for signing, "confirm" agrees with what colleagues proposed.

    "refuse" proposes a refusal for these reasons, explained by language.
    """

    step: str
    reasons: tuple[str, ...] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens, or happened, to one petition; `problem` says why nothing does."""

    petition: Petition
    problem: str = ""


def preview(keys: Keys, numbers: Sequence[int], asked: Asked, by: Official, now: datetime) -> list[Outcome]:
    """What `take` would do to each now; changes nothing. BadInput."""
    del keys
    return [
        _outcome(petition, lambda petition=petition: _judge(petition, asked, by, now))
        for petition in _of(numbers, asked)
    ]


def take(keys: Keys, numbers: Sequence[int], asked: Asked, by: Official, now: datetime) -> list[Outcome]:
    """Does it, one petition after the other; what the rules forbid for one stops none of the others.

    ReasonMissing, WordsMissing, ExplanationUnfinished before anything is done.
    """
    petitions = _of(numbers, asked)
    if asked.step == "refuse":
        _require_words(petitions, asked)
    return [
        _outcome(petition, lambda petition=petition: _take(keys, petition, asked, by, now)) for petition in petitions
    ]


def _of(numbers: Sequence[int], asked: Asked) -> list[Petition]:
    if asked.step not in STEPS or len(numbers) > MOST:
        raise BadInput(what="no such step for so many petitions")
    rows = Petition.objects.select_related("proposal").in_bulk(numbers)
    return [rows[number] for number in dict.fromkeys(numbers) if number in rows]


def _require_words(petitions: list[Petition], asked: Asked) -> None:
    if not asked.reasons:
        raise ReasonMissing
    if any(not asked.explanations.get(petition.language, "").strip() for petition in petitions):
        raise WordsMissing
    if any(is_unfinished(words) for words in asked.explanations.values()):
        raise ExplanationUnfinished


def _judge(petition: Petition, asked: Asked, by: Official, now: datetime) -> None:
    """Raises what the step itself would."""
    proposal = getattr(petition, "proposal", None)
    require_free(petition.subject_name, by.pk, now)
    if asked.step == "confirm":
        if proposal is None:
            raise StepForbidden(state=petition.state)
        if proposal.by == by.pk:
            raise PersonInvolved
        return
    if petition.state != State.MODERATION or (petition.life.bound and asked.step == "refuse"):
        raise StepForbidden(state=petition.state)
    if proposal is not None and (proposal.by != by.pk or asked.step == "accept"):
        raise AlreadyProposed
    for reason in asked.reasons:
        if reason not in moderation.reasons_of(petition, "refuse"):
            raise ReasonUnknown(reason=reason)


def _take(keys: Keys, petition: Petition, asked: Asked, by: Official, now: datetime) -> None:
    if asked.step == "accept":
        moderation.accept(keys, petition.pk, by, now)
    elif asked.step == "confirm":
        moderation.confirm(keys, petition.pk, by, now)
    else:
        said = asked.explanations[petition.language]
        moderation.propose(keys, petition.pk, "refuse", asked.reasons, said, by, now)
    release(petition.subject_name, by.pk)


def _outcome(petition: Petition, step: Callable[[], None]) -> Outcome:
    try:
        step()
    except DauysError as error:
        return Outcome(petition, error.explain(get_language() or "kk"))
    return Outcome(petition)
