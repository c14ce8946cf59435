"""What a rule pack says for one petition, in the words of its leaves: ISO days and moments as text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dauys.ledger.moments import parse_moment
from dauys.rules.clocks import Clock, months_after
from dauys.rules.pack import RulePack, pack_by_id

if TYPE_CHECKING:
    from collections.abc import Collection


class PackTerms:
    """`life.Terms` of one rule pack."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self._reasons = pack.refusal_reasons.keys() | pack.stop_reasons.keys() | pack.removal_reasons.keys()

    @property
    def gate(self) -> int:
        """First supporters needed to be listed."""
        return self.pack.gate.supporters

    @property
    def resubmissions(self) -> int:
        """How often a refused petition may be mended and handed in again."""
        return self.pack.appeal.resubmissions

    def gate_due(self, since: str, tier: str) -> str:
        """The last day to find them; a petition handed in on paper has longer."""
        gate = self.pack.gate
        return self._due(since, gate.working_days_on_paper if tier == "paper" else gate.working_days)

    def moderation_due(self, since: str) -> str:
        """The last day to moderate."""
        return self._due(since, self.pack.moderation.working_days)

    def appeal_due(self, since: str) -> str:
        """The last day to appeal or to repair."""
        day = self.pack.calendar.local_day(parse_moment(since))
        return months_after(day, self.pack.appeal.filing_months).isoformat()

    def review_due(self, since: str) -> str:
        """The last day to decide an appeal."""
        return self._due(since, self.pack.appeal.decision_working_days)

    def answer_due(self, level: str, since: str) -> str:
        """The last day to decide a registered petition."""
        return self._due(since, self.pack.answer_days(level))

    def day(self, moment: str) -> str:
        """The country's calendar day of a moment."""
        return self.pack.calendar.local_day(parse_moment(moment)).isoformat()

    def knows(self, reasons: Collection[str]) -> bool:
        """Whether all these are reasons to refuse, stop or remove a petition."""
        return set(reasons) <= self._reasons

    def _due(self, since: str, working_days: int) -> str:
        return Clock(self.pack.calendar, parse_moment(since), working_days).due.isoformat()


@lru_cache(maxsize=64)
def terms_of(rules: str) -> PackTerms:
    """The terms of a pack by its id, as leaves name it; RulesMissing."""
    return PackTerms(pack_by_id(rules))
