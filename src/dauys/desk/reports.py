"""What readers report: a reason and words, without a log-in; nothing is kept of who they are."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from dauys.desk.record import record
from dauys.desk.transactions import office_transaction
from dauys.errors import BadInput, ReportsTooMany, WordsMissing
from dauys.ledger.keys import Keys
from dauys.ledger.moments import hour_number

AN_HOUR = 5  # reports from one network
LONGEST = 2000  # characters
NETWORK = {4: 32, 6: 64}  # bits of an address that are one household


class Why(models.TextChoices):
    """What a reader may say is wrong."""

    PERSONAL = "personal-data", _("It shows somebody's personal data")
    INSULT = "insult", _("It insults or threatens somebody")
    UNLAWFUL = "unlawful", _("It calls for something unlawful")
    DUPLICATE = "duplicate", _("The same petition exists already")
    FALSE = "false", _("It says something that is not true")
    OTHER = "other", _("Something else")


class Report(models.Model):
    """One reader's word about one thing; `settled_by` is the official who looked into it."""

    subject = models.CharField(max_length=80)  # "petition/12"
    reason = models.CharField(max_length=20, choices=Why.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    settled_by = models.PositiveIntegerField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["settled_at", "subject"], name="report_waiting")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(reason__in=Why.values), name="report_reason_known"),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True, settled_at__isnull=True)
                | models.Q(settled_by__isnull=False, settled_at__isnull=False),
                name="report_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.reason}"


class ReportCount(models.Model):
    """How many reports one network sent in one hour; the network by a keyed hash that no other hour repeats."""

    hour = models.PositiveIntegerField()
    network = models.BinaryField(max_length=16)
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hour", "network"], name="reportcount_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.hour}: {self.count}"


def report(keys: Keys, subject: str, reason: str, words: str, address: str, now: datetime) -> Report:
    """Keeps a reader's report; BadInput, WordsMissing for "other" without words, ReportsTooMany."""
    words = words.strip()[:LONGEST]
    if reason not in Why.values:
        raise BadInput(what="no such reason")
    if reason == Why.OTHER and not words:
        raise WordsMissing
    with office_transaction():
        _count(keys, address, now)
        return Report.objects.create(subject=subject, reason=reason, words=words, at=now)


def settle(subject: str, by: int, now: datetime) -> int:
    """An official has looked into all reports about a thing; how many."""
    with office_transaction():
        settled = Report.objects.filter(subject=subject, settled_at=None).update(settled_by=by, settled_at=now)
        if settled:
            record(by, "reports.settled", subject, now, str(settled))
    return settled


def waiting(subjects: Iterable[str] | None = None) -> dict[str, int]:
    """Unsettled reports by subject, most first; of these subjects alone where some are given."""
    found = Report.objects.filter(settled_at=None)
    if subjects is not None:
        found = found.filter(subject__in=list(subjects))
    counted = found.values_list("subject").annotate(reports=Count("pk")).order_by("-reports", "subject")
    return dict(counted)


def _count(keys: Keys, address: str, now: datetime) -> None:
    """One more of this hour from this network; the counts of past hours go, and with them all that was known."""
    hour = hour_number(now)
    ReportCount.objects.exclude(hour=hour).delete()
    digest = network_digest(keys, address, hour)
    row, _ = ReportCount.objects.get_or_create(hour=hour, network=digest, defaults={"count": 0})
    if row.count >= AN_HOUR:
        raise ReportsTooMany
    row.count += 1
    row.save()


def network_digest(keys: Keys, address: str, hour: int) -> bytes:
    """16 bytes of HMAC-SHA256 over hour and network: tells equals within the hour, and nothing after it."""
    return hmac.digest(keys.login, f"report|{hour}|{network_of(address)}".encode(), "sha256")[:16]


def network_of(address: str) -> str:
    """What is counted as one visitor's network: an IPv4 address, or the part of an IPv6 address that is one household."""
    try:
        known = ipaddress.ip_address(address)
        return str(ipaddress.ip_network((known, NETWORK[known.version]), strict=False))
    except ValueError:
        return "unknown"
