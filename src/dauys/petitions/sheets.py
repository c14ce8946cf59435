"""Sheets of paper signatures between the first entry and the second: pseudonyms only, no number is ever kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PaperSheet(models.Model):
    """One sheet; `pseudonyms` go when it is counted, the row stays so that a scan counts once."""

    petition = models.ForeignKey("petitions.Petition", models.CASCADE, related_name="sheets")
    sha256 = models.CharField(max_length=64)  # of the scan, hex
    pseudonyms = models.JSONField(default=list)  # in the order of the rows
    first = models.PositiveIntegerField()  # the official who entered it first
    entered_at = models.DateTimeField()
    index = models.BigIntegerField(null=True)  # of its leaf, once it is counted

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "sha256"], name="papersheet_once_a_petition"),
            models.CheckConstraint(
                condition=models.Q(index__isnull=True) | models.Q(pseudonyms=[]), name="papersheet_counted_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"sheet {self.sha256[:8]} of {self.petition_id}"
