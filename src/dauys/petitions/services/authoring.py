"""What an author does: hand in, mend, take back, appeal. Each act is signed; its evidence is sealed in the vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dauys.desk.texts import keep_text
from dauys.desk.transactions import office_transaction
from dauys.errors import BadInput, DraftFrozen
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.subjects import close_subject
from dauys.petitions.canonical import text_sha256
from dauys.petitions.models import Author, Draft, Level, Petition, PetitionFile, PetitionText
from dauys.petitions.services.taking import Taking, taking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dauys.ledger.attached import Attached
    from dauys.ledger.keys import Keys
    from dauys.ledger.office_acts import Evidence
    from dauys.rules.pack import RulePack

# By the kind of unit that a rule pack's level belongs to.
LEVELS = {"country": Level.REPUBLIC, "region": Level.REGION, "district": Level.DISTRICT}


@dataclass(frozen=True, slots=True)
class Submission:
    """A petition ready to be handed in: texts by language as (title, text), the addressee's names by language."""

    language: str
    texts: Mapping[str, tuple[str, str]]
    body: str
    addressee: Mapping[str, str]
    level: str  # of the rule pack: government, region-akimat, …
    topic: str
    author_shown: str
    population: int = 0
    email: str = ""
    files: Sequence[Attached] = ()
    co_authors: int = 0
    draft: int = 0  # that it was written as; 0 for none

    @property
    def text_sha256(self) -> str:
        """The hash of the signed version; BadInput where there is none."""
        if self.language not in self.texts:
            raise BadInput(what="the petition has no text in its own language")
        return text_sha256(*self.texts[self.language], self.files)


def submit(keys: Keys, rules: RulePack, submission: Submission, evidence: Evidence, now: datetime) -> Petition:
    """A new petition, handed in by its author and waiting for moderation: rows, evidence and leaf in one transaction."""
    digest = submission.text_sha256
    with office_transaction() as connection:
        petition = Petition.objects.create(
            language=submission.language, level=LEVELS[rules.level(submission.level).unit], topic=submission.topic,
            author_shown=submission.author_shown, body=submission.body, rules=rules.id, submitted_at=now,
            addressee_kk=submission.addressee["kk"], addressee_ru=submission.addressee["ru"],
            addressee_en=submission.addressee["en"], threshold=rules.threshold(submission.level, submission.population),
            age_at_least=rules.age, co_authors=submission.co_authors, answer_days=rules.answer_days(submission.level),
            state="moderation", turn="moderator", attempt=1, life_json=b"",
        )  # fmt: skip
        author = Author(petition=petition, person=evidence.person, language=submission.language)
        author.keep_address(keys, submission.email)
        author.save()
        _keep_versions(petition, submission, 1)
        step = Taking(connection, keys, petition, now)
        step.log_signed(
            evidence, lambda commitment: _submitted(step, submission.level, digest, evidence, commitment, 1)
        )
    return petition


def resubmit(keys: Keys, number: int, submission: Submission, evidence: Evidence, now: datetime) -> Petition:
    """A refused petition handed in again with a mended text; StepForbidden a second time or too late, NotTheAuthor."""
    digest = submission.text_sha256
    with taking(keys, number, now) as step:
        step.require_author(evidence.person)
        attempt = step.life.attempt + 1
        step.petition.language, step.petition.co_authors = submission.language, submission.co_authors
        step.petition.author_shown = submission.author_shown
        step.log_signed(
            evidence, lambda commitment: _submitted(step, step.life.level, digest, evidence, commitment, attempt)
        )
        _keep_versions(step.petition, submission, attempt)
    return step.petition


def withdraw(keys: Keys, number: int, evidence: Evidence, now: datetime) -> Petition:
    """The author takes the petition back; what was signed stays counted and closed."""
    with taking(keys, number, now) as step:
        step.require_author(evidence.person)
        step.log_signed(
            evidence,
            lambda commitment: leaves.Withdrawn(
                moment=step.moment, subject=step.petition.subject_name, commitment=commitment
            ),
        )
        close_subject(step.connection, step.petition.subject_name, now)
    return step.petition


def appeal(keys: Keys, number: int, against: leaves.Matter, text: str, evidence: Evidence, now: datetime) -> Petition:
    """The author appeals against a refusal, a removal or silence; StepForbidden where there is nothing to appeal."""
    with taking(keys, number, now) as step:
        step.require_author(evidence.person)
        kept, due = keep_text(text), step.terms.review_due(step.moment)
        step.log_signed(
            evidence,
            lambda commitment: leaves.Appealed(
                moment=step.moment, subject=step.petition.subject_name, against=against, commitment=commitment, due=due, text=kept,
            ),
        )  # fmt: skip
    return step.petition


def _submitted(
    step: Taking, level: str, digest: str, evidence: Evidence, commitment: str, attempt: int
) -> leaves.Submitted:
    petition = step.petition
    return leaves.Submitted(
        moment=step.moment, subject=petition.subject_name, attempt=attempt, body=petition.body, commitment=commitment,  # type: ignore[arg-type] - 1 or 2, or the fold refuses
        due=step.terms.moderation_due(step.moment), language=petition.language, level=level, rules=petition.rules,
        text_sha256=digest, tier=evidence.tier,
    )  # fmt: skip


def _keep_versions(petition: Petition, submission: Submission, attempt: int) -> None:
    """Texts and files of this attempt; the draft they came from is handed in, and once only."""
    if submission.draft and not Draft.objects.filter(pk=submission.draft, petition=None).update(
        petition=petition, email=""
    ):
        raise DraftFrozen
    for language, (title, text) in submission.texts.items():
        PetitionText.objects.create(
            petition=petition, attempt=attempt, language=language, title=title, text=text,
            is_signed=language == submission.language,
        )  # fmt: skip
    PetitionFile.objects.bulk_create(
        PetitionFile(petition=petition, attempt=attempt, position=place, **file._asdict())
        for place, file in enumerate(submission.files, 1)
    )
