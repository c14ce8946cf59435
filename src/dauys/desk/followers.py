"""Who wants letters about a subject: the address sealed, confirmed by a link, and forgotten with the last word of its owner."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from dauys.desk.mail import LANGUAGES
from dauys.desk.transactions import office_transaction
from dauys.errors import AddressUnfit, LinkExpired
from dauys.ledger.keys import Keys

UNCONFIRMED_LASTS = timedelta(days=2)
MOST_UNCONFIRMED = 3  # letters that one address can be sent by strangers in that time
DIGEST_SIZE = 64  # hex digits


class Follower(models.Model):
    """One address that follows one subject. Equal addresses have equal `lookup`; only our keys open `sealed`."""

    subject = models.CharField(max_length=80)  # "petition/12"
    language = models.CharField(max_length=2)
    lookup = models.CharField(max_length=DIGEST_SIZE)
    sealed = models.BinaryField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "id"], name="follower_of_subject"),
            models.Index(fields=["lookup"], name="follower_by_address"),
            models.Index(
                fields=["asked_at"], condition=models.Q(confirmed_at__isnull=True), name="follower_unconfirmed"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "lookup"], name="follower_once_a_subject"),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="follower_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.pk}"


def ask(keys: Keys, subject: str, address: str, language: str, now: datetime) -> Follower | None:
    """Keeps an address until it is confirmed; None where no letter should go. AddressUnfit.

    In the caller's transaction, which queues the letter. Who follows already gets none, nor who has been asked often:
    the page answers all alike, so that nobody learns who follows what.
    """
    address = checked(address)
    lookup = keys.person(f"follower|{address.lower()}")
    sweep(now)
    if Follower.objects.filter(subject=subject, lookup=lookup).exists():
        return None
    if Follower.objects.filter(lookup=lookup, confirmed_at=None).count() >= MOST_UNCONFIRMED:
        return None
    return Follower.objects.create(
        subject=subject, language=language, lookup=lookup, sealed=keys.wrap(address.encode(), f"follower/{lookup}"),
        asked_at=now,
    )  # fmt: skip


def confirm(keys: Keys, token: str, now: datetime) -> Follower:
    """The address's owner says yes; again, nothing changes. LinkExpired."""
    with office_transaction():
        follower = of_token(keys, token)
        if follower is None or (follower.confirmed_at is None and follower.asked_at < now - UNCONFIRMED_LASTS):
            raise LinkExpired
        if follower.confirmed_at is None:
            follower.confirmed_at = now
            follower.save()
    return follower


def leave(keys: Keys, token: str) -> str:
    """Forgets the address for this subject, which it names; empty where it was forgotten before, or never known."""
    with office_transaction():
        follower = of_token(keys, token)
        if follower is None:
            return ""
        follower.delete()
        return follower.subject


def token_of(keys: Keys, follower: Follower) -> str:
    """What stands in the links of their letters; nothing is kept of it."""
    return f"{follower.pk}-{_tag(keys, follower)}"


def of_token(keys: Keys, token: str) -> Follower | None:
    """Whose links these are."""
    number, _, tag = token.partition("-")
    if not number.isdecimal() or len(number) > 18:
        return None
    follower = Follower.objects.filter(pk=int(number)).first()
    known = follower is not None and hmac.compare_digest(tag.encode(), _tag(keys, follower).encode())
    return follower if known else None


def address_of(keys: Keys, follower: Follower) -> str:
    """Where their letters go."""
    return keys.unwrap(bytes(follower.sealed), f"follower/{follower.lookup}").decode()


def checked(address: str) -> str:
    """An address without blanks around; AddressUnfit."""
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise AddressUnfit from None
    return address


def sweep(now: datetime) -> None:
    """Forgets who never confirmed."""
    Follower.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_LASTS).delete()


def _tag(keys: Keys, follower: Follower) -> str:
    return hmac.digest(keys.login, f"follower|{follower.pk}|{follower.lookup}".encode(), "sha256").hex()[:32]
