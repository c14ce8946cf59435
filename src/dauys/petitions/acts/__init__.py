"""Acts of petitions that a person signs: one module a kind, each saying what is signed and what becomes of it."""

from __future__ import annotations

from typing import Protocol

from dauys.ledger.office_acts import ActFacts, SignedAct
from dauys.petitions.acts.appeal import AppealAct
from dauys.petitions.acts.decision import Decision
from dauys.petitions.acts.signature_withdrawal import SignatureWithdrawal
from dauys.petitions.acts.submission import SubmissionAct
from dauys.petitions.acts.withdrawal import Withdrawal


class Act(Protocol):
    """One kind of act; `reference` is this office's own: "petition/12", "draft/7"."""

    def describe(self, reference: str) -> ActFacts:
        """What is to be signed; SubjectUnknown and the like."""

    def take(self, act: SignedAct) -> None:
        """Does it, durably and once."""

    def origin(self, reference: str) -> str:
        """The page it was begun on, to go back to, in the language that is active."""

    def address(self, reference: str) -> str:
        """The page to go to afterwards, in the language that is active."""


OFFICES: dict[str, Act] = {
    "petition.submission": SubmissionAct(),
    "petition.withdrawal": Withdrawal(),
    "petition.decision": Decision(),
    "petition.appeal": AppealAct(),
    "petition.signature-withdrawal": SignatureWithdrawal(),
}
