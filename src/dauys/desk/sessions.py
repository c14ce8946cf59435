"""Sessions of people who logged in by signature: a random token in one browser, its hash here, both short-lived."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, models

from dauys.desk.staff import PERSON_SIZE
from dauys.desk.transactions import office_transaction

CITIZEN, OFFICIAL = "citizen", "official"
# An official's unattended screen can do more harm; a working day is to need one log-in.
IDLE = {CITIZEN: timedelta(minutes=30), OFFICIAL: timedelta(minutes=15)}
LONGEST = {CITIZEN: timedelta(hours=8), OFFICIAL: timedelta(hours=10)}
TOUCHED = timedelta(minutes=1)  # how exactly the last use is known: reading a page need not write each time
TOKEN_SIZE = 32  # bytes
SEAL_LABEL = b"dauys/session-seal/v1\n"
ZERO_NONCE = bytes(12)  # safe: a token's key seals exactly one number (RFC 5116 section 3.2)


class Session(models.Model):
    """One browser that one person is logged in with, in one of the two roles."""

    token_sha256 = models.CharField(max_length=64)  # hex; the token itself is only in the browser
    person = models.CharField(max_length=PERSON_SIZE, db_index=True)
    role = models.CharField(max_length=16)
    name = models.CharField(max_length=120)  # given name and initial, shown to this browser alone
    opened_at = models.DateTimeField()
    used_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)  # the latest; sooner if idle
    sealed = models.BinaryField(null=True)  # a citizen's `iin|…` under their token

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_sha256"], name="session_token_unique"),
            models.CheckConstraint(condition=models.Q(role__in=[CITIZEN, OFFICIAL]), name="session_role_known"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("opened_at")), name="session_ends_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} since {self.opened_at:%Y-%m-%d %H:%M}"

    def alive(self, now: datetime) -> bool:
        """Neither over nor idle for too long."""
        return now < self.ends_at and now < self.used_at + IDLE[self.role]


def open_session(person: str, role: str, name: str, now: datetime, number: str = "") -> str:
    """A new session inside the caller's transaction; its token, told nowhere else. Sweeps what is over.

    `number` (`iin|…`) is sealed under the token: only a request of this browser opens it, and it ends with the session.
    """
    Session.objects.filter(ends_at__lte=now).delete()
    token = secrets.token_urlsafe(TOKEN_SIZE)
    Session.objects.create(
        token_sha256=_hash(token), person=person, role=role, name=name, opened_at=now, used_at=now, ends_at=now + LONGEST[role],
        sealed=_seal(token).encrypt(ZERO_NONCE, number.encode(), None) if number else None,
    )  # fmt: skip
    return token


def find_session(token: str, now: datetime) -> Session | None:
    """The living session of a token; notes that it was used."""
    session = Session.objects.filter(token_sha256=_hash(token)).first() if token else None
    if session is None or not session.alive(now):
        return None
    if now >= session.used_at + TOUCHED and not connection.in_atomic_block:  # the writer's lock cannot be had twice
        with office_transaction():
            Session.objects.filter(pk=session.pk).update(used_at=now)
    return session


def number_of(session: Session, token: str) -> str:
    """The `iin|…` that the session was opened with, or empty; `token` is the one it was found by."""
    return _seal(token).decrypt(ZERO_NONCE, bytes(session.sealed), None).decode() if session.sealed else ""


def close_session(token: str) -> None:
    """Ends the session of a token, if there is one; inside the caller's transaction."""
    Session.objects.filter(token_sha256=_hash(token)).delete()


def close_sessions(person: str) -> int:
    """Ends all sessions of a person, in every browser; how many. Inside the caller's transaction."""
    return Session.objects.filter(person=person).delete()[0]


def _seal(token: str) -> AESGCM:
    return AESGCM(hashlib.sha256(SEAL_LABEL + token.encode()).digest())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
