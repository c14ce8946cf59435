import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from dauys.errors import ClockRefused, DatabaseRefused, EdgeRefused, ForkRefused, ModeRefused, Refusal
from dauys.ledger import migration, sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_clock, check_start, open_log, settle
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import KeyUse
from dauys.ledger.subjects import read_subject
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from small_installation import NOW


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
    with pytest.raises(EdgeRefused, match="Delete nothing"):
        check_start(published.places, published.keys, "demo")


def test_a_clock_that_runs_behind_the_log_refuses(published):
    """The newest leaf says an hour, an act that waits for its confirmation the second."""
    check_clock(published.places, NOW)
    with pytest.raises(ClockRefused, match="2026-11-21T15:00:00Z"):
        check_clock(published.places, NOW - timedelta(hours=1))
    with closing(published.sequencer()) as sequencer:
        at = int(NOW.timestamp())
        sequencer.commit([published.admission("iin|now", key=KeyUse(b"a", b"s", at, at))])
    check_clock(published.places, NOW - timedelta(seconds=60))
    with pytest.raises(ClockRefused, match="2026-11-21T15:30:00Z"):
        check_clock(published.places, NOW - timedelta(minutes=5))


def test_what_was_committed_is_written_to_the_database_itself(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission("iin|1")])
        wal = installation.places.database.with_name("dauys.sqlite3-wal")
        assert wal.stat().st_size
        settle(installation.places)
        assert wal.stat().st_size == 0


def test_a_missing_database_and_a_missing_log_say_what_to_do(installation, tmp_path):
    empty = Places(tmp_path / "empty")
    migration.migrate(empty.database)
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
        migration.migrate(installation.places.database)


def test_tables_of_before_the_declaration_of_citizenship_are_updated_and_mean_the_same(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        connection.execute("ALTER TABLE ledger_subject DROP COLUMN citizens_only")
        migration.migrate(installation.places.database)
        assert read_subject(connection, "petition/1").citizens_only is True
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE ledger_subject SET citizens_only = 2")
