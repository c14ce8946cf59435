"""The record of what officials do: one row an action, added in its transaction and never changed or taken out."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

SYSTEM = 0  # the command line, whose operator has no number among officials


class Action(models.Model):
    """Who did what about what, when; numbers and codes only, since texts stand where they belong."""

    by = models.PositiveIntegerField()  # the official's number, as leaves name it
    kind = models.CharField(max_length=40)  # a leaf's kind, or the desk's own word
    subject = models.CharField(max_length=80)  # "petition/12", "official/3"
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["by", "-id"], name="action_by_official"),
            models.Index(fields=["subject", "-id"], name="action_about"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(kind="") & ~models.Q(subject=""), name="action_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.kind} {self.subject}"


def record(by: int, kind: str, subject: str, now: datetime, detail: str = "") -> None:
    """Adds an action inside the caller's transaction."""
    Action.objects.create(by=by, kind=kind, subject=subject, detail=detail[:200], at=now)
