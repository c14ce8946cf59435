"""A decision while it is written; the head of the body signs the hash of its exact bytes."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models

from dauys.desk.texts import plain_text, text_digest
from dauys.petitions.canonical import decision_bytes

ANSWERS = ("satisfied", "partly-satisfied", "refused")
MOST_PROMISES = 20  # as the leaf `petition.decided` allows


class DecisionDraft(models.Model):
    """What clerks wrote so far; whatever is signed is bound by its hash."""

    petition = models.OneToOneField("petitions.Petition", models.CASCADE, related_name="decision_draft")
    answer = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    promises = models.JSONField()  # [[ISO day, words], …]
    others = models.JSONField(default=dict)  # translations of the text by language
    by = models.PositiveIntegerField()  # who wrote it last
    touched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(answer__in=ANSWERS), name="decisiondraft_answer_known"),
        ]

    def __str__(self) -> str:
        return f"decision on {self.petition_id}"

    @property
    def canonical(self) -> bytes:
        """What is signed, by its hash."""
        translations = {language: text_digest(plain_text(words)) for language, words in self.others.items()}
        return decision_bytes(self.answer, self.text, [(due, words) for due, words in self.promises], translations)

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of `canonical`."""
        return hashlib.sha256(self.canonical).hexdigest()
