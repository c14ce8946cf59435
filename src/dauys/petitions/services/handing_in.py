"""From a draft to a petition: exactly what was signed, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from dauys.errors import DraftFrozen, DraftNotReady, TextChanged
from dauys.petitions.drafts import ShownAs
from dauys.petitions.jurisdiction import addressee_of, rules_of
from dauys.petitions.readiness import problems
from dauys.petitions.services import authoring
from dauys.petitions.services.authoring import Submission

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.ledger.office_acts import Evidence
    from dauys.petitions.drafts import Draft
    from dauys.petitions.models import Petition
    from dauys.rules.pack import RulePack


def hand_in(keys: Keys, draft: Draft, sha256: str, evidence: Evidence, signer: str, now: datetime) -> Petition:
    """The petition of a draft, signed by its author over that hash; `signer` is "Айгүл С.". DraftFrozen, TextChanged."""
    if draft.petition_id is not None:
        raise DraftFrozen
    rules = rules_of(now)
    submission = submission_of(draft, rules, signer, now)
    if submission.text_sha256 != sha256:
        raise TextChanged
    if draft.mends_id is not None:
        return authoring.resubmit(keys, draft.mends_id, submission, evidence, now)
    return authoring.submit(keys, rules, submission, evidence, now)


def submission_of(draft: Draft, rules: RulePack, signer: str, now: datetime) -> Submission:
    """A draft as it is handed in; DraftNotReady."""
    addressee = addressee_of(draft.body, now)
    with override(draft.language):
        ready = not problems(draft, rules, now)
    if addressee is None or not ready:
        raise DraftNotReady
    names = addressee.body.name
    return Submission(
        language=draft.language,
        texts={version.language: (version.title, version.text) for version in draft.texts.all() if version.title},
        body=draft.body, addressee={"kk": names.kk, "ru": names.ru, "en": names.en}, level=rules.level_for(addressee).code,
        topic=draft.topic, author_shown=shown(draft, signer), population=addressee.population or 0, email=draft.email,
        files=draft.attached, co_authors=draft.co_authors.count(), draft=draft.pk,
    )  # fmt: skip


def shown(draft: Draft, signer: str) -> str:
    """The author as the petition names them; `signer` is the name in the certificate, "Айгүл С."."""
    if draft.shown_as == ShownAs.CHOSEN:
        return draft.chosen_name
    if draft.shown_as == ShownAs.INITIALS:
        return " ".join(f"{word[0]}." for word in signer.split() if word)
    return signer
