"""Petitions and their texts; signatures are counted in the ledger, never here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dauys.petitions.canonical import search_form, text_bytes

LANGUAGES = ("kk", "ru", "en")


class Level(models.TextChoices):
    """Whose duty a petition becomes (Administrative Procedural Code, Article 90-4)."""

    REPUBLIC = "republic"
    REGION = "region"
    DISTRICT = "district"


class Petition(models.Model):
    """One petition; its id is the number in the ledger's subject name."""

    language = models.CharField(max_length=2)  # of the version that is signed
    addressee_kk = models.TextField()
    addressee_ru = models.TextField()
    addressee_en = models.TextField()
    level = models.CharField(max_length=16, choices=Level.choices)
    topic = models.SlugField(max_length=40, blank=True)
    author_shown = models.CharField(max_length=120)  # first name and initial, as the law lets it be shown
    threshold = models.PositiveIntegerField()
    age_at_least = models.PositiveSmallIntegerField()
    answer_days = models.PositiveSmallIntegerField(null=True)  # working days to answer, from the rule pack
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    published = models.BooleanField(default=True)  # has a page at all
    listed = models.BooleanField(default=True)  # stands in lists; before, it is open by direct link only

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-opens_at", "-id"], name="petition_newest"),
            models.Index(fields=["closes_at", "id"], name="petition_closing"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="petition_language_known"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="petition_level_known"),
            models.CheckConstraint(condition=models.Q(threshold__gt=0), name="petition_threshold_positive"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="petition_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=models.Q(listed=False) | models.Q(published=True), name="petition_listed_is_published"
            ),
        ]

    def __str__(self) -> str:
        return self.subject_name

    @property
    def subject_name(self) -> str:
        """Its name in the ledger."""
        return f"petition/{self.pk}"

    def addressee(self, language: str) -> str:
        """Who is asked, in one of LANGUAGES."""
        return str(getattr(self, f"addressee_{language}"))


class PetitionText(models.Model):
    """One language version; exactly one is the signed one, the others are translations."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    text = models.TextField()
    is_signed = models.BooleanField(default=False)
    search = models.TextField(editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "language"], name="petitiontext_one_per_language"),
            models.UniqueConstraint(
                fields=["petition"], condition=models.Q(is_signed=True), name="petitiontext_one_signed"
            ),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="petitiontext_language_known"),
            models.CheckConstraint(condition=~models.Q(title=""), name="petitiontext_has_title"),
            models.CheckConstraint(condition=~models.Q(text=""), name="petitiontext_has_text"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **options: object) -> None:
        """Keeps the search column in step with title, text and addressee."""
        self.search = search_form(self.title, self.text, self.petition.addressee(self.language))
        super().save(**options)

    @property
    def canonical(self) -> bytes:
        """The bytes whose hash the signed statement names."""
        return text_bytes(self.title, self.text)
