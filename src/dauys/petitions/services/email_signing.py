"""Signing by e-mail, where the rules admit it: a letter with a link, and the click that confirms.

Nothing of the address stays: the link itself carries the pseudonym, sealed; limits are counted under keyed hashes.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing

from dauys.desk.mail import queue_mail
from dauys.desk.transactions import office_transaction, reading_connection
from dauys.errors import BadInput, RequestExpired, RequestForged, RequestUsed, TierNotAdmitted
from dauys.ledger.keyless import LINK_LIFETIME, keyless_admission, keyless_statement
from dauys.ledger.leaves import from_text, to_text
from dauys.ledger.moments import from_unix
from dauys.ledger.places import Places
from dauys.ledger.sequencer import Outcome, Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.petitions.addresses import canonical, letters_an_hour
from dauys.petitions.quotas import spend
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.ledger.sequencer import Placed
    from dauys.ledger.statement import Statement
    from dauys.petitions.models import Petition

TIER = "email"
SALT = "dauys.email-signature.v1"
LETTERS_A_DAY = 3  # to one mailbox, so that nobody is flooded in our name
BURST = 300  # letters a minute for one petition: a campaign's peak, and not a machine's


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: which petition, whose pseudonym, in which language, until when; used up once."""

    number: int
    pseudonym: bytes
    nonce: bytes
    language: str
    expires: int

    def to_token(self) -> str:
        """The link's last part, which only this installation can make."""
        parts = [self.number, to_text(self.pseudonym), self.nonce.hex(), self.language, self.expires]
        return signing.dumps(parts, salt=SALT)

    @classmethod
    def of_token(cls, token: str, now: datetime) -> Link:
        """RequestForged, RequestExpired."""
        try:
            number, pseudonym, nonce, language, expires = signing.loads(token, salt=SALT)
            link = cls(number, from_text(pseudonym), bytes.fromhex(nonce), language, expires)
        except (signing.BadSignature, BadInput, ValueError, TypeError):
            raise RequestForged from None
        if now.timestamp() >= link.expires:
            raise RequestExpired
        return link


def admits(petition: Petition) -> bool:
    """Whether the rules of a petition sum signatures by e-mail."""
    return TIER in terms_of(petition.rules).pack.tiers


def ask(
    keys: Keys,
    petition: Petition,
    address: str,
    language: str,
    letter: Callable[[str], tuple[str, str]],
    now: datetime,
) -> None:
    """Queues the letter that `letter` writes as (subject, text) around a token. The same answer for whoever signed before.

    TierNotAdmitted, SubjectClosed, AddressUnfit, AddressDisposable, TooManyLetters.
    """
    if not admits(petition):
        raise TierNotAdmitted
    mailbox = canonical(address)
    subject = read_subject(reading_connection(), petition.subject_name)
    subject.require_open(now)
    pseudonym = read_secrets(reading_connection(), keys, subject).pseudonym(subject.name, f"email|{mailbox}")
    expires = int((now + LINK_LIFETIME).timestamp())
    token = Link(petition.pk, pseudonym, secrets.token_bytes(16), language, expires).to_token()
    with office_transaction():
        spend(keys, f"petition|{petition.pk}", BURST, timedelta(minutes=1), now)
        spend(keys, f"domain|{mailbox.rpartition('@')[2]}", letters_an_hour(mailbox), timedelta(hours=1), now)
        spend(keys, f"mailbox|{mailbox}", LETTERS_A_DAY, timedelta(days=1), now)
        queue_mail(keys, address.strip(), language, *letter(token), "email-signature")


def statement_of(link: Link) -> Statement:
    """What the click declares, word by word."""
    subject = read_subject(reading_connection(), f"petition/{link.number}")
    return keyless_statement(reading_connection(), subject, link.language, TIER, link.nonce, from_unix(link.expires))


def confirm(keys: Keys, token: str, now: datetime) -> Placed:
    """Counts the signature, durably; again the same answer for the same person. RequestForged, RequestExpired, SubjectClosed."""
    link = Link.of_token(token, now)
    with closing(Sequencer(Places(settings.DAUYS_VAR).database, keys.log)) as sequencer:
        subject = read_subject(sequencer.connection, f"petition/{link.number}")
        subject.require_open(now)
        statement = keyless_statement(
            sequencer.connection, subject, link.language, TIER, link.nonce, from_unix(link.expires)
        )
        act = keyless_admission(sequencer.connection, keys, subject, link.pseudonym, statement, b"", now)
        (placed,) = sequencer.commit([act])
    if placed.outcome is Outcome.USED:
        raise RequestUsed
    return placed
