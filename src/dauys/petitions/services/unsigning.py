"""A signer takes their own signature back, by key or by a letter's link; when signing is over, whose were taken back is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.desk.transactions import office_transaction, reading_connection
from dauys.ledger import withdrawals
from dauys.ledger.act_statement import ActStatement
from dauys.ledger.keyless import link_evidence
from dauys.ledger.moments import from_unix
from dauys.petitions.email_links import TIER, Link, Purpose
from dauys.petitions.facts import facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.ledger.office_acts import Evidence


def unsign(keys: Keys, number: int, person: str, evidence: Evidence, now: datetime) -> None:
    """Withdraws for good the signature of `person` (`iin|…`); NotSigned, SubjectClosed. A second time changes nothing."""
    with office_transaction() as connection:
        withdrawals.withdraw(connection, keys, f"petition/{number}", person, evidence, now)


def statement_of(keys: Keys, link: Link) -> ActStatement:
    """What the click on a letter's link declares, word by word."""
    facts = facts_of(link.number)
    return ActStatement(
        "petition.signature-withdrawal", facts.subject, facts.title, facts.addressee, facts.sha256, keys.log.verifier.name,
        link.language, 0, TIER, link.nonce, from_unix(link.expires),
    )  # fmt: skip


def unsign_by_link(keys: Keys, token: str, now: datetime) -> None:
    """Withdraws for good the signature of the mailbox that got the letter. RequestForged, RequestExpired, and as `unsign`."""
    link = Link.of_token(keys, Purpose.WITHDRAW, token, now)
    statement, name = statement_of(keys, link), f"petition/{link.number}"
    evidence = link_evidence(keys, name, link.pseudonym, statement.to_bytes(), link.nonce, now)
    with office_transaction() as connection:
        withdrawals.withdraw_by_link(connection, keys, name, link.pseudonym, evidence, now)


def open_due(keys: Keys, now: datetime) -> int:
    """Opens the withdrawals of every petition whose signing is over; how many petitions. Safe to run at any time."""
    names = withdrawals.waiting_to_open(reading_connection(), now)
    for name in names:
        with office_transaction() as connection:
            withdrawals.open_withdrawals(connection, keys, name, now)
    return len(names)
