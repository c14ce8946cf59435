"""Letters: queued in the caller's transaction, handed to the mail server by the worker, forgotten once handed over."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import ClassVar

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.utils import timezone

from dauys.desk.handed_over import HandedOver
from dauys.desk.transactions import office_transaction
from dauys.ledger.keys import Keys

logger = logging.getLogger(__name__)

AT_ONCE = 200  # letters of one round, one connection and one transaction
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


@dataclass(frozen=True, slots=True)
class ToSend:
    """A letter and its language."""

    letter: Letter
    language: str


def queue_mail(keys: Keys, to: str, language: str, subject: str, text: str, kind: str, leave: str = "") -> None:
    """Queues a plain letter inside the caller's transaction; nothing personal belongs in `subject`."""
    parts = ("".join(part) for part in (to, subject, text, leave))  # a template's text is a string of its own
    queue_all(keys, [ToSend(Letter(*parts), language)], kind)


def queue_all(keys: Keys, letters: Iterable[ToSend], kind: str) -> None:
    """The same for many at once."""
    now = timezone.now()
    Mail.objects.bulk_create(
        Mail(
            kind=kind,
            language=each.language,
            sealed=keys.wrap(msgspec.msgpack.encode(each.letter), f"mail/{kind}"),
            next_try=now,
        )
        for each in letters
    )


def send_due(keys: Keys, now: datetime) -> int:
    """Hands over what is due, by one connection; how many went. Killed between a yes and its mark, one letter goes twice."""
    with HandedOver(Path(settings.DAUYS_VAR) / "letters.handed-over") as handed_over:
        _settle(list(Mail.objects.filter(pk__in=handed_over.read())), set(), now)
        handed_over.clear()
        due = list(Mail.objects.filter(next_try__lte=now).order_by("next_try")[:AT_ONCE])
        failed = _hand_over(keys, due, handed_over)
        _settle([mail for mail in due if mail.pk not in failed], {mail for mail in due if mail.pk in failed}, now)
        handed_over.clear()
    return len(due) - len(failed)


def _hand_over(keys: Keys, due: list[Mail], handed_over: HandedOver) -> set[int]:
    """Row ids of what was not taken. A server that cannot be reached is asked once a round."""
    failed, connection = set[int](), None
    for place, mail in enumerate(due):
        try:
            if connection is None:
                connection = get_connection()
                connection.open()
        except (OSError, SMTPException) as error:
            logger.warning("the mail server cannot be reached: %s", type(error).__name__)
            return failed | {each.pk for each in due[place:]}
        if _send(keys, mail, connection):
            handed_over.mark(mail.pk)
        else:
            failed.add(mail.pk)
            connection = _closed(connection)  # whatever state it is in
    if connection is not None:
        _closed(connection)
    return failed


def _closed(connection: BaseEmailBackend) -> None:
    with suppress(OSError, SMTPException):
        connection.close()


def _send(keys: Keys, mail: Mail, connection: BaseEmailBackend) -> bool:
    letter = msgspec.msgpack.decode(keys.unwrap(bytes(mail.sealed), f"mail/{mail.kind}"), type=Letter)
    headers = {"Content-Language": mail.language, "Auto-Submitted": "auto-generated"}  # RFC 3834 section 5
    if letter.leave:  # RFC 8058 section 3.1
        headers |= {"List-Unsubscribe": f"<{letter.leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    try:
        EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers, connection=connection).send()
    except (OSError, SMTPException) as error:
        logger.warning("a letter (%s) was not taken: %s", mail.kind, type(error).__name__)
        return False
    return True


def _settle(went: list[Mail], failed: set[Mail], now: datetime) -> None:
    """What became of a round, in one transaction: forgotten, tried again later, or given up."""
    if not went and not failed:
        return
    given_up = {mail for mail in failed if mail.tries + 1 >= MOST_TRIES}
    again = [mail for mail in failed if mail not in given_up]
    for mail in again:
        mail.tries, mail.next_try = mail.tries + 1, now + timedelta(minutes=2**mail.tries)
    with office_transaction():
        Mail.objects.filter(pk__in=[mail.pk for mail in (*went, *given_up)]).delete()
        Mail.objects.bulk_update(again, ["tries", "next_try"])
        _count(sent=went, not_taken=failed, given_up=given_up)


def _count(**added: Collection[Mail]) -> None:
    for column, mails in added.items():
        for kind, number in Counter(mail.kind for mail in mails).items():
            MailCount.objects.get_or_create(kind=kind)
            MailCount.objects.filter(kind=kind).update(**{column: models.F(column) + number})
