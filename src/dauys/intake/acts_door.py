"""From a signed act of an office to the office's own transaction: verified as every act is, then handed over."""

from __future__ import annotations

import asyncio
from datetime import datetime

from dauys.intake.acts import ActRequest, ActRequests
from dauys.intake.door import MAX_SIGNATURE, Door
from dauys.intake.login_door import short_name
from dauys.ledger.envelope import Envelope, Signed
from dauys.ledger.evidence import kept, person_of
from dauys.ledger.office_acts import Evidence, SignedAct


class ActsDoor:
    """Judges signed acts of offices through the same verification as the door of the crowd's acts."""

    def __init__(self, requests: ActRequests, door: Door) -> None:
        self.requests, self._door = requests, door

    async def open(self, token: str) -> ActRequest:
        """The request of a token; its office is asked on a thread. RequestForged, TextChanged."""
        return await asyncio.to_thread(self.requests.open, token)

    async def accept(self, token: str, signed: Signed, now: datetime) -> None:
        """Verifies and lets the office act; durable when this returns. Any DauysError that says why not."""
        request = await self.open(token)
        act = self.judge(request, signed, now)
        await asyncio.to_thread(self.requests.offices[request.grant.kind].take, act)

    def judge(self, request: ActRequest, signed: Signed, now: datetime) -> SignedAct:
        """Who signed this request, if all is well with it; nothing is changed."""
        signed, statement = kept(signed, MAX_SIGNATURE), request.statement.to_bytes()
        request.require_open(now)
        signer, grant = self._door.signer(signed, statement, now), request.grant
        envelope = Envelope(
            statement, signed.signature, int(now.timestamp() * 1000), signed.form, signed.certificate
        ).to_bytes()
        person = person_of(signer)
        evidence = Evidence(self._door.keys.person(person), envelope, grant.nonce, grant.tier)
        name = short_name(signer.common_name)
        return SignedAct(grant.reference, request.statement.sha256, grant.language, evidence, name, now, person)
