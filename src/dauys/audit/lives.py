"""Replays the lives of petitions from the log alone: every step by the table and the rules, every count. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from dauys.audit.law import lateness, problems
from dauys.audit.words import kind_of, step_word
from dauys.errors import DauysError
from dauys.ledger.findings import Found, told
from dauys.ledger.leaves import PetitionOpened
from dauys.ledger.petition_leaves import Lapsed, Listed, Refused, Registered, Step, texts_of
from dauys.petitions.life import step
from dauys.petitions.states import State
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from dauys.ledger.recount import Recount
    from dauys.petitions.life import AnyLeaf, Life


class Named(NamedTuple):
    """The entry and the petition that named a text first."""

    entry: int | None
    subject: str


class Reached(NamedTuple):
    """The entry by which a petition had enough final signatures, how many, and the latest moment known there."""

    entry: int
    held: int
    at: int


@dataclass
class Lives:
    """Feed `take` with every step and `confirmed` with every confirmation, in the log's order."""

    findings: Found = field(default_factory=Found)
    lives: dict[str, Life] = field(default_factory=dict)
    texts: dict[str, Named] = field(default_factory=dict)  # by hash
    titles: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, dict[str, str]] = field(default_factory=dict)  # names by code and language, as openings say
    public: dict[str, int] = field(default_factory=dict)  # the entry by which a petition's own text became public
    steps: dict[int, tuple[str, str]] = field(default_factory=dict)  # kind and petition of each step
    reached: dict[str, Reached] = field(default_factory=dict)

    def take(self, index: int, leaf: Step | PetitionOpened, recount: Recount) -> None:
        """One step; what the rules forbid becomes a finding and changes nothing."""
        before, subject = self.lives.get(leaf.subject), leaf.subject
        self.steps[index] = kind_of(leaf), subject
        try:
            terms = terms_of(before.rules if before else getattr(leaf, "rules", ""))
            taken = cast("AnyLeaf", leaf)  # a step of the life, by its kind
            life = step(before, taken, terms)
            wrong = [*problems(taken, life, self.lives), *lateness(taken, before, terms)]
        except (DauysError, ValueError) as error:  # a day or moment that does not exist
            self.findings.add(index, "step-forbidden", subject=subject, step=step_word(kind_of(leaf)), why=told(error))
            return
        for code, facts in wrong:
            self.findings.add(index, code, subject=subject, **facts)
        self._count(index, leaf, life, before, recount)
        self._keep(index, leaf, life)

    def confirmed(self, index: int, subjects: set[str], recount: Recount) -> None:
        """Which petitions a confirmation brought to their threshold."""
        for subject in subjects - self.reached.keys():
            life = self.lives.get(subject)
            if life is not None and life.state in (State.GATHERING, State.COLLECTING):
                held = self._final(life, recount)
                if held >= life.threshold:
                    self.reached[subject] = Reached(index, held, recount.latest)

    def _keep(self, index: int, leaf: Step | PetitionOpened, life: Life) -> None:
        self.lives[life.subject] = life
        if isinstance(leaf, PetitionOpened):
            self.titles[life.subject] = leaf.title
            self.bodies.setdefault(life.body, {})[leaf.language] = leaf.addressee
        if isinstance(leaf, PetitionOpened | Refused):
            self.public[life.subject] = index
        for digest in texts_of(leaf):
            self.texts.setdefault(digest, Named(index, life.subject))

    def _count(
        self, index: int, leaf: Step | PetitionOpened, life: Life, before: Life | None, recount: Recount
    ) -> None:
        """Steps that name signatures name those that the log holds at that place: standing ones to be listed, else final.

        First supporters count who came in their time, however late the operator looks.
        """
        if not isinstance(leaf, Listed | Registered | Lapsed):
            return
        held = {self._standing(life, recount) if isinstance(leaf, Listed) else self._final(life, recount)}
        if before is not None and before.state is State.GATHERING:
            held.add(standing_until(before, recount))
        if leaf.signatures not in held:
            self.findings.add(
                index, "count-named", subject=life.subject, step=step_word(kind_of(leaf)), named=leaf.signatures,
                held=max(held),
            )  # fmt: skip

    def _standing(self, life: Life, recount: Recount) -> int:
        return sum(recount.counts.standing[life.subject, tier] for tier in terms_of(life.rules).pack.tiers)

    def _final(self, life: Life, recount: Recount) -> int:
        return sum(recount.counts.final_of(life.subject, tier) for tier in terms_of(life.rules).pack.tiers)


def standing_until(life: Life, recount: Recount) -> int:
    """First supporters who came before the end of their time, in the tiers that the rules sum."""
    terms, subject = terms_of(life.rules), recount.subjects.get(life.subject)
    if subject is None or not life.due:
        return 0
    end = terms.pack.calendar.end_of(date.fromisoformat(life.due)).timestamp()
    return sum(count for (tier, hour), count in subject.hours.items() if hour < end and tier in terms.pack.tiers)
