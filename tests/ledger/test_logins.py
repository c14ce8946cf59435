import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from dauys.errors import KeyMalformed, LoginUsed
from dauys.ledger import logins, migration, sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.logins import KEPT, LoginResult

NOW = datetime(2026, 11, 22, tzinfo=UTC)
EXPIRES = NOW + timedelta(minutes=5)
NONCE = bytes(range(16))
AIGUL, BORIS = LoginResult("a" * 64, b"wrapped"), LoginResult("b" * 64, b"wrapped too")


@pytest.fixture
def connection(tmp_path):
    migration.migrate(tmp_path / "db.sqlite3")
    with closing(sqlite.connect(tmp_path / "db.sqlite3")) as connection:
        yield connection


def nonces(connection):
    return connection.execute("SELECT nonce, person FROM login_result").fetchall()


def test_a_result_is_taken_once_and_the_person_is_forgotten(connection):
    logins.keep(connection, NONCE, AIGUL, EXPIRES, NOW)
    assert logins.find(connection, NONCE, NOW) == AIGUL
    assert logins.take(connection, NONCE, NOW) == AIGUL
    assert logins.take(connection, NONCE, NOW) is None
    assert nonces(connection) == [(NONCE, None)]


def test_another_person_finds_the_request_used(connection):
    logins.keep(connection, NONCE, AIGUL, EXPIRES, NOW)
    with pytest.raises(LoginUsed):
        logins.keep(connection, NONCE, BORIS, EXPIRES, NOW)
    assert logins.find(connection, NONCE, NOW) == AIGUL


def test_the_same_person_again_changes_nothing(connection):
    logins.keep(connection, NONCE, AIGUL, EXPIRES, NOW)
    logins.keep(connection, NONCE, LoginResult(AIGUL.person, b"wrapped anew"), EXPIRES, NOW)
    assert logins.find(connection, NONCE, NOW) == AIGUL


def test_what_was_taken_lets_nobody_in_again(connection):
    logins.keep(connection, NONCE, AIGUL, EXPIRES, NOW)
    logins.take(connection, NONCE, NOW)
    with pytest.raises(LoginUsed):
        logins.keep(connection, NONCE, AIGUL, EXPIRES, NOW)


def test_what_expired_is_not_given_and_is_swept(connection):
    logins.keep(connection, NONCE, AIGUL, EXPIRES, NOW)
    assert not logins.any_expired(connection, EXPIRES)
    assert logins.find(connection, NONCE, EXPIRES) == AIGUL  # signed in the last second, there is time to go on
    later = EXPIRES + KEPT
    assert logins.find(connection, NONCE, later) is None
    assert logins.take(connection, NONCE, later) is None
    assert logins.any_expired(connection, later)
    logins.sweep(connection, later)
    assert nonces(connection) == []


def test_a_name_is_bound_to_its_request(tmp_path):
    keys = Keys.create(tmp_path / "keys", "demo.example/log")
    wrapped = logins.wrap_name(keys, NONCE, "Айгүл С.")
    assert logins.unwrap_name(keys, NONCE, wrapped) == "Айгүл С."
    assert "Айгүл".encode() not in wrapped
    with pytest.raises(KeyMalformed):
        logins.unwrap_name(keys, bytes(16), wrapped)


@pytest.mark.parametrize(("row", "constraint"), [
    ((b"short", "a" * 64, b"x"), "login_result_nonce_size"),
    ((NONCE, "990101300000", b"x"), "login_result_person_size"),
    ((NONCE, None, b"x"), "login_result_whole_or_taken"),
])  # fmt: skip
def test_the_database_holds_the_rules_itself(connection, row, constraint):
    with pytest.raises(sqlite3.IntegrityError, match=constraint):
        connection.execute("INSERT INTO login_result (nonce, person, name, expires) VALUES (?, ?, ?, 1)", row)


def test_a_person_is_a_keyed_digest(tmp_path):
    keys, other = (Keys.create(tmp_path / name, "demo.example/log") for name in ("one", "other"))
    assert keys.person("iin|990101300000") == keys.person("iin|990101300000")
    assert (
        len({keys.person("iin|990101300000"), keys.person("iin|990101300001"), other.person("iin|990101300000")}) == 3
    )
    assert len(keys.person("iin|990101300000")) == 64


def test_an_installation_of_an_older_version_gets_the_key_it_lacks(tmp_path):
    keys = Keys.create(tmp_path, "demo.example/log")
    (tmp_path / "login.key").unlink()
    Keys.complete(tmp_path)
    completed = Keys.load(tmp_path)
    assert completed.request == keys.request
    assert completed.login != keys.login
    assert (tmp_path / "login.key").stat().st_mode & 0o077 == 0
