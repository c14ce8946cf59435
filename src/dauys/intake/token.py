"""The request token: the whole state of a signing request, unforgeable, so that the server keeps none.

Token = base64url(msgpack array ‖ first 16 bytes of HMAC-SHA256(request key, label ‖ array)). A nation may open requests
at once; memory and disk see nothing of it until a signature comes back. Each kind of token has a label of its own, so
that none passes for another.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

import msgspec

from dauys.errors import BadInput, RequestForged
from dauys.ledger.leaves import from_text, to_text

LABEL = b"dauys/request/v1\n"
BEARER_LABEL = b"dauys/bearer/v1\n"
MARK_LABEL = b"dauys/login-mark/v1\n"
MAC_SIZE = 16  # bytes: 2^-128 per guess, and short enough for a QR code
NONCE_SIZE = 16
LIFETIME = timedelta(minutes=15)  # time to read, find the phone and sign; eGov Mobile's own sessions are shorter
MAX_TOKEN = 400  # characters; a real one has about 150

Kind = Literal["petition.signature"]
Tier = Literal["desktop", "mobile"]

_T = TypeVar("_T", bound=msgspec.Struct)


class Grant(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a token says; `expires` unix seconds, `holder` SHA-256 of the asking browser's secret, or empty."""

    kind: Kind
    subject: str
    nonce: bytes
    expires: int
    language: Literal["kk", "ru", "en"]
    tier: Tier
    region: str
    holder: bytes = b""

    def expired(self, now: datetime) -> bool:
        """Whether the time to sign has passed."""
        return now.timestamp() >= self.expires


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and opens tokens under the installation's request key."""

    key: bytes

    def seal(self, grant: Grant) -> str:
        """The token of a grant."""
        return seal(self.key, LABEL, grant)

    def open(self, token: str) -> Grant:
        """The grant of a token; RequestForged unless this installation made it."""
        return open_sealed(self.key, LABEL, token, Grant)

    def bearer(self, token: str) -> str:
        """What an app shows to read and answer the documents of this token; derived, so that nothing is stored."""
        return to_text(hmac.digest(self.key, BEARER_LABEL + token.encode(), "sha256")[:MAC_SIZE])

    def mark(self, token: str, person: str) -> str:
        """What the documents of this token bear when they were shown to this person, who had logged in."""
        words = f"{token}\n{person}".encode()
        return to_text(hmac.digest(self.key, MARK_LABEL + words, "sha256")[:MAC_SIZE])


def seal(key: bytes, label: bytes, grant: msgspec.Struct) -> str:
    """The token of a grant of the kind that has this label."""
    payload = msgspec.msgpack.encode(grant)
    return to_text(payload + _mac(key, label, payload))


def open_sealed(key: bytes, label: bytes, token: str, kind: type[_T]) -> _T:
    """The grant of a token of `seal` with the same key and label; RequestForged for any other text."""
    try:
        if len(token) > MAX_TOKEN:
            raise ValueError
        raw = from_text(token)
        payload, mac = raw[:-MAC_SIZE], raw[-MAC_SIZE:]
        if not hmac.compare_digest(mac, _mac(key, label, payload)):
            raise ValueError
        return msgspec.msgpack.decode(payload, type=kind)
    except (ValueError, BadInput, msgspec.DecodeError):
        raise RequestForged from None


def _mac(key: bytes, label: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, label + payload, "sha256")[:MAC_SIZE]


def new_nonce() -> bytes:
    """A fresh nonce: what makes two requests different."""
    return secrets.token_bytes(NONCE_SIZE)
