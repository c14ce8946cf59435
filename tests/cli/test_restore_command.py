"""As an operator at three in the morning: the disk is gone, there is a backup of midnight and a mirror of the public log."""

import os
import shutil
import subprocess
import sys
from contextlib import closing

import msgspec
import pytest

from dauys.ledger import sqlite
from dauys.ledger.backup import MANIFEST, _facts, read_manifest
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.note import Signer
from dauys.translog.signature_types import COSIGNATURE_V1
from made_witness import answering
from small_country import admission


def dauys(places, *arguments):
    environment = os.environ | {"DAUYS_VAR": str(places.var), "DAUYS_MODE": "demo", "LC_ALL": "en"}
    command = [sys.executable, "-m", "dauys.cli.main", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def sign(places, numbers):
    keys = Keys.load(places.keys)
    with closing(sqlite.connect(places.database)) as connection:
        subject = read_subject(connection, "petition/1")
        secrets = read_secrets(connection, keys, subject)
    with closing(Sequencer(places.database, keys.log)) as sequencer:
        sequencer.commit([admission(subject, secrets, number) for number in numbers])
    with closing(Publisher(places, keys.log)) as publisher:
        return publisher.publish()


@pytest.fixture(scope="module")
def disaster(pristine, tmp_path_factory):
    """A backup, acts after it, and a mirror of what was public."""
    folder = tmp_path_factory.mktemp("disaster")
    shutil.copytree(pristine.places.var, folder / "var")
    places = Places(folder / "var")
    made = dauys(places, "backup", folder / "backup", "--keys")
    assert made.returncode == 0, made.stderr
    assert "is sound" in made.stdout
    size = sign(places, range(10_000, 10_020))
    shutil.copytree(places.log, folder / "mirror")
    return folder / "backup", folder / "mirror", size


@pytest.fixture
def lost(disaster, tmp_path):
    """The installation is gone: an empty place, and copies of what there is of it."""
    backup, mirror, size = disaster
    shutil.copytree(backup, tmp_path / "backup")
    shutil.copytree(mirror, tmp_path / "mirror")
    return Places(tmp_path / "new"), tmp_path / "backup", tmp_path / "mirror", size


def test_what_was_public_last_must_be_named(lost):
    new, backup, mirror, _ = lost
    for arguments in ((), ("--log", mirror, "--nothing-newer")):
        refused = dauys(new, "restore", backup, *arguments)
        assert (refused.returncode, new.var.exists()) == (2, False)
        assert "[public-unknown]" in refused.stderr


def test_restored_with_what_the_mirror_knows(lost):
    new, backup, mirror, size = lost
    restored = dauys(new, "restore", backup, "--log", mirror)
    assert restored.returncode == 0, restored.stderr
    assert f"Entries {size - 20} to {size - 1} came back" in restored.stdout
    assert f"evidence of acts (their receipts still hold): {size - 20}–{size - 1}" in restored.stdout
    for command in (("serve",), ("worker", "--once")):
        refused = dauys(new, *command)
        assert (refused.returncode, "[successor-needed]" in refused.stderr) == (2, True)
    assert dauys(new, "log", "resume", "--yes").returncode == 0
    assert sign(new, range(10_010, 10_030)) == size + 1 + 10  # one leaf tells the loss; ten had signed before
    audited = dauys(new, "audit", new.log, "--key", Keys.load(new.keys).log.verifier.vkey)
    assert audited.returncode == 0, audited.stdout
    assert f"the acts among entries {size - 20} to {size - 1} any more" in audited.stdout


def test_a_moved_server_needs_no_mirror(lost):
    new, backup, _, size = lost
    restored = dauys(new, "restore", backup, "--nothing-newer")
    assert (restored.returncode, "script/dauys serve" in restored.stdout) == (0, True)
    assert sign(new, [20_000]) == size - 20 + 1


@pytest.fixture
def rotated(disaster, tmp_path):
    """The installation goes on with new keys; `later` is a backup of then, without keys."""
    places = Places(tmp_path / "rotated")
    shutil.copytree(disaster[0].with_name("var"), places.var)
    done = dauys(places, "log", "rotate")
    assert done.returncode == 0, done.stderr
    sign(places, [50_000])
    assert dauys(places, "backup", tmp_path / "later").returncode == 0
    return places


def test_older_keys_are_refused_before_anything_is_written(lost, rotated):
    new, backup, _, size = lost
    later, old = backup.with_name("later"), backup / "keys"
    public = ("--log", rotated.log)
    for arguments in ((backup, *public), (later, "--keys", old, *public), (later, "--keys", old, "--nothing-newer")):
        refused = dauys(new, "restore", *arguments)
        assert (refused.returncode, new.var.exists()) == (2, False), refused.stderr
        assert f"the log changed its keys at entry {size}." in refused.stderr
        assert "[keys-outdated]" in refused.stderr
    for folder in (backup, later):
        restored = dauys(new, "restore", folder, "--keys", rotated.keys, *public)
        assert restored.returncode == 0, restored.stderr
        assert Keys.load(new.keys).log == Keys.load(rotated.keys).log
        shutil.rmtree(new.var)


def test_what_none_of_the_keys_signed_is_refused_before_anything_is_written(lost):
    new, backup, mirror, size = lost
    other = Signer.generate(Signer.load((backup / "keys" / "log.key").read_text().strip()).name)
    (mirror / "checkpoint").write_text(sign_checkpoint(other, Checkpoint(other.name, size, bytes(32))))
    refused = dauys(new, "restore", backup, "--log", mirror)
    assert (refused.returncode, "[note-invalid]" in refused.stderr, new.var.exists()) == (2, True, False)


def test_a_start_with_older_keys_says_so(lost, rotated):
    _, backup, _, size = lost
    shutil.rmtree(rotated.keys)
    shutil.copytree(backup / "keys", rotated.keys)
    refused = dauys(rotated, "serve")
    assert (refused.returncode, "[keys-outdated]" in refused.stderr, f"entry {size}." in refused.stderr) == (
        2,
        True,
        True,
    )


def test_entries_that_nobody_has_refuse_every_start_until_a_mirror_is_found(lost):
    new, backup, mirror, size = lost
    shutil.copytree(mirror, mirror.with_name("whole"))
    shutil.rmtree(mirror / "tile" / "entries")
    refused = dauys(new, "restore", backup, "--log", mirror)
    assert (refused.returncode, "[refill-impossible]" in refused.stderr) == (2, True)
    assert dauys(new, "log", "resume", "--yes").returncode == 0  # in vain: what was public is ahead
    assert "[fork-refused]" in dauys(new, "serve").stderr
    found = dauys(new, "log", "refill", mirror.with_name("whole"))
    assert found.returncode == 0, found.stderr
    assert sign(new, [30_000]) == size + 2


def test_a_successor_goes_on_after_a_loss(lost):
    new, backup, mirror, size = lost
    assert dauys(new, "restore", backup, "--log", mirror).returncode == 0
    old = Keys.load(new.keys).log.verifier.vkey
    opened = dauys(new, "log", "succeed", "demo.example/2026b", "--yes")
    assert opened.returncode == 0, opened.stderr
    assert sign(new, [40_000]) == size + 3  # the loss, the succession, a signature
    audited = dauys(new, "audit", new.log)
    assert audited.returncode == 0, audited.stdout
    assert f"whose last checkpoint was over {size} entries" in audited.stdout
    receipt = new.var / "receipt"
    receipt.write_text(lost_receipt(mirror, new, size))
    for key in ((), ("--key", old)):
        assert dauys(new, "receipt", "verify", receipt, *key).returncode == 0
    assert dauys(new, "log", "rotate").returncode == 0
    assert sign(new, [40_001]) == size + 5
    followed = dauys(new, "audit", new.log, "--key", old)  # nothing but the new key tells that it follows after a loss
    assert followed.returncode == 2, followed.stdout
    again = dauys(new, "backup", backup.with_name("after"), "--keys")
    assert again.returncode == 0, again.stderr
    later = Places(new.var.with_name("later"))
    assert dauys(later, "restore", backup.with_name("after"), "--nothing-newer").returncode == 0
    assert dauys(later, "audit", later.log, "--key", Keys.load(later.keys).log.verifier.vkey).returncode == 0


def lost_receipt(mirror, new, size):
    """A receipt under the old log's last public checkpoint, for an entry that came back from the mirror."""
    from dauys.translog.proof import Receipt
    from dauys.translog.tiles import TileTree

    with closing(sqlite.connect(new.database)) as connection:
        tree = TileTree(size, lambda level, number: sqlite.read_tile(connection, level, number))
        entry = sqlite.read_entries(connection, size - 1, size)[0]
        return Receipt(
            size - 1, tuple(tree.inclusion_proof(size - 1)), (mirror / "checkpoint").read_text(), entry
        ).to_text()


def test_a_witness_that_saw_more_than_any_mirror_stops_the_refill(lost):
    """The policy is in the backup; the witness cosigned a checkpoint that no mirror has."""
    new, backup, mirror, size = lost
    key = Signer.load((backup / "keys" / "log.key").read_text().strip())
    ahead = sign_checkpoint(key, Checkpoint(key.name, size + 5, bytes(32))).encode()
    with answering(lambda *_: (200, ahead)) as url:
        witness = Signer.generate("witness.example", COSIGNATURE_V1).verifier.vkey
        (backup / "witnesses").write_text(f"witness w {witness} {url}\nquorum none\n")
        manifest = read_manifest(backup)
        manifest.files["witnesses"] = _facts(backup / "witnesses")
        (backup / MANIFEST).write_bytes(msgspec.json.encode(manifest))
        refused = dauys(new, "restore", backup, "--log", mirror)
    assert f"{size + 5} entries were cosigned by the witness at {url}" in refused.stderr
    assert "[refill-impossible]" in refused.stderr
    assert b"%d" % (size + 5) in (new.log / "checkpoint").read_bytes()


def test_a_backup_is_checked_again(lost):
    new, backup, _, _ = lost
    assert "Sound." in dauys(new, "backup", backup, "--check").stdout
    (backup / "keys" / "vault.key").write_text("x")
    broken = dauys(new, "backup", backup, "--check")
    assert (broken.returncode, "[backup-broken]" in broken.stderr) == (2, True)
