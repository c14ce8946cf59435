"""What a signature for logging in proved, kept until the browser that asked takes it; docs/spec/login.md.

A nonce stays until it expires, taken or not, so that no request lets in twice. Nothing of it is public or an act.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from dauys.errors import LoginUsed
from dauys.ledger.keys import Keys

KEPT = timedelta(minutes=5)  # after the time to sign: for a person to look at the page again and go on


class LoginResult(NamedTuple):
    """Who signed: the person as `Keys.person` names them, and the name to show, wrapped by `wrap_name`."""

    person: str
    name: bytes


def keep(connection: sqlite3.Connection, nonce: bytes, result: LoginResult, expires: datetime, now: datetime) -> None:
    """Uses the request up, inside the caller's transaction; the same person again changes nothing; else LoginUsed."""
    sweep(connection, now)
    until = int((expires + KEPT).timestamp())
    connection.execute(
        "INSERT INTO login_result (nonce, person, name, expires) VALUES (?, ?, ?, ?) ON CONFLICT (nonce) DO NOTHING",
        (nonce, *result, until),
    )
    kept = find(connection, nonce, now)
    if kept is None or kept.person != result.person:
        raise LoginUsed


def find(connection: sqlite3.Connection, nonce: bytes, now: datetime) -> LoginResult | None:
    """What waits to be taken."""
    row = connection.execute(
        "SELECT person, name FROM login_result WHERE nonce = ? AND person IS NOT NULL AND expires > ?",
        (nonce, int(now.timestamp())),
    ).fetchone()
    return None if row is None else LoginResult(*row)


def take(connection: sqlite3.Connection, nonce: bytes, now: datetime) -> LoginResult | None:
    """What waited, once: the person is forgotten here, the nonce stays. Inside the caller's transaction."""
    result = find(connection, nonce, now)
    connection.execute("UPDATE login_result SET person = NULL, name = NULL WHERE nonce = ?", (nonce,))
    return result


def wrap_name(keys: Keys, nonce: bytes, name: str, number: str = "") -> bytes:
    """A name, and `iin|…` for a session to seal, as they wait in the database, bound to their request."""
    return keys.wrap(f"{name}\n{number}".encode(), f"login/{nonce.hex()}")


def unwrap_name(keys: Keys, nonce: bytes, wrapped: bytes) -> str:
    """The name of `wrap_name`; KeyMalformed under another key or for another request."""
    return _unwrap(keys, nonce, wrapped)[0]


def unwrap_number(keys: Keys, nonce: bytes, wrapped: bytes) -> str:
    """The number of `wrap_name`, as it does its name."""
    return _unwrap(keys, nonce, wrapped)[1]


def _unwrap(keys: Keys, nonce: bytes, wrapped: bytes) -> tuple[str, str]:
    name, _, number = keys.unwrap(wrapped, f"login/{nonce.hex()}").decode().rpartition("\n")
    return name, number


def any_expired(connection: sqlite3.Connection, now: datetime) -> bool:
    """Whether there is something to sweep."""
    found = connection.execute("SELECT 1 FROM login_result WHERE expires <= ? LIMIT 1", (int(now.timestamp()),))
    return found.fetchone() is not None


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes what expired; its tokens are refused by their own date."""
    connection.execute("DELETE FROM login_result WHERE expires <= ?", (int(now.timestamp()),))
