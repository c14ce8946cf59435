"""A petition that is being written: its rows belong to whoever holds the secret, of which only the SHA-256 is kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dauys.desk.sealed_text import SealedText
from dauys.errors import LANGUAGES
from dauys.ledger.attached import Attached


class ShownAs(models.TextChoices):
    """How a petition names its author; who they are is sealed in the vault either way."""

    NAME = "name"  # first name and the first letter of the surname, as in the certificate
    INITIALS = "initials"
    CHOSEN = "chosen"  # a name of their choice


class Draft(models.Model):
    """What is written so far. It may be unfinished in every part; `readiness` says what is missing to hand it in."""

    secret_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=2)  # of the version to be signed
    body = models.CharField(max_length=60, blank=True)  # the addressee's code in the rules
    topic = models.SlugField(max_length=40, blank=True)
    author_settled = models.BooleanField(default=False)  # they chose how they are shown, and where letters go
    shown_as = models.CharField(max_length=10, choices=ShownAs.choices, default=ShownAs.NAME)
    chosen_name = models.CharField(max_length=60, blank=True)
    email = SealedText(default=b"")  # goes when the draft is handed in: the author keeps it then
    revision = models.PositiveIntegerField(default=0)  # of its texts: two devices cannot overwrite each other unseen
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)
    mends = models.ForeignKey("petitions.Petition", models.CASCADE, null=True, related_name="mending")
    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, null=True, related_name="drafts"
    )  # once handed in

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["secret_sha256"], name="draft_secret_unique"),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="draft_language_known"),
            models.CheckConstraint(condition=models.Q(shown_as__in=ShownAs.values), name="draft_shown_as_known"),
            models.CheckConstraint(
                condition=models.Q(touched_at__gte=models.F("begun_at")), name="draft_touched_after_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def versions(self) -> dict[str, DraftText]:
        """What is written, by language; one query unless `texts` was prefetched."""
        return {version.language: version for version in self.texts.all()}

    @property
    def attached(self) -> tuple[Attached, ...]:
        """Its files in the author's order."""
        return tuple(file.attached for file in self.files.all())


class DraftText(models.Model):
    """One language version; a version is kept when another language becomes the signed one."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "language"], name="drafttext_one_per_language"),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="drafttext_language_known"),
        ]

    def __str__(self) -> str:
        return self.title


class CoAuthor(models.Model):
    """Somebody who opened the draft's link and agreed to stand beside its author; their name goes with the draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="co_authors")
    name = models.CharField(max_length=60)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "name"], name="coauthor_agrees_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="coauthor_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """A file as its text lists it; its bytes stand under var/attachments by their SHA-256."""

    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def attached(self) -> Attached:
        """As the canonical text names it."""
        return Attached(self.name, self.media_type, self.size, self.sha256)


class DraftFile(File):
    """A file of a draft; public only with its petition."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")

    class Meta(File.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "sha256"], name="draftfile_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="draftfile_has_name"),
        ]


class PetitionFile(File):
    """A file of a petition, frozen with the text of that attempt."""

    petition = models.ForeignKey("petitions.Petition", models.CASCADE, related_name="files")
    attempt = models.PositiveSmallIntegerField()

    class Meta(File.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "attempt", "sha256"], name="petitionfile_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="petitionfile_has_name"),
        ]
