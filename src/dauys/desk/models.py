"""Rows of the ledger as offices and pages read them (the ledger makes and writes these in plain SQL), and the desk's own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dauys.desk.claims import Claim
from dauys.desk.followers import Follower
from dauys.desk.mail import Mail, MailCount
from dauys.desk.mailboxes import Mailbox
from dauys.desk.record import Action
from dauys.desk.reports import Report, ReportCount
from dauys.desk.sessions import Session
from dauys.desk.staff import Duty, Official, StaffChange

__all__ = [
    "Action", "Claim", "Duty", "Follower", "LedgerLog", "LedgerSubject", "LedgerTally", "LedgerWithdrawn", "Mail", "MailCount", "Mailbox", "Official", "Report",
    "ReportCount", "Session", "StaffChange",
]  # fmt: skip


class LedgerLog(models.Model):
    """The one log of this installation and how much of it is published."""

    id = models.PositiveSmallIntegerField(primary_key=True)  # always 1
    mode = models.TextField()  # "demo" or "production", fixed for ever
    origin = models.TextField()
    vkey = models.TextField()  # verifier key of the checkpoint (C2SP signed-note)
    size = models.BigIntegerField()
    confirmed = models.BigIntegerField()  # entries below are final or taken back
    published_size = models.BigIntegerField()
    published_checkpoint = models.TextField()
    opened_at = models.BigIntegerField()  # unix seconds

    class Meta:
        managed = False
        db_table = "ledger_log"

    def __str__(self) -> str:
        return self.origin


class LedgerSubject(models.Model):
    """What may be signed: its frozen text, its window, its published count."""

    id = models.IntegerField(primary_key=True)
    name = models.TextField(unique=True)  # "petition/12"
    kind = models.TextField()
    title = models.TextField()
    language = models.TextField()
    text_sha256 = models.TextField()  # hex
    opens_at = models.BigIntegerField()  # unix seconds
    closes_at = models.BigIntegerField()  # unix seconds
    opened_index = models.BigIntegerField(null=True)
    published_signatures = models.BigIntegerField()
    published_final = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "ledger_subject"

    def __str__(self) -> str:
        return self.name


class LedgerWithdrawn(models.Model):
    """Signatures of one subject and tier that were withdrawn in one hour; pages show what is published alone."""

    pk = models.CompositePrimaryKey("subject_id", "hour", "tier")
    subject_id = models.IntegerField()
    hour = models.IntegerField()  # unix seconds // 3600, of the withdrawal
    tier = models.TextField()
    committed = models.BigIntegerField()
    published = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "ledger_withdrawn"

    def __str__(self) -> str:
        return f"{self.subject_id} {self.hour} {self.tier}: -{self.published}"


class LedgerTally(models.Model):
    """Acts of one subject in one hour by one tier of trust; pages show what is published alone."""

    TIERS: ClassVar[tuple[str, ...]] = ("desktop", "mobile", "paper", "email", "outside")

    pk = models.CompositePrimaryKey("subject_id", "hour", "tier")
    subject_id = models.IntegerField()
    hour = models.IntegerField()  # unix seconds // 3600
    tier = models.TextField()
    committed = models.BigIntegerField()
    taken_back = models.BigIntegerField(default=0)
    final = models.BigIntegerField(default=0)
    published = models.BigIntegerField()  # committed - taken_back, when it was published
    published_final = models.BigIntegerField(default=0)

    class Meta:
        managed = False
        db_table = "ledger_tally"

    def __str__(self) -> str:
        return f"{self.subject_id} {self.hour} {self.tier}: {self.published}"


class PublicText(models.Model):
    """A text that a leaf names by its hash: reasons, minutes, decisions. Withheld, its hash and the reason stay."""

    sha256 = models.TextField(primary_key=True)  # hex
    content = models.TextField()
    erased_for = models.TextField(default="")  # the reason's code, once it is withheld
    published = models.BooleanField(default=False)  # the public files say the same

    class Meta:
        managed = False
        db_table = "ledger_text"

    def __str__(self) -> str:
        return self.sha256
