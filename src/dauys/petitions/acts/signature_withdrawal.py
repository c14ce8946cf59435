"""A signer takes their own signature back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from dauys.petitions.acts.common import keys, number_of
from dauys.petitions.facts import facts_of
from dauys.petitions.services import unsigning

if TYPE_CHECKING:
    from dauys.ledger.office_acts import ActFacts, SignedAct


DONE_SALT = "dauys.withdrawn.v1"
DONE_SECONDS = 900  # as long as the request itself can be signed


class SignatureWithdrawal:
    """Kind `petition.signature-withdrawal`, reference "petition/12"."""

    def describe(self, reference: str) -> ActFacts:
        """The petition itself, by the hash of its text."""
        return facts_of(number_of(reference, "petition"))

    def take(self, act: SignedAct) -> None:
        """Withdraws; NotSigned, SubjectClosed."""
        unsigning.unsign(keys(), number_of(act.reference, "petition"), act.signer, act.evidence, act.now)

    def origin(self, reference: str) -> str:
        """The page that explains withdrawing."""
        return reverse("unsign", args=[number_of(reference, "petition")])

    def address(self, reference: str) -> str:
        """The page that says it is done, with a proof that whoever opens it comes from there."""
        number = number_of(reference, "petition")
        return f"{reverse('unsigned', args=[number])}?done={signing.dumps(number, salt=DONE_SALT)}"
