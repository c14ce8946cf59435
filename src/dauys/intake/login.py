"""Requests to log in by signature: stateless like signing requests, for one browser, one host and five minutes.

A token of this kind begins with PREFIX and is sealed under a label of its own: it never passes for a signing request.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from dauys.errors import BadInput, RequestExpired, RequestForged
from dauys.intake.token import new_nonce, open_sealed, seal
from dauys.ledger.login_statement import ROLES, LoginStatement, Role
from dauys.ledger.moments import from_unix

LABEL = b"dauys/login-request/v1\n"
PREFIX = "login."  # no token of another kind has a dot
LIFETIME = timedelta(minutes=5)  # to take the phone and sign; short, because whoever shows the code to others gets in
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")


class LoginGrant(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a token says; `expires` unix seconds, `holder` SHA-256 of the asking browser's secret."""

    kind: Literal["login"]
    nonce: bytes
    expires: int
    language: Literal["kk", "ru", "en"]
    role: Role
    host: str
    holder: bytes


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """A request as pages and phones see it."""

    token: str
    grant: LoginGrant

    @property
    def statement(self) -> LoginStatement:
        """What is to be signed, rebuilt: the same token always gives the same bytes."""
        grant = self.grant
        return LoginStatement(grant.role, grant.host, grant.language, grant.nonce, self.expires)

    @property
    def expires(self) -> datetime:
        """When the time to sign ends."""
        return from_unix(self.grant.expires)

    @property
    def fact(self) -> str:
        """What tells this request from others, as a phone shows it beside the statement."""
        return self.statement.code

    def require_open(self, now: datetime) -> None:
        """RequestExpired once the time to sign has passed."""
        if now >= self.expires:
            raise RequestExpired

    def held_by(self, secret: str) -> bool:
        """Whether the browser with this secret made the request."""
        return self.grant.holder == hashlib.sha256(secret.encode()).digest()


def is_login(token: str) -> bool:
    """Whether a token claims to be of this kind."""
    return token.startswith(PREFIX)


def create_login(key: bytes, role: str, host: str, language: str, secret: str, now: datetime) -> LoginRequest:
    """A fresh request of the browser that holds the secret, under the installation's request key; BadInput."""
    if role not in ROLES or language not in ROLES["citizen"] or not HOST.fullmatch(host):
        raise BadInput(what="no such log-in")
    expires = int((now + LIFETIME).timestamp())
    holder = hashlib.sha256(secret.encode()).digest()
    grant = LoginGrant("login", new_nonce(), expires, language, role, host, holder)  # type: ignore[arg-type]
    return LoginRequest(PREFIX + seal(key, LABEL, grant), grant)


def open_login(key: bytes, token: str) -> LoginRequest:
    """The request of a token; RequestForged. Expiry is not judged here."""
    if not is_login(token):
        raise RequestForged
    return LoginRequest(token, open_sealed(key, LABEL, token.removeprefix(PREFIX), LoginGrant))
