"""Signing by e-mail, where the rules admit it: the click on a letter's link, which confirms."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from django.conf import settings

from dauys.desk.transactions import reading_connection
from dauys.errors import RequestUsed
from dauys.ledger.keyless import keyless_admission, keyless_statement
from dauys.ledger.moments import from_unix
from dauys.ledger.places import Places
from dauys.ledger.sequencer import Outcome, Sequencer
from dauys.ledger.subjects import read_subject
from dauys.petitions.email_links import TIER, Link, Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.ledger.sequencer import Placed
    from dauys.ledger.statement import Statement


def statement_of(link: Link) -> Statement:
    """What the click declares, word by word."""
    subject = read_subject(reading_connection(), f"petition/{link.number}")
    return keyless_statement(reading_connection(), subject, link.language, TIER, link.nonce, from_unix(link.expires))


def confirm(keys: Keys, token: str, now: datetime) -> Placed:
    """Counts the signature, durably; again the same answer for the same person. RequestForged, RequestExpired, SubjectClosed."""
    link = Link.of_token(keys, Purpose.SIGN, token, now)
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
