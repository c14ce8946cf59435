"""Petitions and their texts; signatures are counted in the ledger, never here."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

import msgspec
from django.db import models

from dauys.desk.texts import is_erased
from dauys.ledger.moments import parse_moment
from dauys.petitions.authors import Author
from dauys.petitions.canonical import search_form, text_bytes
from dauys.petitions.decision_draft import DecisionDraft
from dauys.petitions.drafts import CoAuthor, Draft, DraftFile, DraftText, PetitionFile
from dauys.petitions.erasures import ErasureProposal
from dauys.petitions.life import Life
from dauys.petitions.notices import Notice, Reminder
from dauys.petitions.public import text_is_public
from dauys.petitions.quotas import Quota
from dauys.petitions.sheets import PaperSheet
from dauys.petitions.similar import prefixes
from dauys.petitions.states import CONSIDERED, SIGNED, Actor, State
from dauys.petitions.terms import terms_of

__all__ = [
    "Author", "CoAuthor", "DecisionDraft", "Draft", "DraftFile", "DraftText", "ErasureProposal", "Level", "Notice", "PaperSheet", "Petition", "PetitionEvent", "PetitionFile",
    "PetitionText", "Proposal", "Quota", "Reminder", "TitlePrefix",
]  # fmt: skip

LANGUAGES = ("kk", "ru", "en")


class Level(models.TextChoices):
    """Whose duty a petition becomes (Administrative Procedural Code, Article 90-4)."""

    REPUBLIC = "republic"
    REGION = "region"
    DISTRICT = "district"


OPEN = SIGNED | CONSIDERED  # can be signed while its window lasts
NEEDS_OPENING = (
    State.GATHERING, State.COLLECTING, State.REGISTERED, State.WORKING_GROUP, State.HEARING, State.DECIDED, State.CARRIED_OUT,
    State.LAPSED, State.STOPPED, State.MERGED,
)  # fmt: skip


class Petition(models.Model):
    """One petition since its author handed it in; its id is the number in the ledger's subject name.

    `life` is what its leaves fold to (`petitions.life`); the columns beside it repeat what lists and workers ask for.
    """

    language = models.CharField(max_length=2)  # of the version that is signed
    addressee_kk = models.TextField()
    addressee_ru = models.TextField()
    addressee_en = models.TextField()
    body = models.CharField(max_length=60)  # the addressee's code in the rules' list of bodies
    level = models.CharField(max_length=16, choices=Level.choices)
    rules = models.CharField(max_length=40)  # the pack it began with
    topic = models.SlugField(max_length=40, blank=True)
    author_shown = models.CharField(max_length=120)  # first name and initial, initials, or a name of their choice
    co_authors = models.PositiveSmallIntegerField(default=0)  # who agreed to stand beside the author
    threshold = models.PositiveIntegerField()
    age_at_least = models.PositiveSmallIntegerField()
    answer_days = models.PositiveSmallIntegerField(null=True)  # working days to answer, from the rule pack
    submitted_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)  # signing, once moderation let it
    closes_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)  # since when lists show it: its first supporters were found
    state = models.CharField(max_length=16)
    turn = models.CharField(max_length=16)  # whose, in `state`
    due = models.DateField(null=True)  # the last day of that turn
    review_due = models.DateField(null=True)  # the last day to decide an open appeal
    attempt = models.PositiveSmallIntegerField()
    text_public = models.BooleanField(default=False)  # whether its text is shown, and found by words of it
    life_json = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-opens_at", "-id"], name="petition_newest"),
            models.Index(fields=["closes_at", "id"], name="petition_closing"),
            models.Index(fields=["state", "due"], name="petition_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="petition_language_known"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="petition_level_known"),
            models.CheckConstraint(condition=models.Q(state__in=[str(s) for s in State]), name="petition_state_known"),
            models.CheckConstraint(condition=models.Q(turn__in=[str(a) for a in Actor]), name="petition_turn_known"),
            models.CheckConstraint(condition=models.Q(attempt__in=(1, 2)), name="petition_attempt_once_more"),
            models.CheckConstraint(condition=models.Q(threshold__gt=0), name="petition_threshold_positive"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="petition_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=False) | ~models.Q(state__in=[str(s) for s in NEEDS_OPENING]),
                name="petition_signed_is_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.subject_name

    @property
    def subject_name(self) -> str:
        """Its name in the ledger."""
        return f"petition/{self.pk}"

    @cached_property
    def life(self) -> Life:
        """What its leaves say."""
        return msgspec.json.decode(self.life_json, type=Life)

    def follow(self, life: Life) -> None:
        """Makes the row say what the leaves say."""
        self.__dict__.pop("life", None)
        self.life_json, self.state, self.turn = msgspec.json.encode(life), str(life.state), str(life.turn)
        self.due, self.attempt, self.body = life.due or None, life.attempt, life.body
        self.review_due = life.appeal.due if life.appeal else None
        self.text_public = text_is_public(life, terms_of(life.rules)) and not is_erased(life.text_sha256)
        self.listed_at = parse_moment(life.listed) if life.listed else None

    @property
    def listed(self) -> bool:
        """Whether it stands in lists."""
        return self.listed_at is not None

    def is_open(self, now: datetime) -> bool:
        """Whether it can be signed; until the decision, since a threshold that is reached ends nothing."""
        return self.state in OPEN and self.opens_at <= now < self.closes_at

    @property
    def citizens_only(self) -> bool:
        """Whether its signers declare to be citizens."""
        return terms_of(self.rules).pack.signing.citizens_only

    @property
    def last_day(self) -> datetime:
        """The last moment of the time to sign, to be written as a day."""
        return self.closes_at - timedelta(seconds=1)

    @property
    def signing_ended(self) -> datetime:
        """When it could be signed no longer: with its time, or with the step that ended it sooner."""
        if self.state in OPEN:
            return self.last_day
        return min(self.last_day, parse_moment(self.life.decided or self.life.since))

    @property
    def attached(self) -> models.QuerySet[PetitionFile]:
        """The files that were signed with its text."""
        return self.files.filter(attempt=self.attempt)

    def addressee(self, language: str) -> str:
        """Who is asked, in one of LANGUAGES."""
        return str(getattr(self, f"addressee_{language}"))


class PetitionText(models.Model):
    """One language version; exactly one is the signed one, the others are translations. A repair adds new ones."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="texts")
    attempt = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    text = models.TextField()
    is_signed = models.BooleanField(default=False)
    search = models.TextField(editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "attempt", "language"], name="petitiontext_one_per_language"),
            models.UniqueConstraint(
                fields=["petition", "attempt"], condition=models.Q(is_signed=True), name="petitiontext_one_signed"
            ),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="petitiontext_language_known"),
            models.CheckConstraint(condition=~models.Q(title=""), name="petitiontext_has_title"),
            models.CheckConstraint(condition=~models.Q(text=""), name="petitiontext_has_text"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **options: object) -> None:
        """Keeps the search column and the prefixes in step with title, text and addressee."""
        self.search = search_form(self.title, self.text, self.petition.addressee(self.language))
        super().save(**options)
        self.prefixes.all().delete()
        TitlePrefix.objects.bulk_create(TitlePrefix(version=self, prefix=prefix) for prefix in prefixes(self.title))

    @property
    def canonical(self) -> bytes:
        """The bytes whose hash the signed statement names."""
        files = self.petition.files.filter(attempt=self.attempt)
        return text_bytes(self.title, self.text, [file.attached for file in files])


class TitlePrefix(models.Model):
    """The beginning of a word of a title: what similar petitions are found by."""

    version = models.ForeignKey(PetitionText, models.CASCADE, related_name="prefixes")
    prefix = models.CharField(max_length=4)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["prefix", "version"], name="titleprefix_by_prefix")]

    def __str__(self) -> str:
        return self.prefix


class PetitionEvent(models.Model):
    """One leaf of a petition's life, as its page tells it; rebuilt from the log at any time."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="events")
    index = models.BigIntegerField(unique=True)  # in the log
    kind = models.CharField(max_length=40)
    moment = models.DateTimeField()
    entry = models.BinaryField()  # the leaf, byte for byte

    class Meta:
        ordering: ClassVar = ["index"]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class Proposal(models.Model):
    """The first half of a step that takes two officials."""

    petition = models.OneToOneField(Petition, models.CASCADE, related_name="proposal")
    kind = models.CharField(max_length=10)
    reasons = models.JSONField()
    explanation = models.TextField()
    others = models.JSONField(default=dict)  # translations of the explanation by language
    span = models.TextField(blank=True)  # the part of the text it is about
    by = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=("refuse", "stop", "remove")), name="proposal_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.petition_id}"


class AppealDraft(models.Model):
    """The appeal that an author wrote last, as it is to be signed."""

    petition = models.OneToOneField(Petition, models.CASCADE, related_name="appeal_draft")
    against = models.CharField(max_length=10)
    text = models.TextField()  # in its one spelling, so that its hash is what is signed
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(against__in=("refusal", "removal", "silence")), name="appealdraft_against_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="appealdraft_has_text"),
        ]

    def __str__(self) -> str:
        return f"appeal against {self.against} of {self.petition_id}"
