"""What can be acted on: title, text by hash, window, eligibility, keys. Written by offices, read by the surge door."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from dauys.errors import SubjectClosed, SubjectNotOpen, SubjectUnknown
from dauys.ledger.auditors import share
from dauys.ledger.envelope import Sealed, Vault
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import PetitionOpened, encode_leaf, from_text, to_text
from dauys.ledger.moments import from_unix, moment_text, parse_moment
from dauys.ledger.pseudonym import prove, pseudonym
from dauys.ledger.tail import append
from dauys.translog import vrf

KEY_SIZE = 32

_COLUMNS = "id, name, kind, title, language, text_sha256, age, opens_at, closes_at, opened_index, vrf_public, published_signatures, published_final, citizens_only"


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of ledger_subject; times are unix seconds."""

    id: int
    name: str
    kind: str
    title: str
    language: str
    text_sha256: str
    age: int
    opens_at: int
    closes_at: int
    opened_index: int
    vrf_public: bytes
    published_signatures: int
    published_final: int
    citizens_only: bool

    def require_open(self, now: datetime) -> None:
        """SubjectNotOpen or SubjectClosed outside the window."""
        if now.timestamp() < self.opens_at:
            raise SubjectNotOpen(since=moment_text(from_unix(self.opens_at)))
        if now.timestamp() >= self.closes_at:
            raise SubjectClosed(until=moment_text(from_unix(self.closes_at)))


class SubjectSecrets:
    """A subject's VRF secret and vault key, ready for use."""

    def __init__(self, vrf_secret: bytes, vault_key: bytes) -> None:
        self._vrf, self._vrf_public, self._vault = vrf_secret, vrf.public(vrf_secret), Vault(vault_key)

    def pseudonym(self, subject: str, person: str) -> bytes:
        """The 32-byte pseudonym of a person (`iin|…`) under this subject."""
        return pseudonym(self._vrf, subject, person, self._vrf_public)

    def prove(self, subject: str, person: str) -> bytes:
        """The 80-byte proof of that pseudonym: for the person only."""
        return prove(self._vrf, subject, person)[1]

    def seal(self, envelope: bytes) -> Sealed:
        """Evidence sealed for this subject's vault."""
        return self._vault.seal(envelope)

    def unseal(self, sealed: Sealed) -> tuple[bytes, bytes]:
        """(envelope, salt) of sealed evidence; BadInput."""
        return self._vault.unseal(sealed)


def read_subject(connection: sqlite3.Connection, name: str) -> Subject:
    """The subject of this name (`petition/12`); SubjectUnknown."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM ledger_subject WHERE name = ?", (name,)).fetchone()  # noqa: S608 - constant columns
    if row is None:
        raise SubjectUnknown
    values = [*row[:-1], bool(row[-1])]
    return Subject(*values)


def read_secrets(connection: sqlite3.Connection, keys: Keys, subject: Subject) -> SubjectSecrets:
    """SubjectUnknown where the keys were destroyed after their term."""
    row = connection.execute("SELECT wrapped FROM ledger_subject_key WHERE subject_id = ?", (subject.id,)).fetchone()
    if row is None:
        raise SubjectUnknown
    opened = keys.unwrap(row[0], subject.name)
    return SubjectSecrets(opened[:KEY_SIZE], opened[KEY_SIZE:])


@dataclass(frozen=True, slots=True)
class NewPetition:
    """What an office says when it opens a petition for signing; `number` is its own row's id."""

    number: int
    title: str
    language: str
    text_sha256: str
    addressee: str
    threshold: int
    tiers: tuple[str, ...]
    age: int
    rules: str
    opens: datetime
    closes: datetime
    citizens_only: bool = True


def open_petition(connection: sqlite3.Connection, keys: Keys, petition: NewPetition) -> Subject:
    """Makes the subject with fresh keys and logs its opening, inside the caller's transaction."""
    secret, vault_key = vrf.generate(), secrets.token_bytes(KEY_SIZE)
    public = vrf.public(secret)
    name = f"petition/{petition.number}"
    leaf = PetitionOpened(
        addressee=petition.addressee, age=petition.age, closes=moment_text(petition.closes), language=petition.language,  # type: ignore[arg-type]
        opens=moment_text(petition.opens), rules=petition.rules, subject=name, text_sha256=petition.text_sha256,
        threshold=petition.threshold, tiers=list(petition.tiers), title=petition.title, vrf=to_text(public),  # type: ignore[arg-type]
    )  # fmt: skip
    index = append(connection, encode_leaf(leaf))
    subject_id = insert_subject(connection, leaf, index, citizens_only=petition.citizens_only)
    connection.execute(
        "INSERT INTO ledger_subject_key (subject_id, wrapped) VALUES (?, ?)",
        (subject_id, keys.wrap(secret + vault_key, name)),
    )
    share(connection, name, secret + vault_key)
    return read_subject(connection, name)


def insert_subject(connection: sqlite3.Connection, leaf: PetitionOpened, index: int, *, citizens_only: bool) -> int:
    """The row of what this leaf opened, without its keys; its id."""
    public, opens, closes = from_leaf(leaf)
    cursor = connection.execute(
        "INSERT INTO ledger_subject (name, kind, title, language, text_sha256, age, citizens_only, opens_at, closes_at, opened_index, vrf_public) "
        "VALUES (?, 'petition', ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (leaf.subject, leaf.title, leaf.language, leaf.text_sha256, leaf.age, citizens_only, opens, closes, index, public),
    )  # fmt: skip
    return int(cursor.fetchone()[0])


def from_leaf(leaf: PetitionOpened) -> tuple[bytes, int, int]:
    """(VRF public key, opens, closes) as an auditor reads them from the opening leaf; unix seconds."""
    return from_text(leaf.vrf), int(parse_moment(leaf.opens).timestamp()), int(parse_moment(leaf.closes).timestamp())


def close_subject(connection: sqlite3.Connection, name: str, now: datetime) -> None:
    """Ends signing before its time, inside the caller's transaction; nothing where it has ended or never began."""
    connection.execute(
        "UPDATE ledger_subject SET closes_at = max(opens_at + 1, min(closes_at, ?)) WHERE name = ?",
        (int(now.timestamp()), name),
    )


def reopen_subject(connection: sqlite3.Connection, name: str, closes: datetime) -> None:
    """Signing goes on until its first end, after a granted appeal."""
    connection.execute("UPDATE ledger_subject SET closes_at = ? WHERE name = ?", (int(closes.timestamp()), name))
