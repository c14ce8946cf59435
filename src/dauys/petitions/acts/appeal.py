"""An author appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from dauys.desk.texts import text_digest
from dauys.errors import SubjectUnknown, TextChanged
from dauys.ledger.office_acts import ActFacts
from dauys.petitions.acts.common import keys, number_of
from dauys.petitions.facts import facts_of
from dauys.petitions.models import AppealDraft
from dauys.petitions.services import authoring

if TYPE_CHECKING:
    from dauys.ledger.office_acts import SignedAct


class AppealAct:
    """Kind `petition.appeal`, reference "appeal/7"."""

    def describe(self, reference: str) -> ActFacts:
        """The petition, by the hash of what its author says."""
        draft = _draft(reference)
        return facts_of(draft.petition_id, text_digest(draft.text))

    def take(self, act: SignedAct) -> None:
        """Appeals; NotTheAuthor, StepForbidden, TextChanged where it is not what was signed."""
        draft = _draft(act.reference)
        if text_digest(draft.text) != act.sha256:
            raise TextChanged
        authoring.appeal(keys(), draft.petition_id, draft.against, draft.text, act.evidence, act.now)

    def origin(self, reference: str) -> str:
        """The author's own page of the petition."""
        return reverse("my-petition", args=[_draft(reference).petition_id])

    def address(self, reference: str) -> str:
        """The author's own page of the petition, which says that it was handed in."""
        return f"{reverse('my-petition', args=[_draft(reference).petition_id])}?done=appeal"


def _draft(reference: str) -> AppealDraft:
    draft = AppealDraft.objects.filter(pk=number_of(reference, "appeal")).first()
    if draft is None:
        raise SubjectUnknown
    return draft
