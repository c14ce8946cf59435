"""From a signed log-in statement to a result for the browser that asked: verified as an act is, kept briefly, never logged."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import datetime

from dauys.intake.door import MAX_SIGNATURE, Door
from dauys.intake.login import LoginRequest, open_login
from dauys.ledger import logins, sqlite
from dauys.ledger.envelope import Signed
from dauys.ledger.evidence import kept, person_of
from dauys.ledger.logins import LoginResult
from dauys.ledger.places import Places


class LoginDoor:
    """Judges signed log-in statements through the same verification as the door of acts."""

    def __init__(self, places: Places, door: Door) -> None:
        self._places, self._door = places, door

    def open(self, token: str) -> LoginRequest:
        """The request of a token; RequestForged."""
        return open_login(self._door.keys.request, token)

    async def accept(self, token: str, signed: Signed, now: datetime) -> None:
        """Verifies and keeps who signed; durable when this returns. LoginUsed, or any DauysError that says why not."""
        request, result = self.judge(token, signed, now)
        await asyncio.to_thread(self._keep, request, result, now)

    def judge(self, token: str, signed: Signed, now: datetime) -> tuple[LoginRequest, LoginResult]:
        """Who signed this request, if all is well with it; nothing is changed."""
        signed, request = kept(signed, MAX_SIGNATURE), self.open(token)
        request.require_open(now)
        signer, keys = self._door.signer(signed, request.statement.to_bytes(), now), self._door.keys
        person = person_of(signer)
        name = logins.wrap_name(keys, request.grant.nonce, short_name(signer.common_name), person)
        return request, LoginResult(keys.person(person), name)

    def _keep(self, request: LoginRequest, result: LoginResult, now: datetime) -> None:
        database = self._places.database
        with closing(sqlite.connect(database)) as connection, sqlite.transaction(connection, database):
            logins.keep(connection, request.grant.nonce, result, request.expires, now)


def short_name(common_name: str) -> str:
    """Given name and initial, "Айгүл С."; certificates write the surname first, in capitals."""
    surname, _, given = common_name.strip().partition(" ")
    return f"{given.title()} {surname[:1].upper()}." if given else f"{surname[:1].upper()}."
