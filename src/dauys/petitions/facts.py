"""A petition as statements about it name it."""

from __future__ import annotations

from dauys.errors import SubjectUnknown
from dauys.ledger.office_acts import ActFacts
from dauys.petitions.models import Petition, PetitionText


def facts_of(number: int, sha256: str = "") -> ActFacts:
    """A petition as statements name it; `sha256` of what is acted on, its own text's where none is given. SubjectUnknown."""
    petition = Petition.objects.filter(pk=number).first()
    if petition is None:
        raise SubjectUnknown
    signed = PetitionText.objects.get(petition=petition, attempt=petition.attempt, is_signed=True)
    return ActFacts(
        petition.subject_name, signed.title, petition.addressee(signed.language), sha256 or petition.life.text_sha256
    )
