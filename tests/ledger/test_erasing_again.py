"""A backup that is older than an erasure comes back: what was erased goes again by its list, or nothing starts."""

import shutil
from contextlib import closing

import pytest

from dauys.errors import ErasuresAwaited
from dauys.ledger import sqlite
from dauys.ledger.backup import back_up
from dauys.ledger.erasing_again import await_erasures, awaited, erase_again, settle
from dauys.ledger.erasure import erase, erasure_of, forgetting
from dauys.ledger.erasure_lists import find_list, read_erasure, write_lists
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_start
from dauys.ledger.places import Places
from dauys.ledger.tail import append
from dauys.ledger.vault import read_envelope
from small_installation import NOW, new_installation

PEOPLE = ("iin|1", "iin|2", "iin|3")


@pytest.fixture
def signed(installation):
    """Three acts."""
    with closing(installation.sequencer()) as sequencer:
        placed = sequencer.commit([installation.admission(who) for who in PEOPLE])
    installation.acts = sorted(each.index for each in placed)
    return installation


@pytest.fixture
def erased(signed, tmp_path):
    """A backup, an erasure of the first two acts after it, and that backup as it comes back: `there`, with `entry`."""
    backup = tmp_path / "backups" / "monday"
    back_up(signed.places, signed.keys, backup, NOW, with_keys=True)
    with forgetting(signed.places) as connection:
        signed.entry, _ = erase(connection, signed.acts[:2], "asked", NOW)
    signed.there = Places(tmp_path / "there")
    shutil.copytree(backup, signed.there.var, ignore=shutil.ignore_patterns("manifest.json"))
    with closing(sqlite.connect(signed.places.database)) as connection:
        (leaf,) = sqlite.read_entries(connection, signed.entry, signed.entry + 1)
    await_erasures(signed.there, [signed.entry])
    connection = sqlite.connect(signed.there.database)
    with closing(connection), sqlite.transaction(connection, signed.there.database):
        assert append(connection, leaf) == signed.entry
    return signed


def evidence(places, index):
    with closing(sqlite.connect(places.database)) as connection:
        return read_envelope(connection, index)


def test_it_is_erased_again_by_the_list_beside_the_backup(erased, tmp_path):
    there, (first, second, third) = erased.there, erased.acts
    wrapped = evidence(there, first)[0]
    with pytest.raises(ErasuresAwaited, match=str(erased.entry)):
        check_start(there, erased.keys, "demo")
    folders, missed = write_lists(erased.places, erased.keys)
    assert (folders, missed) == ([erased.places.var / "erasures", tmp_path / "backups" / "erasures"], [])
    shutil.rmtree(erased.places.var)
    assert erase_again(there, erased.keys) == ([erased.entry], [])
    assert [evidence(there, one) is None for one in (first, second, third)] == [True, True, False]
    assert not any(wrapped in path.read_bytes() for path in there.var.rglob("*") if path.is_file())
    with closing(sqlite.connect(there.database)) as connection:
        assert [erasure_of(connection, one) for one in erased.acts] == [erased.entry, erased.entry, None]
    check_start(there, erased.keys, "demo")


def test_without_its_list_nothing_starts_until_somebody_confirms(erased):
    assert erase_again(erased.there, erased.keys) == ([], [erased.entry])
    with forgetting(erased.there) as connection:
        erase(connection, erased.acts[:2], "asked", NOW)
    with pytest.raises(ErasuresAwaited):
        check_start(erased.there, erased.keys, "demo")
    settle(erased.there, [erased.entry])
    assert awaited(erased.there) == []
    check_start(erased.there, erased.keys, "demo")


def test_a_list_that_came_after_the_hand_changes_nothing(erased):
    write_lists(erased.places, erased.keys)
    with forgetting(erased.there) as connection:
        again, _ = erase(connection, erased.acts, "asked", NOW)
    assert erase_again(erased.there, erased.keys).awaited == []
    with closing(sqlite.connect(erased.there.database)) as connection:
        assert [erasure_of(connection, one) for one in erased.acts] == [again] * 3


def test_a_list_tells_nothing_without_the_key(erased, tmp_path):
    (folder, *_), _ = write_lists(erased.places, erased.keys)
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    data = file.read_bytes()
    assert not any(one.to_bytes(8, "big") in data for one in erased.acts[:2])
    stranger = Keys.create(tmp_path / "keys", "other.example/2026")
    with closing(sqlite.connect(erased.places.database)) as connection:
        leaf = read_erasure(connection, erased.entry)
        assert find_list(stranger, [folder], erased.entry, leaf) is None
        assert find_list(erased.keys, [folder], erased.entry, leaf).indices == tuple(erased.acts[:2])


@pytest.mark.parametrize("harm", ["other acts", "other entry", "cut short", "flipped", "none"])
def test_a_list_that_the_log_does_not_prove_erases_nothing(erased, harm, tmp_path):
    (folder, *_), _ = write_lists(erased.places, erased.keys)
    (file,) = folder.iterdir()
    data = file.read_bytes()
    salt = bytes(32)
    given = {
        "other acts": erased.keys.wrap(salt + erased.acts[2].to_bytes(8, "big"), f"erasure/{erased.entry}"),
        "other entry": erased.keys.wrap(salt, f"erasure/{erased.entry + 1}"),
        "cut short": data[:-1], "flipped": bytes([data[0] ^ 1]) + data[1:], "none": b"",
    }  # fmt: skip
    shutil.rmtree(tmp_path / "backups")
    place = tmp_path / "given"
    place.mkdir()
    (place / file.name).write_bytes(given[harm])
    assert erase_again(erased.there, erased.keys, [place]) == ([], [erased.entry])
    assert None not in [evidence(erased.there, one) for one in erased.acts]
    (place / file.name).write_bytes(data)
    assert erase_again(erased.there, erased.keys, [place]).awaited == []


def test_acts_younger_than_the_backup_are_no_hindrance(erased):
    """What came back from the log without evidence is erased by name only."""
    with closing(sqlite.connect(erased.there.database)) as connection:
        connection.execute("DELETE FROM ledger_envelope_key WHERE idx = ?", (erased.acts[0],))
    write_lists(erased.places, erased.keys)
    assert erase_again(erased.there, erased.keys).awaited == []
    assert evidence(erased.there, erased.acts[1]) is None


def test_a_disk_that_is_away_is_told_and_gets_its_lists_later(erased, tmp_path):
    backups = tmp_path / "backups"
    backups.rename(tmp_path / "away")
    backups.mkdir()  # where the disk is mounted otherwise
    assert write_lists(erased.places, erased.keys)[1] == [backups]
    assert list(backups.iterdir()) == []
    backups.rmdir()
    (tmp_path / "away").rename(backups)
    assert write_lists(erased.places, erased.keys)[1] == []
    assert len(list((backups / "erasures").iterdir())) == 1


def test_two_installations_may_back_up_to_one_place(erased, tmp_path):
    other = new_installation(tmp_path / "other" / "var")
    with closing(other.sequencer()) as sequencer:
        acts = [each.index for each in sequencer.commit([other.admission(who) for who in PEOPLE])]
    with forgetting(other.places) as connection:
        assert erase(connection, acts[2:], "asked", NOW)[0] == erased.entry
    back_up(other.places, other.keys, tmp_path / "backups" / "other", NOW, with_keys=False)
    write_lists(erased.places, erased.keys)
    assert len(list((tmp_path / "backups" / "erasures").iterdir())) == 2
    assert erase_again(erased.there, erased.keys) == ([erased.entry], [])


def test_the_notes_travel_with_a_backup(erased, tmp_path):
    """A backup of an installation that awaits erasures starts no more than itself."""
    later = Places(tmp_path / "later")
    back_up(erased.there, erased.keys, tmp_path / "half", NOW, with_keys=True)
    shutil.copytree(tmp_path / "half", later.var)
    with pytest.raises(ErasuresAwaited):
        check_start(later, erased.keys, "demo")
