import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from dauys.errors import DatabaseRefused, ForkRefused, ModeRefused, Refusal
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_start, open_log
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint


@pytest.fixture
def published(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission(f"iin|{n}") for n in range(300)])
    with closing(Publisher(installation.places, installation.keys.log)) as publisher:
        publisher.publish()
    return installation


def test_a_sound_installation_starts(published):
    assert check_start(published.places, published.keys, "demo").size == 302


def test_a_log_never_changes_its_mode(published):
    with pytest.raises(ModeRefused):
        check_start(published.places, published.keys, "production")


def test_the_tail_row_cannot_be_talked_into_another_mode(published):
    with closing(sqlite.connect(published.places.database)) as connection:
        connection.execute("UPDATE ledger_log SET mode = 'production'")
    with pytest.raises(DatabaseRefused):
        check_start(published.places, published.keys, "production")


def test_a_log_is_opened_once(installation):
    with pytest.raises(DatabaseRefused):
        open_log(installation.places, installation.keys, "demo", datetime(2026, 11, 21, tzinfo=UTC))


def test_a_restored_backup_is_a_fork(published):
    with (
        closing(sqlite.connect(published.places.database)) as connection,
        closing(sqlite3.connect(published.places.var / "backup")) as backup,
    ):
        connection.backup(backup)
    with closing(published.sequencer()) as sequencer:
        sequencer.commit([published.admission("iin|later")])
    with closing(Publisher(published.places, published.keys.log)) as publisher:
        publisher.publish()
    with (
        closing(sqlite3.connect(published.places.var / "backup")) as backup,
        closing(sqlite.connect(published.places.database)) as connection,
    ):
        backup.backup(connection)
    with pytest.raises(ForkRefused):
        check_start(published.places, published.keys, "demo")


def test_another_history_of_the_same_size_is_a_fork(published):
    root = bytes(32)
    note = sign_checkpoint(published.keys.log, Checkpoint(published.keys.log.verifier.name, 200, root))
    (published.places.log / "checkpoint").write_text(note)
    with pytest.raises(ForkRefused):
        check_start(published.places, published.keys, "demo")


def test_a_public_checkpoint_of_another_key_refuses(published):
    other = Keys.create(published.places.var / "other", published.keys.log.verifier.name)
    (published.places.log / "checkpoint").write_text(
        sign_checkpoint(other.log, Checkpoint("demo.example/2026", 302, bytes(32)))
    )
    with pytest.raises(ForkRefused):
        check_start(published.places, published.keys, "demo")


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entry SET entry = CAST(entry || ' ' AS BLOB) WHERE idx = 301",
    "DELETE FROM ledger_entry WHERE idx = 300",
    "UPDATE ledger_tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND number = 1",
    "UPDATE ledger_log SET size = 301",
    "UPDATE ledger_log SET root = zeroblob(32)",
])  # fmt: skip
def test_a_torn_or_edited_edge_refuses(published, statement):
    with closing(sqlite.connect(published.places.database)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    with pytest.raises(Refusal):
        check_start(published.places, published.keys, "demo")


def test_a_missing_database_and_a_missing_log_say_what_to_do(installation, tmp_path):
    empty = Places(tmp_path / "empty")
    sqlite.migrate(empty.database)
    with pytest.raises(DatabaseRefused):
        check_start(empty, installation.keys, "demo")


def test_keys_that_others_can_read_refuse(installation):
    (installation.places.keys / "vault.key").chmod(0o644)
    with pytest.raises(Refusal, match="chmod 600"):
        Keys.load(installation.places.keys)


def test_keys_are_made_once(installation):
    again = Keys.create(installation.places.keys, "other.example")
    assert again.log.verifier.vkey == installation.keys.log.verifier.vkey
    assert (again.request, again.vault) == (installation.keys.request, installation.keys.vault)


def test_tables_of_another_shape_are_refused_in_words(installation):
    connection = sqlite.connect(installation.places.database)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(DatabaseRefused, match="begin anew"):
        sqlite.migrate(installation.places.database)
