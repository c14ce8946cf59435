"""Notices: one row a step, made in the step's own transaction; it remembers how far its letters have come."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """One step that people want to hear of. `reached` is the last follower whose letter was queued."""

    petition = models.ForeignKey("petitions.Petition", models.CASCADE, related_name="notices")
    index = models.BigIntegerField(unique=True)  # of the step, in the log
    kind = models.CharField(max_length=40)  # "petition.listed"
    moment = models.DateTimeField()  # who had confirmed by then is told
    turn = models.CharField(max_length=16)  # whose it is after the step
    due = models.DateField(null=True)  # the last day of that turn
    begun = models.BooleanField(default=False)  # the author and the officials have their letters
    reached = models.BigIntegerField(default=0)
    letters = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="notice_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(begun=True), name="notice_done_was_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class Reminder(models.Model):
    """Officials were reminded of this last day of a petition; a new last day is reminded of anew."""

    petition = models.ForeignKey("petitions.Petition", models.CASCADE, related_name="reminders")
    due = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "due"], name="reminder_once_a_last_day"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} until {self.due}"


def notify(petition: models.Model, index: int, kind: str, moment: datetime) -> None:
    """Makes the notice of a step that `petition` has just taken, inside its transaction."""
    turn: str = petition.turn  # type: ignore[attr-defined]
    due: date | None = petition.due  # type: ignore[attr-defined]
    Notice.objects.create(petition=petition, index=index, kind=kind, moment=moment, turn=turn, due=due)
