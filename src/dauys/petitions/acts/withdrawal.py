"""An author takes a petition back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from dauys.ledger.office_acts import ActFacts
from dauys.petitions.acts.common import keys, number_of
from dauys.petitions.facts import facts_of
from dauys.petitions.services import authoring

if TYPE_CHECKING:
    from dauys.ledger.office_acts import SignedAct


class Withdrawal:
    """Kind `petition.withdrawal`, reference "petition/12"."""

    def describe(self, reference: str) -> ActFacts:
        """The petition itself, by the hash of its text."""
        return facts_of(number_of(reference, "petition"))

    def take(self, act: SignedAct) -> None:
        """Withdraws; NotTheAuthor, StepForbidden."""
        authoring.withdraw(keys(), number_of(act.reference, "petition"), act.evidence, act.now)

    def origin(self, reference: str) -> str:
        """The author's own page of the petition."""
        return reverse("my-petition", args=[number_of(reference, "petition")])

    def address(self, reference: str) -> str:
        """The petition's page."""
        return reverse("petition", args=[number_of(reference, "petition")])
