"""How often something may happen in a stretch of time, counted in the database so that all processes agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F

from dauys.errors import DauysError, TooManyLetters
from dauys.ledger.keys import Keys


class Quota(models.Model):
    """Uses of one thing until `ends`. The key is a keyed hash: the row tells nobody whose it is, and it is swept."""

    key = models.CharField(max_length=64)
    ends = models.DateTimeField(db_index=True)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "ends"], name="quota_one_a_stretch"),
        ]

    def __str__(self) -> str:
        return f"{self.used} until {self.ends:%Y-%m-%d %H:%M}"


def spend(
    keys: Keys, what: str, limit: int, stretch: timedelta, now: datetime, refusal: type[DauysError] = TooManyLetters
) -> None:
    """One more use inside the caller's transaction; `refusal` (nothing is then counted) once the limit is used up."""
    Quota.objects.filter(ends__lte=now).delete()
    seconds = int(stretch.total_seconds())
    ends = datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, now.tzinfo)
    row, _ = Quota.objects.get_or_create(key=keys.person(f"quota|{what}"), ends=ends)
    if row.used >= limit:
        raise refusal(minutes=max(1, int((ends - now).total_seconds()) // 60))
    Quota.objects.filter(pk=row.pk).update(used=F("used") + 1)
