"""Letters: queued in the caller's transaction, handed to the mail server by the worker, forgotten once handed over."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import ClassVar

import msgspec
from django.core.mail import EmailMessage
from django.db import models
from django.utils import timezone

from dauys.desk.transactions import office_transaction
from dauys.ledger.keys import Keys

logger = logging.getLogger(__name__)

AT_ONCE = 100  # letters of one round
MOST_TRIES = 10  # with pauses that double from a minute on: the last about eight hours after the first
LANGUAGES = ("kk", "ru", "en")


class Letter(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed while it waits."""

    to: str
    subject: str
    text: str
    leave: str = ""  # address that a POST to ends such letters (RFC 8058)


class Mail(models.Model):
    """One letter that waits; whom it is for and what it says only the installation's keys open."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="mail_language_known"),
            models.CheckConstraint(condition=models.Q(tries__lt=MOST_TRIES), name="mail_given_up_is_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.tries} tries"


class MailCount(models.Model):
    """What became of the letters of one kind, since the installation began."""

    kind = models.CharField(max_length=40, unique=True)
    sent = models.PositiveBigIntegerField(default=0)
    not_taken = models.PositiveBigIntegerField(default=0)  # attempts
    given_up = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind}: {self.sent} sent, {self.given_up} given up"


def queue_mail(keys: Keys, to: str, language: str, subject: str, text: str, kind: str, leave: str = "") -> None:
    """Queues a plain letter inside the caller's transaction; nothing personal belongs in `subject`."""
    letter = Letter(*("".join(part) for part in (to, subject, text, leave)))  # a template's text is a string of its own
    sealed = keys.wrap(msgspec.msgpack.encode(letter), f"mail/{kind}")
    Mail.objects.create(kind=kind, language=language, sealed=sealed, next_try=timezone.now())


def send_due(keys: Keys, now: datetime) -> int:
    """Hands over what is due; how many went. Killed between hand-over and forgetting, one letter goes twice."""
    sent = 0
    for mail in Mail.objects.filter(next_try__lte=now).order_by("next_try")[:AT_ONCE]:
        handed_over = _send(keys, mail)
        sent += handed_over
        with office_transaction():
            given_up = not handed_over and mail.tries + 1 >= MOST_TRIES
            _count(mail.kind, sent=handed_over, not_taken=not handed_over, given_up=given_up)
            if handed_over or given_up:
                mail.delete()
            else:
                mail.tries, mail.next_try = mail.tries + 1, now + timedelta(minutes=2**mail.tries)
                mail.save()
    return sent


def _send(keys: Keys, mail: Mail) -> bool:
    letter = msgspec.msgpack.decode(keys.unwrap(bytes(mail.sealed), f"mail/{mail.kind}"), type=Letter)
    headers = {"Content-Language": mail.language, "Auto-Submitted": "auto-generated"}  # RFC 3834 section 5
    if letter.leave:  # RFC 8058 section 3.1
        headers |= {"List-Unsubscribe": f"<{letter.leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    try:
        EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers).send()
    except (OSError, SMTPException) as error:
        logger.warning("a letter (%s) was not taken: %s", mail.kind, type(error).__name__)
        return False
    return True


def _count(kind: str, **added: bool) -> None:
    MailCount.objects.get_or_create(kind=kind)
    MailCount.objects.filter(kind=kind).update(**{name: models.F(name) + int(more) for name, more in added.items()})
