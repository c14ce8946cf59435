"""Signing requests: made for a person who declares, shown as the exact statement, opened again when it comes back."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from msgspec.structs import replace

from dauys.errors import BadInput, DeclarationMissing, RequestExpired, SubjectUnknown
from dauys.intake.token import LIFETIME, Grant, Tier, Tokens, new_nonce
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.moments import from_unix
from dauys.ledger.places import Places
from dauys.ledger.statement import Statement, known_region
from dauys.ledger.subjects import Subject, read_subject

SUBJECT_SECONDS = 1.0  # how long a subject read from the database is believed: closing takes effect within it


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person chose: languages and tiers as in Grant; `declared` = what the subject asks of a signer."""

    subject: str
    language: str
    tier: str
    region: str = ""
    declared: bool = False
    holder: str = ""


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """A request as pages and phones see it."""

    token: str
    grant: Grant
    subject: Subject
    statement: Statement

    @property
    def expires(self) -> datetime:
        """When the time to sign ends."""
        return from_unix(self.grant.expires)

    @property
    def fact(self) -> str:
        """What tells this request from others, as a phone shows it beside the statement."""
        return self.statement.title

    def expired(self, now: datetime) -> bool:
        """Whether the time to sign has passed."""
        return self.grant.expired(now)

    def require_open(self, now: datetime) -> None:
        """RequestExpired, SubjectNotOpen or SubjectClosed where it cannot be signed now."""
        if self.expired(now):
            raise RequestExpired
        self.subject.require_open(now)

    def held_by(self, secret: str) -> bool:
        """Whether the browser with this secret made the request (a request without a holder belongs to nobody)."""
        return bool(self.grant.holder) and self.grant.holder == hashlib.sha256(secret.encode()).digest()


class SigningRequests:
    """Makes and opens requests; stateless but for a second-long memory of subjects. Safe to use from threads."""

    def __init__(self, places: Places, keys: Keys) -> None:
        self.tokens, self.signer = Tokens(keys.request), keys.log
        self._places, self._local = places, threading.local()
        self._subjects: dict[str, tuple[float, Subject]] = {}

    @classmethod
    def load(cls, places: Places) -> SigningRequests:
        """With the installation's keys."""
        return cls(places, Keys.load(places.keys))

    @property
    def connection(self) -> sqlite3.Connection:
        """The reading connection of the calling thread."""
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite.connect(self._places.database)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def subject(self, name: str, now: datetime) -> Subject:
        """The subject, at most SUBJECT_SECONDS old; SubjectUnknown."""
        at, kept = self._subjects.get(name, (float("-inf"), None))
        if kept is None or not 0 <= now.timestamp() - at < SUBJECT_SECONDS:
            kept = read_subject(self.connection, name)
            self._subjects[name] = (now.timestamp(), kept)
        return kept

    def published_count(self, name: str) -> dict[str, object]:
        """`{"subject", "signatures", "final", "size"}`: public counts and the tree size they hold at; SubjectUnknown."""
        row = self.connection.execute(
            "SELECT published_signatures, published_final, published_size FROM ledger_subject JOIN ledger_log WHERE name = ?",
            (name,),
        ).fetchone()
        if row is None:
            raise SubjectUnknown
        return {"subject": name, "signatures": row[0], "final": row[1], "size": row[2]}

    def create(self, asked: Asked, now: datetime) -> SigningRequest:
        """A fresh request; DeclarationMissing, SubjectUnknown, SubjectNotOpen, SubjectClosed or BadInput."""
        if not asked.declared:
            raise DeclarationMissing
        if not known_region(asked.region):
            raise BadInput(what="no such region")
        subject = self.subject(asked.subject, now)
        subject.require_open(now)
        grant = Grant(
            f"{subject.kind}.signature", subject.name, new_nonce(), int((now + LIFETIME).timestamp()),  # type: ignore[arg-type]
            _one_of(asked.language, ("kk", "ru", "en")), _one_of(asked.tier, ("desktop", "mobile")), asked.region, _holder(asked.holder),  # type: ignore[arg-type]
        )  # fmt: skip
        return SigningRequest(self.tokens.seal(grant), grant, subject, statement_of(grant, subject, self.origin))

    def open(self, token: str, now: datetime) -> SigningRequest:
        """The request of a token; RequestForged. Expiry and closing are not judged here."""
        grant = self.tokens.open(token)
        subject = self.subject(grant.subject, now)
        return SigningRequest(token, grant, subject, statement_of(grant, subject, self.origin))

    def renew(self, grant: Grant, now: datetime, tier: Tier | None = None) -> str:
        """A fresh token with the same choices, or of another tier: for who met a used request, or goes another way."""
        expires = int((now + LIFETIME).timestamp())
        return self.tokens.seal(replace(grant, nonce=new_nonce(), expires=expires, tier=tier or grant.tier))

    @cached_property
    def origin(self) -> str:
        """The log's origin, named in every statement; it never changes."""
        return sqlite.read_tail(self.connection).origin


def statement_of(grant: Grant, subject: Subject, origin: str) -> Statement:
    """The statement a grant asks to sign, rebuilt: the same grant always gives the same bytes."""
    return Statement(
        grant.kind, subject.name, subject.title, subject.text_sha256, origin, grant.language, subject.age, grant.region, grant.tier,
        grant.nonce.hex(), from_unix(grant.expires), subject.citizens_only,
    )  # fmt: skip


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BadInput(what=f"{value!r} is none of {', '.join(allowed)}")
    return value


def _holder(digest: str) -> bytes:
    """32 bytes from hex, or none."""
    try:
        holder = bytes.fromhex(digest)
    except ValueError:
        holder = b"-"
    if len(holder) not in (0, 32):
        raise BadInput(what="the holder is no SHA-256 in hex")
    return holder
