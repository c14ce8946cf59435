"""The first half of erasing a public text, which takes two administrators; and what of a petition can be erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models

REASONS = ("personal-data", "court-order")


class ErasureProposal(models.Model):
    """One administrator wants a text or file shown no more; another one agrees or does not."""

    petition = models.ForeignKey("petitions.Petition", models.CASCADE, related_name="erasures")
    sha256 = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=20)
    order = models.CharField(max_length=64, blank=True)  # SHA-256 in hex of a court order's text
    by = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(reason__in=REASONS), name="erasureproposal_reason_known"),
            models.CheckConstraint(
                condition=(models.Q(reason="court-order") & ~models.Q(order=""))
                | (models.Q(reason="personal-data") & models.Q(order="")),
                name="erasureproposal_order_of_a_court",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Erasable:
    """A text or file of a petition: its hash, what it is (a leaf's kind, "text" or "file"), its beginning or name."""

    sha256: str
    what: str
    beginning: str
    erased_for: str
