"""What became of a signing request, told only to the browser that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dauys.intake.requests import SigningRequests
from dauys.ledger import sqlite
from dauys.ledger.receipts import receipts_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """The act that used a request up: its index in the log and its receipt."""

    index: int
    receipt: str


def find_outcome(requests: SigningRequests, token: str, secret: str, now: datetime) -> Outcome | None:
    """None while nothing was admitted, or for a browser without the request's secret; RequestForged."""
    request = requests.open(token, now)
    admission = sqlite.admission_of_nonce(requests.connection, request.grant.nonce)
    if admission is None or not request.held_by(secret):
        return None
    index = admission[2]
    return Outcome(index, receipts_of(requests.connection, requests.signer, [index])[index])
