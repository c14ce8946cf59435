"""The offices' acts as the door calls them: on its threads, each with a database connection that is given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import close_old_connections

from dauys.desk.transactions import reading_connection
from dauys.errors import CodeUsed
from dauys.ledger.office_acts import act_of_nonce
from dauys.petitions.acts import OFFICES

if TYPE_CHECKING:
    from dauys.ledger.office_acts import ActFacts, SignedAct
    from dauys.petitions.acts import Act


@dataclass(frozen=True, slots=True)
class OfficeAct:
    """One kind of act; a repeated request of the same person changes nothing, another's is `CodeUsed`."""

    act: Act

    def describe(self, reference: str) -> ActFacts:
        """See `intake.acts.Office`."""
        try:
            return self.act.describe(reference)
        finally:
            close_old_connections()

    def take(self, signed: SignedAct) -> None:
        """See `intake.acts.Office`."""
        try:
            used = act_of_nonce(reading_connection(), signed.evidence.nonce)
            if used is None:
                self.act.take(signed)
            elif used[0] != signed.evidence.person:
                raise CodeUsed
        finally:
            close_old_connections()


def offices() -> dict[str, OfficeAct]:
    """All kinds of acts that the door may take for the portal's offices."""
    return {kind: OfficeAct(act) for kind, act in OFFICES.items()}
