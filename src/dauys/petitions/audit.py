"""Replays the lives of petitions from the log alone: every step by the table and the rules, every count, every text. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dauys.errors import DauysError
from dauys.ledger.petition_leaves import Lapsed, Listed, Registered, Step, texts_of
from dauys.ledger.recount import Finding
from dauys.petitions.life import step
from dauys.petitions.public import review_of, text_is_public, turn_of
from dauys.petitions.states import Actor, State
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dauys.ledger.leaves import PetitionOpened
    from dauys.ledger.standing import Counts
    from dauys.petitions.life import Life
    from dauys.petitions.public import Turn


@dataclass(frozen=True, slots=True)
class Withheld:
    """A text that is not shown any more, and the code of the reason."""

    reason: str


@dataclass
class Lives:
    """Feed `take` with every step in the log's order, then ask for `overdue` and `check_texts`."""

    findings: list[Finding] = field(default_factory=list)
    lives: dict[str, Life] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)  # a public text's hash and the entry that named it first

    def take(self, index: int, leaf: Step | PetitionOpened, counts: Counts) -> None:
        """One step, with the signatures counted before it; what the rules forbid becomes a finding and changes nothing."""
        life = self.lives.get(leaf.subject)
        try:
            terms = terms_of(life.rules if life else getattr(leaf, "rules", ""))
            self.lives[leaf.subject] = step(life, leaf, terms)  # type: ignore[arg-type] - a step of the life, by its kind
        except (DauysError, ValueError) as error:  # a day or moment that does not exist
            self.findings.append(Finding(index, f"{leaf.subject}, {_kind(leaf)}: {error}"))
            return
        self._count(index, leaf, counts)
        for digest in texts_of(leaf):
            self.texts.setdefault(digest, index)

    def _count(self, index: int, leaf: Step | PetitionOpened, counts: Counts) -> None:
        """Steps that name signatures name those that the log holds at that place: standing ones to be listed, else final."""
        if not isinstance(leaf, Listed | Registered | Lapsed):
            return
        which = counts.standing if isinstance(leaf, Listed) else counts.final
        held = sum(which[leaf.subject, tier] for tier in terms_of(self.lives[leaf.subject].rules).pack.tiers)
        if leaf.signatures != held:
            said = f"{leaf.subject}, {_kind(leaf)}: it names {leaf.signatures} signatures; the log holds {held}"
            self.findings.append(Finding(index, said))

    def overdue(self, now: datetime) -> list[dict[str, Any]]:
        """Whoever lets a petition wait after its last day, the longest first; authors owe nobody anything."""
        late = [
            {"petition": subject, "state": str(life.state), "whose": str(turn.actor), "due": turn.due.isoformat(),
             "working_days_over": turn.over}
            for subject, life in self.lives.items() for turn in _clocks(life, now) if turn.late
        ]  # fmt: skip
        return sorted(late, key=lambda each: str(each["due"]))

    def check_texts(self, read: Callable[[str], bytes | Withheld | None]) -> dict[str, str]:
        """Recomputes the hash of every text that must be public; the withheld ones with their reasons."""
        withheld = {}
        self.texts = self._own_texts() | self.texts
        for digest, index in self.texts.items():
            content = read(digest)
            if isinstance(content, Withheld):
                withheld[digest] = content.reason
            elif content is None:
                self.findings.append(Finding(index or None, f"the text {digest} is missing"))
            elif hashlib.sha256(content).hexdigest() != digest:
                self.findings.append(Finding(index or None, f"the text {digest} has been changed"))
        return withheld

    def _own_texts(self) -> dict[str, int]:
        """Petitions' own texts that must be shown; a removed one's may not be."""
        shown = {life.text_sha256 for life in self.lives.values() if text_is_public(life, terms_of(life.rules))}
        return dict.fromkeys(shown, 0)


def _clocks(life: Life, now: datetime) -> list[Turn]:
    terms = terms_of(life.rules)
    both = (turn_of(life, terms, now), review_of(life, terms, now))
    return [turn for turn in both if turn and turn.actor is not Actor.AUTHOR]


def _kind(leaf: Step | PetitionOpened) -> str:
    return str(type(leaf).__struct_config__.tag)


def states(lives: Lives) -> dict[str, str]:
    """Where every petition stands."""
    return {subject: str(State(life.state)) for subject, life in lives.lives.items()}
