"""Authors as this office knows them: a person nobody can name, and an address that is opened only to send a letter."""

from __future__ import annotations

import hmac
from typing import ClassVar

from django.db import models

from dauys.ledger.keys import Keys


class Author(models.Model):
    """Who handed a petition in: known to this office, shown to nobody."""

    petition = models.OneToOneField("petitions.Petition", models.CASCADE, related_name="author")
    person = models.CharField(max_length=64, db_index=True)  # `Keys.person`: never a personal number
    language = models.CharField(max_length=2)
    sealed = models.BinaryField(default=b"")  # the address; empty where none was given
    only_essential = models.BooleanField(default=False)  # letters that an answer or a time of their own depends on

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(person=""), name="author_is_a_person"),
        ]

    def __str__(self) -> str:
        return f"author of {self.petition_id}"

    def keep_address(self, keys: Keys, address: str) -> None:
        """Seals an address into the row, or forgets the one it holds; to be saved by the caller."""
        self.sealed = keys.wrap(address.encode(), self._label) if address else b""

    def address(self, keys: Keys) -> str:
        """Where the letters go; empty for nowhere."""
        return keys.unwrap(bytes(self.sealed), self._label).decode() if self.sealed else ""

    def token(self, keys: Keys) -> str:
        """What stands in the links of their letters; another address makes it void, and nothing is kept of it."""
        sealed = bytes(self.sealed).hex()
        tag = hmac.digest(keys.login, f"author|{self.petition_id}|{sealed}".encode(), "sha256").hex()[:32]
        return f"{self.petition_id}-{tag}"

    @classmethod
    def of_token(cls, keys: Keys, token: str) -> Author | None:
        """Whose links these are."""
        number = token.partition("-")[0]
        if not number.isdecimal() or len(number) > 18:
            return None
        author = cls.objects.filter(petition=int(number)).exclude(sealed=b"").first()
        known = author is not None and hmac.compare_digest(token.encode(), author.token(keys).encode())
        return author if known else None

    @property
    def _label(self) -> str:
        return f"author/{self.petition_id}"
