"""A signer takes their own signature back; when signing is over, whose were taken back is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.desk.transactions import office_transaction, reading_connection
from dauys.ledger import withdrawals

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.ledger.office_acts import Evidence


def unsign(keys: Keys, number: int, person: str, evidence: Evidence, now: datetime) -> None:
    """Withdraws for good the signature of `person` (`iin|…`); NotSigned, SubjectClosed. A second time changes nothing."""
    with office_transaction() as connection:
        withdrawals.withdraw(connection, keys, f"petition/{number}", person, evidence, now)


def open_due(keys: Keys, now: datetime) -> int:
    """Opens the withdrawals of every petition whose signing is over; how many petitions. Safe to run at any time."""
    names = withdrawals.waiting_to_open(reading_connection(), now)
    for name in names:
        with office_transaction() as connection:
            withdrawals.open_withdrawals(connection, keys, name, now)
    return len(names)
