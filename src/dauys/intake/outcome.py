"""What became of a signing request, told only to the browser that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dauys.intake.requests import SigningRequests
from dauys.ledger import sqlite
from dauys.ledger.receipts import receipts_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """The act that used a request up: its index in the log, its receipt, and whether a confirmation took it back."""

    index: int
    receipt: str
    taken_back: bool = False


def find_outcome(requests: SigningRequests, token: str, secret: str, now: datetime) -> Outcome | None:
    """None while nothing was admitted, or for a browser without the request's secret; RequestForged."""
    request = requests.open(token, now)
    if not request.held_by(secret):
        return None
    admission = sqlite.admission_of_nonce(requests.connection, request.grant.nonce)
    index = admission[2] if admission else sqlite.taken_back_of_nonce(requests.connection, request.grant.nonce)
    if index is None:
        return None
    receipt = receipts_of(requests.connection, requests.signer, [index])[index]
    return Outcome(index, receipt, taken_back=admission is None)
