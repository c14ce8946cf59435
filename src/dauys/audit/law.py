"""What a petition's leaves must say by the rules it began under, beyond what its fold already refuses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from dauys.audit.words import WHATS, body_fact, kind_of, step_word
from dauys.errors import DauysError
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.findings import word
from dauys.ledger.leaves import PetitionOpened
from dauys.ledger.moments import parse_moment
from dauys.petitions.life import leaf_moment
from dauys.petitions.states import SIGNED
from dauys.petitions.terms import terms_of
from dauys.rules.bodies import body
from dauys.rules.pack import load_pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dauys.petitions.life import AnyLeaf, Life
    from dauys.petitions.terms import PackTerms
    from dauys.rules.reasons import Reason

    Problem = tuple[str, dict[str, Any]]  # a code of findings and its facts


def problems(leaf: AnyLeaf, life: Life, lives: Mapping[str, Life]) -> Iterator[Problem]:
    """What is wrong with a step that the fold let pass; `life` is the one after it, `lives` all before it."""
    terms = terms_of(life.rules)
    if isinstance(leaf, leaves.Submitted):
        yield from _rules_of_the_day(leaf, lives.get(leaf.subject), terms)
    elif isinstance(leaf, PetitionOpened):
        yield from _opening(leaf, life, terms)
    elif isinstance(leaf, leaves.Refused | leaves.Stopped | leaves.Removed):
        yield from _reasons(leaf, terms)
    elif isinstance(leaf, leaves.Convened):
        yield from _hearing(life, terms)
    elif isinstance(leaf, leaves.Merged):
        into = lives.get(leaf.into)
        if into is None or into.state not in SIGNED:
            yield "merged-into-none", {"into": leaf.into}


def _rules_of_the_day(leaf: leaves.Submitted, before: Life | None, terms: PackTerms) -> Iterator[Problem]:
    """The rules in force when it was handed in first; it keeps them when it is mended."""
    day = date.fromisoformat(terms.day(leaf.moment))
    right = before.rules if before else load_pack(leaf.rules.partition("/")[0], day).id
    if leaf.rules != right:
        yield "rules-of-another-day", {"rules": leaf.rules, "right": right}


def _opening(leaf: PetitionOpened, life: Life, terms: PackTerms) -> Iterator[Problem]:
    pack = terms.pack
    rights: dict[str, tuple[object, object]] = {
        "tiers": (leaf.tiers, list(pack.tiers)), "age": (leaf.age, pack.age),
    }  # fmt: skip
    try:
        rights["threshold"] = (leaf.threshold, _threshold(life, terms))
    except DauysError:  # a share of residents, whose number the rules do not know
        facts = {"body": body_fact(life.rules, life.body, {leaf.language: leaf.addressee}), "named": leaf.threshold}
        yield "threshold-not-recomputed", facts
    for what, (named, right) in rights.items():
        if named != right:
            yield "rules-not-kept", {"what": word(WHATS[what]), "named": str(named), "right": str(right)}


def _threshold(life: Life, terms: PackTerms) -> int:
    """By the level that its addressee has, or that it names where the operator added the body; LevelUnknown, PopulationNeeded."""
    known = body(life.rules.partition("/")[0], life.body)
    if known is not None and terms.pack.level_for(known).code == life.level:
        return terms.pack.threshold_for(known)
    return terms.pack.threshold(life.level)


def _reasons(leaf: leaves.Refused | leaves.Stopped | leaves.Removed, terms: PackTerms) -> Iterator[Problem]:
    """Each is one that the rules of its beginning allow for this kind of step, and that still holds on the day."""
    pack, day = terms.pack, terms.day(leaf.moment)
    known: Mapping[str, Reason] = {
        leaves.Refused: pack.refusal_reasons, leaves.Stopped: pack.stop_reasons, leaves.Removed: pack.removal_reasons,
    }[type(leaf)]  # fmt: skip
    for code in leaf.reasons if isinstance(leaf, leaves.Refused) else [leaf.reason]:
        if code not in known or not known[code].in_force(date.fromisoformat(day)):
            yield "reason-not-in-force", {"step": step_word(kind_of(leaf)), "reason": code, "day": day}


def _hearing(life: Life, terms: PackTerms) -> Iterator[Problem]:
    """Whether people could come, and whether the decision can be in time."""
    calendar = terms.pack.calendar
    day = calendar.local_day(parse_moment(life.hearing))
    if life.due and day > date.fromisoformat(life.due):
        yield "hearing-outside-term", {"at": day.isoformat(), "due": life.due}
    if not calendar.is_working(day):
        yield "hearing-on-free-day", {"at": day.isoformat()}


def lateness(leaf: AnyLeaf, before: Life | None, terms: PackTerms) -> Iterator[Problem]:
    """Whether whoever owed this step took it after its last day."""
    due = _owed(leaf, before)
    if not due:
        return
    day, last = date.fromisoformat(terms.day(leaf_moment(leaf))), date.fromisoformat(due)
    days = terms.pack.calendar.between(last, day)
    if days > 0:
        yield "was-late", {"step": step_word(kind_of(leaf)), "due": due, "days": days}


def _owed(leaf: AnyLeaf, before: Life | None) -> str:
    """The last day of whoever took this step, if somebody owed it."""
    if before is None:
        return ""
    if isinstance(leaf, leaves.Refused | PetitionOpened | leaves.Decided):
        return before.due
    if isinstance(leaf, leaves.AppealDecided):
        return before.appeal.due if before.appeal else ""
    if isinstance(leaf, leaves.Fulfilled):
        return before.promises[leaf.promise].due if leaf.promise < len(before.promises) else ""
    return ""
