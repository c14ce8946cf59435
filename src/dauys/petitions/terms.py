"""What a rule pack says for one petition, in the words of its leaves: ISO days and moments as text."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from dauys.ledger.moments import moment_text, parse_moment
from dauys.petitions.states import State
from dauys.rules.clocks import Clock, months_after
from dauys.rules.pack import RulePack, pack_by_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dauys.petitions.life import Life
    from dauys.rules.reasons import Reason

SECOND = timedelta(seconds=1)


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

    def last_day(self, closes: str) -> str:
        """The day that ends at that moment, the last one on which people sign."""
        return self.pack.calendar.local_day(parse_moment(closes) - SECOND).isoformat()

    def closes(self, opens: str) -> str:
        """When the collection of signatures ends that began at that moment."""
        calendar = self.pack.calendar
        last = months_after(calendar.local_day(parse_moment(opens)), self.pack.collection_months)
        return moment_text(calendar.end_of(last))

    def reasons_of(self, life: Life) -> list[Reason]:
        """The reasons that were last given against the author, as the pack words them."""
        known: Mapping[str, Reason] = {
            State.REFUSED: self.pack.refusal_reasons,
            State.STOPPED: self.pack.stop_reasons,
            State.REMOVED: self.pack.removal_reasons,
        }.get(life.state, {})
        return [known[code] for code in life.reasons if code in known]

    def hides(self, reasons: Collection[str]) -> bool:
        """Whether a text that was refused for these is not shown."""
        return any(code in reasons and reason.hides_text for code, reason in self.pack.refusal_reasons.items())

    def _due(self, since: str, working_days: int) -> str:
        return Clock(self.pack.calendar, parse_moment(since), working_days).due.isoformat()


@lru_cache(maxsize=64)
def terms_of(rules: str) -> PackTerms:
    """The terms of a pack by its id, as leaves name it; RulesMissing."""
    return PackTerms(pack_by_id(rules))
