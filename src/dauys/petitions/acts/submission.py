"""An author hands a petition in, or a mended one once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from dauys.errors import DraftNotReady, DraftUnknown
from dauys.ledger.office_acts import ActFacts
from dauys.petitions.acts.common import keys, number_of
from dauys.petitions.canonical import text_sha256
from dauys.petitions.drafts import Draft
from dauys.petitions.jurisdiction import addressee_of, rules_of
from dauys.petitions.services.handing_in import hand_in

if TYPE_CHECKING:
    from dauys.ledger.office_acts import SignedAct


class SubmissionAct:
    """Kind `petition.submission`, reference "draft/7"."""

    def describe(self, reference: str) -> ActFacts:
        """The version to be signed, by the hash of its text and files."""
        draft, now = _draft(reference), timezone.now()
        signed = draft.versions.get(draft.language)
        if signed is None:
            raise DraftNotReady
        addressee, writing = addressee_of(draft.body, now), rules_of(now).writing
        return ActFacts(
            draft.mends.subject_name if draft.mends else "-",
            signed.title,
            addressee.body.name.say(draft.language) if addressee else "",
            text_sha256(signed.title, signed.text, draft.attached),
            writing.age,
            writing.citizens_only,
        )

    def take(self, act: SignedAct) -> None:
        """Hands in; TextChanged where it is not what was signed, StepForbidden, NotTheAuthor."""
        hand_in(keys(), _draft(act.reference), act.sha256, act.evidence, act.name, act.now)

    def origin(self, reference: str) -> str:
        """The preview of the draft."""
        del reference  # the browser's own draft is the one
        return reverse("draft-preview")

    def address(self, reference: str) -> str:
        """The page that says it is being moderated."""
        del reference  # the browser's own draft is the one
        return reverse("draft-handed-in")


def _draft(reference: str) -> Draft:
    number = number_of(reference, "draft")
    draft = Draft.objects.select_related("mends").prefetch_related("texts", "files").filter(pk=number).first()
    if draft is None:
        raise DraftUnknown
    return draft
