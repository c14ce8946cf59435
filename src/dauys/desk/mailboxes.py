"""Where officials want to hear that it is their turn: given by themselves, sealed, and theirs to take back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from dauys.desk.followers import checked
from dauys.desk.mail import LANGUAGES
from dauys.desk.staff import Official
from dauys.desk.transactions import office_transaction
from dauys.ledger.keys import Keys


class Mailbox(models.Model):
    """One official's address."""

    official = models.OneToOneField(Official, models.CASCADE, related_name="mailbox")
    language = models.CharField(max_length=2)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="mailbox_language_known"),
        ]

    def __str__(self) -> str:
        return f"of official {self.official_id}"

    def address(self, keys: Keys) -> str:
        """Where the letters go."""
        return keys.unwrap(bytes(self.sealed), f"mailbox/{self.official_id}").decode()


def keep_mailbox(keys: Keys, official: Official, address: str, language: str) -> None:
    """Keeps an official's own address, or forgets it where none is given. AddressUnfit."""
    with office_transaction():
        if not address.strip():
            Mailbox.objects.filter(official=official).delete()
            return
        sealed = keys.wrap(checked(address).encode(), f"mailbox/{official.pk}")
        Mailbox.objects.update_or_create(official=official, defaults={"language": language, "sealed": sealed})


def mailboxes(roles: Iterable[str], body: str = "") -> list[Mailbox]:
    """Of those in office with one of these tasks, in this body where one is named."""
    found = Mailbox.objects.filter(official__active=True, official__duties__role__in=list(roles))
    return list((found.filter(official__body=body) if body else found).distinct().order_by("pk"))
