"""The head of a body signs its decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from dauys.petitions.acts.common import keys, number_of
from dauys.petitions.facts import facts_of
from dauys.petitions.services.deciding import draft_of, sign_decision

if TYPE_CHECKING:
    from dauys.ledger.office_acts import ActFacts, SignedAct


class Decision:
    """Kind `petition.decision`, reference "decision/12", the petition's number."""

    def describe(self, reference: str) -> ActFacts:
        """The petition, and the hash of answer, text and promises."""
        number = number_of(reference, "decision")
        return facts_of(number, draft_of(number).sha256)

    def take(self, act: SignedAct) -> None:
        """Decides; RoleMissing, StepForbidden, TextChanged."""
        sign_decision(keys(), number_of(act.reference, "decision"), act)

    def origin(self, reference: str) -> str:
        """The petition at the agency's desk."""
        return reverse("desk-agency-petition", args=[number_of(reference, "decision")])

    def address(self, reference: str) -> str:
        """The petition at the agency's desk, which says that it is decided."""
        return self.origin(reference) + "?done=decided"
