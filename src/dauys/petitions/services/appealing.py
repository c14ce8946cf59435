"""What an author does before an appeal is signed: writes it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.desk.texts import plain_text
from dauys.desk.transactions import office_transaction
from dauys.errors import NotTheAuthor, StepForbidden, SubjectUnknown
from dauys.ledger.moments import moment_text
from dauys.petitions.life import appealable
from dauys.petitions.models import AppealDraft, Petition
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from datetime import datetime


def write_appeal(number: int, person: str, text: str, now: datetime) -> AppealDraft:
    """Keeps what is to be signed, in place of what was written before; NotTheAuthor, StepForbidden, WordsMissing, BadInput."""
    with office_transaction():
        petition = Petition.objects.select_related("author").filter(pk=number).first()
        if petition is None:
            raise SubjectUnknown
        if petition.author.person != person:
            raise NotTheAuthor
        against = appealable(petition.life, terms_of(petition.rules).day(moment_text(now)))
        if against is None:
            raise StepForbidden(state=petition.state)
        values = {"against": against, "text": plain_text(text), "written_at": now}
        return AppealDraft.objects.update_or_create(petition=petition, defaults=values)[0]
