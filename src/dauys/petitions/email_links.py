"""Letters whose link acts for a mailbox: the link itself carries the pseudonym, sealed, so that nothing of the address stays.

Limits are counted under keyed hashes. Whether a mailbox has signed is told to nobody who merely types its address.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from dauys.desk.mail import queue_mail
from dauys.desk.transactions import office_transaction, reading_connection
from dauys.errors import BadInput, KeyMalformed, LetterExpired, RequestForged, TierNotAdmitted
from dauys.ledger.keyless import LINK_LIFETIME
from dauys.ledger.leaves import from_text, to_text
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.petitions.quotas import spend
from dauys.petitions.terms import terms_of
from dauys.rules.mailboxes import canonical, letters_an_hour

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.petitions.models import Petition

TIER = "email"
LETTERS_A_DAY = 3  # of one purpose to one mailbox, so that nobody is flooded in our name
BURST = 300  # letters a minute for one petition: a campaign's peak, and not a machine's


class Purpose(StrEnum):
    """What a link does; one of another purpose does not open. Also the kind under which its letters are counted."""

    SIGN = "email-signature"
    WITHDRAW = "email-withdrawal"


class Link(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a link says: which petition, whose pseudonym, in which language, until when (unix seconds)."""

    number: int
    pseudonym: bytes
    nonce: bytes
    language: str
    expires: int

    def to_token(self, keys: Keys, purpose: Purpose) -> str:
        """The link's last part, which only this installation can make and read."""
        return to_text(keys.wrap(msgspec.msgpack.encode(self), f"link/{purpose}"))

    @classmethod
    def of_token(cls, keys: Keys, purpose: Purpose, token: str, now: datetime) -> Link:
        """RequestForged, LetterExpired."""
        try:
            link = msgspec.msgpack.decode(keys.unwrap(from_text(token), f"link/{purpose}"), type=cls)
        except (KeyMalformed, BadInput, msgspec.DecodeError):
            raise RequestForged from None
        if now.timestamp() >= link.expires:
            raise LetterExpired
        return link


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody typed an address on the form of a purpose."""

    purpose: Purpose
    petition: Petition
    address: str
    language: str


def admits(petition: Petition) -> bool:
    """Whether the rules of a petition sum signatures by e-mail."""
    return TIER in terms_of(petition.rules).pack.tiers


def send_link(keys: Keys, asked: Asked, letter: Callable[[str], tuple[str, str]], now: datetime) -> None:
    """Queues the letter that `letter` writes as (subject, text) around a token: the same whether or not the mailbox signed.

    TierNotAdmitted, SubjectClosed, AddressUnfit, AddressDisposable, TooManyLetters.
    """
    petition, purpose = asked.petition, asked.purpose
    if not admits(petition):
        raise TierNotAdmitted
    mailbox = canonical(asked.address)
    subject = read_subject(reading_connection(), petition.subject_name)
    subject.require_open(now)
    pseudonym = read_secrets(reading_connection(), keys, subject).pseudonym(subject.name, f"email|{mailbox}")
    expires = int((now + LINK_LIFETIME).timestamp())
    token = Link(petition.pk, pseudonym, secrets.token_bytes(16), asked.language, expires).to_token(keys, purpose)
    with office_transaction():
        spend(keys, f"petition|{petition.pk}", BURST, timedelta(minutes=1), now)
        spend(keys, f"domain|{mailbox.rpartition('@')[2]}", letters_an_hour(mailbox), timedelta(hours=1), now)
        spend(keys, f"{purpose}|{mailbox}", LETTERS_A_DAY, timedelta(days=1), now)
        queue_mail(keys, asked.address.strip(), asked.language, *letter(token), purpose)
