"""As an operator: somebody had their evidence erased after the backup that has to be restored."""

import shutil
from contextlib import closing

import pytest

from cli.test_restore_command import dauys
from cli.test_vault_command import is_there
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher

FIRST = 9  # entries that open the log and hand in and open its four petitions


def publish(places):
    with closing(Publisher(places, Keys.load(places.keys).log)) as publisher:
        return publisher.publish()


@pytest.fixture(scope="module")
def disaster(pristine, tmp_path_factory):
    """A backup, an erasure after it, a mirror; then the disk is gone. The entry that erased."""
    folder = tmp_path_factory.mktemp("disaster")
    shutil.copytree(pristine.places.var, folder / "var")
    places = Places(folder / "var")
    assert dauys(places, "backup", folder / "backups" / "monday", "--keys").returncode == 0
    gone = dauys(places, "vault", "erase", "--entry", FIRST, "--entry", FIRST + 1, "--yes")
    assert gone.returncode == 0, gone.stderr
    assert str(folder / "backups" / "erasures") in gone.stdout
    size = publish(places)
    shutil.copytree(places.log, folder / "mirror")
    return folder.rename(folder.with_name("copies")), size - 1  # the backup names the place where it was made


@pytest.fixture
def lost(disaster, tmp_path):
    """Copies of what there is: backup, mirror, and the lists beside the backup."""
    folder, entry = disaster
    for name in ("backups", "mirror"):
        shutil.copytree(folder / name, tmp_path / name)
    shutil.copytree(tmp_path / "backups" / "erasures", tmp_path / "kept")
    return Places(tmp_path / "new"), tmp_path / "backups" / "monday", tmp_path / "mirror", entry


@pytest.fixture
def lists(tmp_path):
    """The lists in another place."""
    return tmp_path / "kept"


def test_what_was_erased_is_erased_again_by_the_restore(lost):
    new, backup, mirror, entry = lost
    restored = dauys(new, "restore", backup, "--log", mirror)
    assert restored.returncode == 0, restored.stderr
    assert f"erasures done again here, by their lists: {entry}" in restored.stdout
    assert "nothing starts before it is erased again" not in restored.stdout
    assert [is_there(new, FIRST + n) for n in range(3)] == [False, False, True]
    assert dauys(new, "log", "resume", "--yes").returncode == 0
    assert dauys(new, "vault", "repeat").returncode == 0
    assert dauys(new, "worker", "--once").returncode == 0


def test_without_the_lists_nothing_starts_before_each_is_confirmed(lost, tmp_path):
    new, backup, mirror, entry = lost
    shutil.rmtree(backup.parent / "erasures")
    restored = dauys(new, "restore", backup, "--log", mirror)
    assert f"entry {entry}: 2 acts, 20" in restored.stdout
    assert dauys(new, "log", "resume", "--yes").returncode == 0
    order = tmp_path / "order"
    order.write_bytes(b"the court decided")
    export = ("vault", "export", "--entry", FIRST, "--order", order, tmp_path / "out")
    for command in (("serve",), ("worker", "--once"), export):
        refused = dauys(new, *command)
        assert (refused.returncode, "[erasures-awaited]" in refused.stderr) == (2, True)
    assert dauys(new, "vault", "repeat").returncode == 1
    assert dauys(new, "vault", "repeat", entry + 1, "--by-hand", "--yes").returncode == 2
    erased = dauys(new, "vault", "erase", "--entry", FIRST, "--entry", FIRST + 1, "--yes")
    assert erased.returncode == 0, erased.stderr
    assert dauys(new, "vault", "repeat", entry, "--by-hand", "--yes").returncode == 0
    assert dauys(new, "worker", "--once").returncode == 0


def test_a_list_that_is_found_later(lost, lists):
    new, backup, mirror, entry = lost
    shutil.rmtree(backup.parent / "erasures")
    assert dauys(new, "restore", backup, "--log", mirror).returncode == 0
    assert "[successor-needed]" in dauys(new, "vault", "repeat", "--erasures", lists).stderr
    assert is_there(new, FIRST)
    assert dauys(new, "log", "resume", "--yes").returncode == 0
    found = dauys(new, "vault", "repeat", "--erasures", lists)
    assert (found.returncode, f"entry {entry} of the log" in found.stdout) == (0, True)
    assert not is_there(new, FIRST)
    assert dauys(new, "worker", "--once").returncode == 0


def test_entries_that_are_found_later_bring_their_erasures(lost):
    new, backup, mirror, _ = lost
    shutil.copytree(mirror, mirror.with_name("whole"))
    shutil.rmtree(mirror / "tile" / "entries")
    assert "[refill-impossible]" in dauys(new, "restore", backup, "--log", mirror).stderr
    found = dauys(new, "log", "refill", mirror.with_name("whole"))
    assert found.returncode == 0, found.stderr
    assert "erasures that await you: the backup holds again what they erased: none" in found.stdout
    assert [is_there(new, FIRST + n) for n in range(3)] == [False, False, True]
