"""What acts of petitions share: references, the facts of a petition, the installation's keys."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from dauys.errors import SubjectUnknown
from dauys.ledger.keys import Keys
from dauys.ledger.office_acts import ActFacts
from dauys.ledger.places import Places
from dauys.petitions.models import Petition, PetitionText


@cache
def keys() -> Keys:
    """The installation's keys, read once for the process."""
    return Keys.load(Places(settings.DAUYS_VAR).keys)


def number_of(reference: str, kind: str) -> int:
    """7 of "draft/7"; SubjectUnknown for any other kind."""
    name, _, number = reference.partition("/")
    if name != kind or not number.isdecimal() or len(number) > 18:
        raise SubjectUnknown
    return int(number)


def facts_of(number: int, sha256: str = "") -> ActFacts:
    """A petition as statements name it; `sha256` of what is acted on, its own text's where none is given. SubjectUnknown."""
    petition = Petition.objects.filter(pk=number).first()
    if petition is None:
        raise SubjectUnknown
    signed = PetitionText.objects.get(petition=petition, attempt=petition.attempt, is_signed=True)
    return ActFacts(
        petition.subject_name, signed.title, petition.addressee(signed.language), sha256 or petition.life.text_sha256
    )
