"""A backup of a running installation: sound whatever is written meanwhile, and found out where it is not."""

import shutil
import threading
from contextlib import closing

import pytest

from dauys.errors import BackupBroken, KeyMalformed, PlaceTaken, RestoreUnfinished, SuccessorNeeded
from dauys.ledger import sqlite
from dauys.ledger.backup import MANIFEST, back_up, check_backup
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_start
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.restore import finish, require_successor, restore, resume
from small_installation import NOW


@pytest.fixture
def full(installation):
    """An installation with everything a folder may hold."""
    places = installation.places
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission(f"iin|{n}") for n in range(300)])
    with closing(Publisher(places, installation.keys.log)) as publisher:
        publisher.publish()
    (places.var / "attachments").mkdir()
    (places.var / "attachments" / ("a" * 64)).write_bytes(b"a file")
    (places.var / "revocation").mkdir()
    (places.var / "revocation" / "list.json").write_bytes(b"{}")
    (places.var / "publisher.lock").touch()
    return installation


def make(full, folder, *, with_keys=True):
    return back_up(full.places, full.keys, folder, NOW, with_keys=with_keys)


def test_what_is_restored_is_what_was_backed_up(full, tmp_path):
    manifest = make(full, tmp_path / "backup")
    there = Places(tmp_path / "new")
    restore(tmp_path / "backup", there, None)
    with pytest.raises(RestoreUnfinished):
        check_start(there, Keys.load(there.keys), "demo")
    finish(there)
    assert check_start(there, Keys.load(there.keys), "demo").size == manifest.size == 302
    for name in ("public/log/checkpoint", "attachments/" + "a" * 64, "keys/vault.key", "vault/00000001.seg"):
        assert (there.var / name).read_bytes() == (full.places.var / name).read_bytes()
        assert (there.var / name).stat().st_mode == (full.places.var / name).stat().st_mode
    assert not (there.var / "revocation").exists()
    assert not (there.var / "publisher.lock").exists()
    with closing(sqlite.connect(there.database)) as connection:
        assert all(sqlite.read_entries(connection, 0, 302))


def test_keys_are_copied_only_where_asked(full, tmp_path):
    make(full, tmp_path / "backup", with_keys=False)
    assert not (tmp_path / "backup" / "keys").exists()
    with pytest.raises(BackupBroken, match="--keys"):
        restore(tmp_path / "backup", Places(tmp_path / "one"), None)
    restore(tmp_path / "backup", Places(tmp_path / "two"), full.places.keys)
    stranger = Keys.create(tmp_path / "stranger", "demo.example/2026")
    assert stranger.vault != full.keys.vault
    shutil.copy(full.places.keys / "log.key", tmp_path / "stranger" / "log.key")
    with pytest.raises(KeyMalformed):
        restore(tmp_path / "backup", Places(tmp_path / "three"), tmp_path / "stranger")


def test_a_backup_beside_running_writers_is_one_moment(full, tmp_path):
    stop = threading.Event()

    def work():
        with closing(full.sequencer()) as sequencer, closing(Publisher(full.places, full.keys.log)) as publisher:
            person = 1000
            while not stop.is_set():
                sequencer.commit([full.admission(f"iin|{person + n}") for n in range(60)])
                publisher.publish()
                publisher.partials.collect(1e12)
                person += 60

    worker = threading.Thread(target=work)
    worker.start()
    try:
        sizes = [make(full, tmp_path / str(n)).size for n in range(5)]
    finally:
        stop.set()
        worker.join()
    assert len(set(sizes)) > 1
    for n in range(5):
        there = Places(tmp_path / f"new{n}")
        restore(tmp_path / str(n), there, None)
        finish(there)
        check_start(there, Keys.load(there.keys), "demo")


def flip(path):
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [
    lambda folder: flip(folder / "dauys.sqlite3"),
    lambda folder: flip(folder / "vault" / "00000001.seg"),
    lambda folder: (folder / "keys" / "vault.key").unlink(),
    lambda folder: flip(folder / "public/log/tile/0/000"),
    lambda folder: (folder / MANIFEST).unlink(),
    lambda folder: (folder / MANIFEST).write_text("{}"),
])  # fmt: skip
def test_a_damaged_backup_is_found_out_and_nothing_is_restored(full, tmp_path, harm):
    make(full, tmp_path / "backup")
    harm(tmp_path / "backup")
    with pytest.raises(BackupBroken):
        check_backup(tmp_path / "backup")
    with pytest.raises(BackupBroken):
        restore(tmp_path / "backup", Places(tmp_path / "new"), None)
    assert not (tmp_path / "new").exists()


def test_a_database_of_another_tree_is_found_out(full, tmp_path):
    """Whoever changes an entry and every hash in the manifest still has not the root that was signed."""
    import msgspec

    from dauys.ledger.backup import _facts, read_manifest

    make(full, tmp_path / "backup")
    database = tmp_path / "backup" / "dauys.sqlite3"
    with closing(sqlite.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("UPDATE ledger_entry SET entry = CAST(entry || ' ' AS BLOB) WHERE idx = 7")
    manifest = read_manifest(tmp_path / "backup")
    manifest.files["dauys.sqlite3"] = _facts(database)
    (tmp_path / "backup" / MANIFEST).write_bytes(msgspec.json.encode(manifest))
    with pytest.raises(BackupBroken, match="not those of its checkpoint"):
        check_backup(tmp_path / "backup")


def test_nothing_is_ever_written_over(full, tmp_path):
    make(full, tmp_path / "backup")
    with pytest.raises(PlaceTaken):
        make(full, tmp_path / "backup")
    with pytest.raises(PlaceTaken):
        restore(tmp_path / "backup", full.places, None)


def test_after_a_loss_nothing_starts_until_somebody_decides(full):
    require_successor(full.places)
    with pytest.raises(SuccessorNeeded, match="succeed"):
        check_start(full.places, full.keys, "demo")
    resume(full.places)
    check_start(full.places, full.keys, "demo")


def test_erased_rows_leave_no_remains_in_a_backup(full, tmp_path):
    secret = b"\x5e" * 40
    with closing(sqlite.connect(full.places.database)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE scratch (secret BLOB)")
        connection.execute("INSERT INTO scratch VALUES (?)", (secret,))
        connection.execute("DELETE FROM scratch")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret in full.places.database.read_bytes()
    make(full, tmp_path / "backup")
    assert secret not in (tmp_path / "backup" / "dauys.sqlite3").read_bytes()
