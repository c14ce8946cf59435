"""Requests to sign an act of an office: a submission, an appeal, a decision. Stateless; bound to what is acted on.

The door verifies, the office acts: which kinds there are, what their statements say and what becomes of a signed one is
given to the door at start-up (`Office`), since it knows no office.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from dauys.errors import BadInput, RequestExpired, RequestForged, TextChanged
from dauys.intake.token import new_nonce, open_sealed, seal
from dauys.ledger.act_statement import ActStatement
from dauys.ledger.moments import from_unix
from dauys.ledger.office_acts import ActFacts, SignedAct

LABEL = b"dauys/act-request/v1\n"
PREFIX = "act."  # no token of another kind has it
LIFETIME = timedelta(minutes=15)  # as for a signature: to read, find the phone and sign


class ActGrant(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a token says; `reference` the office's own, `sha256` of what is acted on, `holder` of the browser's secret."""

    kind: str
    reference: str
    sha256: bytes
    nonce: bytes
    expires: int
    language: Literal["kk", "ru", "en"]
    tier: Literal["desktop", "mobile"]
    holder: bytes


class Office(Protocol):
    """One kind of act, as an office provides it; both may wait for a database, so the door calls them on a thread."""

    def describe(self, reference: str) -> ActFacts:
        """What is to be signed; SubjectUnknown and the like."""

    def take(self, act: SignedAct) -> None:
        """Does it, durably and once: the same nonce and person again changes nothing."""


Offices = Mapping[str, Office]


@dataclass(frozen=True, slots=True)
class ActRequest:
    """A request as pages and phones see it."""

    token: str
    grant: ActGrant
    statement: ActStatement

    @property
    def expires(self) -> datetime:
        """When the time to sign ends."""
        return self.statement.expires

    @property
    def fact(self) -> str:
        """What tells this request from others, as a phone shows it beside the statement."""
        return self.statement.title

    def require_open(self, now: datetime) -> None:
        """RequestExpired once the time to sign has passed."""
        if now >= self.expires:
            raise RequestExpired

    def held_by(self, secret: str) -> bool:
        """Whether the browser with this secret made the request."""
        return self.grant.holder == hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True, slots=True)
class ActRequests:
    """Makes and opens requests under the installation's request key; `origin` is the log's."""

    key: bytes
    origin: str
    offices: Offices

    def create(self, kind: str, reference: str, language: str, tier: str, secret: str, now: datetime) -> ActRequest:
        """A fresh request of the browser that holds the secret; BadInput, and whatever the office says."""
        if language not in ("kk", "ru", "en") or tier not in ("desktop", "mobile"):
            raise BadInput(what="no such language or tier")
        digest = bytes.fromhex(self._office(kind).describe(reference).sha256)
        holder = hashlib.sha256(secret.encode()).digest()
        expires = int((now + LIFETIME).timestamp())
        return self._request(ActGrant(kind, reference, digest, new_nonce(), expires, language, tier, holder))  # type: ignore[arg-type]

    def open(self, token: str) -> ActRequest:
        """The request of a token; RequestForged, TextChanged where what it is about is no longer the same."""
        if not is_act(token):
            raise RequestForged
        return self._request(open_sealed(self.key, LABEL, token.removeprefix(PREFIX), ActGrant))

    def for_tier(self, request: ActRequest, tier: str) -> ActRequest:
        """The same act by another way of signing: a request of its own, since the statement names the tier."""
        return self._request(msgspec.structs.replace(request.grant, tier=tier, nonce=new_nonce()))

    def _request(self, grant: ActGrant) -> ActRequest:
        facts = self._office(grant.kind).describe(grant.reference)
        if bytes.fromhex(facts.sha256) != grant.sha256:
            raise TextChanged
        statement = ActStatement(
            grant.kind, facts.subject, facts.title, facts.addressee, facts.sha256, self.origin, grant.language, facts.age,
            grant.tier, grant.nonce, from_unix(grant.expires), facts.citizen,
        )  # fmt: skip
        return ActRequest(PREFIX + seal(self.key, LABEL, grant), grant, statement)

    def _office(self, kind: str) -> Office:
        try:
            return self.offices[kind]
        except KeyError:
            raise BadInput(what=f"no act of kind {kind}") from None


def is_act(token: str) -> bool:
    """Whether a token claims to be of this kind."""
    return token.startswith(PREFIX)
