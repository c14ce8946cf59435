"""What can be done with petitions; web, API, CLI and jobs call these same functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dauys.desk.transactions import office_transaction
from dauys.errors import BadInput
from dauys.ledger.keys import Keys
from dauys.ledger.subjects import NewPetition
from dauys.ledger.subjects import open_petition as open_subject
from dauys.petitions.canonical import text_sha256
from dauys.petitions.models import Level, Petition, PetitionText
from dauys.rules.pack import RulePack

# By the kind of unit that a rule pack's level belongs to.
LEVELS = {"country": Level.REPUBLIC, "region": Level.REGION, "district": Level.DISTRICT}


@dataclass(frozen=True, slots=True)
class PetitionDraft:
    """A petition ready to be opened: texts by language as (title, text), addressee by language."""

    language: str
    texts: dict[str, tuple[str, str]]
    addressee: dict[str, str]
    level: str  # of the rule pack: government, region-akimat, …
    topic: str
    author_shown: str
    opens: datetime
    closes: datetime
    population: int = 0


def open_petition(keys: Keys, rules: RulePack, draft: PetitionDraft) -> Petition:
    """Opens a petition for signing: its rows, its subject and its opening leaf in one transaction."""
    if draft.language not in draft.texts:
        raise BadInput(what="the petition has no text in its own language")
    threshold = rules.threshold(draft.level, draft.population)
    with office_transaction() as connection:
        petition = Petition.objects.create(
            language=draft.language, level=LEVELS[rules.level(draft.level).unit], topic=draft.topic, author_shown=draft.author_shown,
            addressee_kk=draft.addressee["kk"], addressee_ru=draft.addressee["ru"], addressee_en=draft.addressee["en"],
            threshold=threshold, age_at_least=rules.age, opens_at=draft.opens, closes_at=draft.closes,
            answer_days=rules.answer_days(draft.level),
        )  # fmt: skip
        for language, (title, text) in draft.texts.items():
            PetitionText.objects.create(
                petition=petition, language=language, title=title, text=text, is_signed=language == draft.language
            )
        title, text = draft.texts[draft.language]
        new = NewPetition(
            petition.pk, title, draft.language, text_sha256(title, text), draft.addressee[draft.language], threshold, rules.tiers,
            rules.age, rules.id, draft.opens, draft.closes,
        )  # fmt: skip
        open_subject(connection, keys, new)
    return petition
