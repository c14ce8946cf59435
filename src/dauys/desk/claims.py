"""Who is at work on what: a claim keeps two officials from judging the same thing at once, and ends by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from dauys.desk.staff import Official
from dauys.desk.transactions import office_transaction
from dauys.errors import HeldByColleague

LASTS = timedelta(minutes=5)  # after the last sign of life
BEAT = timedelta(minutes=1)  # how often an open page gives one


class Claim(models.Model):
    """One official has one thing in hand."""

    subject = models.CharField(max_length=80)  # "petition/12"
    by = models.PositiveIntegerField()  # the official's number
    beat_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject"], name="claim_one_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} by {self.by}"


def claim(subject: str, by: int, now: datetime) -> None:
    """Takes a thing in hand, or keeps it there; HeldByColleague while another official works on it."""
    with office_transaction():
        require_free(subject, by, now)
        Claim.objects.update_or_create(subject=subject, defaults={"by": by, "beat_at": now})


def release(subject: str, by: int) -> None:
    """Puts it down; somebody else's claim stays."""
    with office_transaction():
        Claim.objects.filter(subject=subject, by=by).delete()


def require_free(subject: str, by: int, now: datetime) -> None:
    """HeldByColleague while another official works on it."""
    held = Claim.objects.filter(subject=subject, beat_at__gt=now - LASTS).exclude(by=by).first()
    if held is not None:
        raise HeldByColleague(name=names_of([held.by]).get(held.by, f"№ {held.by}"))


def holders(subjects: Iterable[str], now: datetime) -> dict[str, int]:
    """Numbers of those who work on some of these now."""
    living = Claim.objects.filter(subject__in=list(subjects), beat_at__gt=now - LASTS)
    return dict(living.values_list("subject", "by"))


def names_of(numbers: Iterable[int]) -> dict[int, str]:
    """Names of officials by their numbers, in office or not."""
    return dict(Official.objects.filter(pk__in=set(numbers)).values_list("pk", "name"))
