"""The life of one petition, folded from its leaves alone: `life = step(life, leaf, terms)`.

Pure. Offices fold each new leaf into the row that pages read, an auditor folds the log's: both see the same state, the
same clocks and the same reasons, or the step is refused by the same rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dauys.errors import PersonInvolved, StepForbidden, TermWrong
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.leaves import PetitionOpened
from dauys.petitions.states import CONSIDERED, TRANSITIONS, TURN, Actor, State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

AnyLeaf: TypeAlias = "leaves.AnyStep | PetitionOpened"
SILENT = CONSIDERED | {State.MODERATION}  # states in which somebody owes the author an answer


class Terms(Protocol):
    """What the rule pack of a petition says, for one petition; days are ISO dates, moments as in leaves."""

    @property
    def gate(self) -> int:
        """First supporters needed to be listed."""

    @property
    def resubmissions(self) -> int:
        """How often a refused petition may be mended and handed in again."""

    def gate_due(self, since: str, tier: str) -> str:
        """The last day to find them, for a petition handed in by that tier at that moment."""

    def moderation_due(self, since: str) -> str:
        """The last day to moderate what was handed in at that moment."""

    def appeal_due(self, since: str) -> str:
        """The last day to appeal against, or to repair, what was refused at that moment."""

    def review_due(self, since: str) -> str:
        """The last day to decide an appeal made at that moment."""

    def answer_due(self, level: str, since: str) -> str:
        """The last day to decide what was registered at that moment."""

    def day(self, moment: str) -> str:
        """The country's calendar day of a moment."""

    def last_day(self, closes: str) -> str:
        """The last day on which people sign, where signing ends at that moment."""

    def closes(self, opens: str) -> str:
        """When the collection of signatures ends that began at that moment."""

    def knows(self, reasons: Collection[str]) -> bool:
        """Whether all these are reasons to refuse or remove a petition."""


class Appeal(Struct, frozen=True):
    """One appeal; `decided` is empty while it is open."""

    against: leaves.Matter
    text: str
    since: str
    due: str
    granted: bool | None = None
    explanation: str = ""
    decided: str = ""  # ended; without a word on `granted` where its object fell away


class Kept(Struct, frozen=True):
    """A promise and the text that says how it was kept, empty until then."""

    due: str
    text: str
    kept: str = ""


class Life(Struct, frozen=True):
    """Where a petition stands; texts by hash, empty strings for what is not yet so."""

    subject: str
    state: State
    since: str  # the moment it came to be so
    level: str
    rules: str
    language: str
    text_sha256: str
    due: str = ""  # the last day for whoever's turn it is
    body: str = ""
    tier: str = ""  # by which the author handed it in
    attempt: int = 0
    submitted: str = ""
    bound: bool = False  # an appeal was granted: moderation must open it
    opened: str = ""
    closes: str = ""
    threshold: int = 0
    listed: str = ""
    registered: str = ""
    signatures: int = 0  # at the last step that names them
    reasons: tuple[str, ...] = ()
    explanation: str = ""
    involved: tuple[int, ...] = ()  # officials who took the last decision against the author
    before: Life | None = None  # as it was when it was removed
    into: str = ""
    group: str = ""
    draft: str = ""
    hearing: str = ""
    place: str = ""
    heard: str = ""  # minutes
    attended: int = 0
    answer: str = ""
    decision: str = ""
    decided: str = ""
    promises: tuple[Kept, ...] = ()
    appeals: tuple[Appeal, ...] = ()

    @property
    def appeal(self) -> Appeal | None:
        """The appeal that is open."""
        return self.appeals[-1] if self.appeals and not self.appeals[-1].decided else None

    @property
    def turn(self) -> Actor:
        """Who must act next, an open appeal aside."""
        if self.state is State.DECIDED and not self.due:
            return Actor.NOBODY
        return TURN.get(self.state, Actor.NOBODY)


def step(life: Life | None, leaf: AnyLeaf, terms: Terms) -> Life:
    """The life after one more leaf; StepForbidden, PersonInvolved or TermWrong where the rules forbid it."""
    transition = TRANSITIONS[type(leaf)]
    if life is None:
        if not isinstance(leaf, leaves.Submitted):
            raise StepForbidden(state="unknown")
    elif (
        life.state not in transition.start
        or leaf_moment(leaf) < life.since
        or not leaves.translations_fit(leaf, life.language)
    ):
        raise StepForbidden(state=life.state)
    changed = _FOLD[type(leaf)](life, leaf, terms)
    if transition.to is None or transition.to is changed.state:
        return changed
    return replace(changed, state=transition.to, since=leaf_moment(leaf))


def leaf_moment(leaf: AnyLeaf) -> str:
    """When a step was taken."""
    return leaf.opens if isinstance(leaf, PetitionOpened) else leaf.moment


def _require(condition: object, life: Life) -> None:
    if not condition:
        raise StepForbidden(state=life.state)


def _due(named: str, right: str) -> str:
    """The day a leaf names, which must be what the rules give."""
    if named != right:
        raise TermWrong(named=named, right=right)
    return named


def _submitted(life: Life | None, leaf: leaves.Submitted, terms: Terms) -> Life:
    due = _due(leaf.due, terms.moderation_due(leaf.moment))
    if life is not None:  # the one repair of what was refused, in its time and with no appeal about it
        _require(leaf.attempt == life.attempt + 1 and mendable(life, terms, terms.day(leaf.moment)), life)
    elif leaf.attempt != 1:
        raise StepForbidden(state="unknown")
    return Life(
        leaf.subject, State.MODERATION, leaf.moment, leaf.level, leaf.rules, leaf.language, leaf.text_sha256, due, leaf.body,
        leaf.tier, leaf.attempt, leaf.moment, appeals=life.appeals if life else (),
    )  # fmt: skip


def _refused(life: Life, leaf: leaves.Refused, terms: Terms) -> Life:
    _require(not life.bound and terms.knows(leaf.reasons) and len(set(leaf.officials)) == 2, life)
    due = _due(leaf.due, terms.appeal_due(leaf.moment))
    return replace(
        life, due=due, reasons=tuple(leaf.reasons), explanation=leaf.explanation, involved=tuple(leaf.officials),
        appeals=_end_appeal(life, leaf.moment),
    )  # fmt: skip


def _opened(life: Life, leaf: PetitionOpened, terms: Terms) -> Life:
    _require((life.text_sha256, life.language, life.rules) == (leaf.text_sha256, leaf.language, leaf.rules), life)
    _due(leaf.closes, terms.closes(leaf.opens))
    return replace(
        life, opened=leaf.opens, closes=leaf.closes, threshold=leaf.threshold, bound=False, reasons=(), explanation="",
        involved=(), due=terms.gate_due(leaf.opens, life.tier), appeals=_end_appeal(life, leaf.opens),
    )  # fmt: skip


def _listed(life: Life, leaf: leaves.Listed, terms: Terms) -> Life:
    _require(leaf.signatures >= terms.gate, life)
    return replace(life, listed=leaf.moment, signatures=leaf.signatures, due=terms.last_day(life.closes))


def _lapsed(life: Life, leaf: leaves.Lapsed, terms: Terms) -> Life:
    enough = terms.gate if life.state is State.GATHERING else life.threshold
    over = terms.day(leaf.moment) > life.due if life.state is State.GATHERING else leaf.moment >= life.closes
    _require(over and leaf.signatures < enough, life)
    return replace(life, signatures=leaf.signatures, due="")


def _registered(life: Life, leaf: leaves.Registered, terms: Terms) -> Life:
    _require(leaf.signatures >= life.threshold, life)
    due = _due(leaf.due, terms.answer_due(life.level, leaf.moment))
    return replace(life, registered=leaf.moment, signatures=leaf.signatures, due=due)


def _grouped(life: Life, leaf: leaves.Grouped, _: Terms) -> Life:
    return replace(life, group=leaf.text)


def _convened(life: Life, leaf: leaves.Convened, _: Terms) -> Life:
    _require(not life.heard and leaf.hearing > leaf.moment, life)
    return replace(life, draft=leaf.draft, hearing=leaf.hearing, place=leaf.place)


def _heard(life: Life, leaf: leaves.Heard, _: Terms) -> Life:
    _require(not life.heard and leaf.moment >= life.hearing, life)
    return replace(life, heard=leaf.text, attended=leaf.attended)


def _decided(life: Life, leaf: leaves.Decided, _: Terms) -> Life:
    _require(life.heard and (leaf.answer != "refused" or not leaf.promises), life)
    promises = tuple(Kept(promise.due, promise.text) for promise in leaf.promises)
    decided = replace(
        life, answer=leaf.answer, decision=leaf.text, decided=leaf.moment, promises=promises, involved=tuple(leaf.officials),
        appeals=_end_appeal(life, leaf.moment),
    )  # fmt: skip
    return _with_promises(decided, promises)


def _fulfilled(life: Life, leaf: leaves.Fulfilled, _: Terms) -> Life:
    _require(leaf.promise < len(life.promises) and not life.promises[leaf.promise].kept, life)
    promises = list(life.promises)
    promises[leaf.promise] = replace(promises[leaf.promise], kept=leaf.text)
    life = _with_promises(life, tuple(promises))
    if all(promise.kept for promise in promises):
        life = replace(life, state=State.CARRIED_OUT, since=leaf.moment)
    return life


def _with_promises(life: Life, promises: tuple[Kept, ...]) -> Life:
    """The next promise that is open sets the clock."""
    return replace(life, promises=promises, due=min((each.due for each in promises if not each.kept), default=""))


def _withdrawn(life: Life, leaf: leaves.Withdrawn, _: Terms) -> Life:
    return replace(life, due="", appeals=_end_appeal(life, leaf.moment))


def _stopped(life: Life, leaf: leaves.Stopped, terms: Terms) -> Life:
    _require(terms.knows([leaf.reason]) and len(set(leaf.officials)) == 2, life)
    return replace(life, due="", reasons=(leaf.reason,), explanation=leaf.explanation, involved=tuple(leaf.officials))


def _merged(life: Life, leaf: leaves.Merged, _: Terms) -> Life:
    _require(leaf.into != leaf.subject, life)
    return replace(life, due="", into=leaf.into, explanation=leaf.explanation, involved=tuple(leaf.officials))


def _transferred(life: Life, leaf: leaves.Transferred, _: Terms) -> Life:
    _require(leaf.body != life.body, life)
    return replace(life, body=leaf.body)


def _removed(life: Life, leaf: leaves.Removed, terms: Terms) -> Life:
    _require(terms.knows([leaf.reason]) and len(set(leaf.officials)) == 2, life)
    due = _due(leaf.due, terms.appeal_due(leaf.moment))
    return replace(
        life, before=life, due=due, reasons=(leaf.reason,), explanation=leaf.explanation,
        involved=tuple(leaf.officials), appeals=_end_appeal(life, leaf.moment),
    )  # fmt: skip


def appealable(life: Life, day: str) -> leaves.Matter | None:
    """What the author may appeal against on a day, if anything: once a decision, in time, and silence once it is one."""
    matter: leaves.Matter | None = None
    if life.state is State.REFUSED or life.state is State.REMOVED:
        if day <= life.due:
            matter = "refusal" if life.state is State.REFUSED else "removal"
    elif life.state in SILENT and day > life.due:
        matter = "silence"
    heard = any(each.against == matter and each.since >= life.since and not each.granted for each in life.appeals)
    return None if heard else matter


def mendable(life: Life, terms: Terms, day: str) -> bool:
    """Whether the author may hand in once more, on a day, what was refused."""
    again = life.state is State.REFUSED and life.attempt <= terms.resubmissions
    return again and life.appeal is None and day <= life.due


def _appealed(life: Life, leaf: leaves.Appealed, terms: Terms) -> Life:
    _require(leaf.against == appealable(life, terms.day(leaf.moment)), life)
    appeal = Appeal(leaf.against, leaf.text, leaf.moment, _due(leaf.due, terms.review_due(leaf.moment)))
    return replace(life, appeals=(*life.appeals, appeal))


def _appeal_decided(life: Life, leaf: leaves.AppealDecided, terms: Terms) -> Life:
    appeal = life.appeal
    _require(appeal, life)
    assert appeal is not None
    if set(leaf.officials) & set(life.involved):
        raise PersonInvolved
    done = replace(appeal, granted=leaf.granted, explanation=leaf.explanation, decided=leaf.moment)
    life, today = replace(life, appeals=(*life.appeals[:-1], done)), terms.day(leaf.moment)
    if leaf.granted and appeal.against == "silence":
        _require(leaf.due > today, life)
        return replace(life, due=leaf.due)
    _due(leaf.due, today)
    if leaf.granted and appeal.against == "refusal":
        return replace(
            life, state=State.MODERATION, since=leaf.moment, bound=True, due=terms.moderation_due(leaf.moment)
        )
    return replace(life.before, appeals=life.appeals) if leaf.granted and life.before else life


def _end_appeal(life: Life, moment: str) -> tuple[Appeal, ...]:
    """An open appeal has nothing left to decide once what it is against has changed."""
    if life.appeal is None:
        return life.appeals
    return (*life.appeals[:-1], replace(life.appeals[-1], decided=moment))


_FOLD: dict[type[AnyLeaf], Callable[..., Life]] = {
    leaves.Submitted: _submitted, leaves.Refused: _refused, PetitionOpened: _opened, leaves.Listed: _listed,
    leaves.Lapsed: _lapsed, leaves.Registered: _registered, leaves.Grouped: _grouped, leaves.Convened: _convened,
    leaves.Heard: _heard, leaves.Decided: _decided, leaves.Fulfilled: _fulfilled, leaves.Withdrawn: _withdrawn,
    leaves.Stopped: _stopped, leaves.Merged: _merged, leaves.Transferred: _transferred, leaves.Removed: _removed,
    leaves.Appealed: _appealed, leaves.AppealDecided: _appeal_decided,
}  # fmt: skip
