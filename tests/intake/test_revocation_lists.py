"""What is kept of what comes, whatever comes: real lists of the demo authorities, in every wrong order."""

import shutil
import timeit
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.demo.pki import DemoPki
from dauys.errors import FileRejected
from dauys.identity.crl import CertificateList
from dauys.identity.trust import Profile, TrustStore
from dauys.intake import revocation_lists
from dauys.intake.revocation_lists import Fetched, ListFolder, load_all
from made_certificates import Maker
from made_lists import NATIONAL, national_list, serials

NOW = datetime.now(UTC).replace(microsecond=0)
SERIAL = bytes.fromhex("41" * 20)


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


@dataclass
class World:
    pki: DemoPki
    path: Path

    @property
    def folder(self):
        return ListFolder(self.path, TrustStore.load(self.pki.trust_directory, Profile.TEST))

    @property
    def key(self):
        return self.pki.authority("nca", "gost").key_id

    def full(self, number, minutes=60, revoked=()):
        return Fetched(self.pki.crl("gost", revoked, now=ago(minutes), number=number))

    def delta(self, number, base, minutes=30, revoked=()):
        return Fetched(self.pki.crl("gost", revoked, now=ago(minutes), number=number, base=base))

    def keep(self, fetched, kind="full"):
        folder = self.folder
        return (folder.keep_full if kind == "full" else folder.keep_delta)(self.key, fetched, NOW)

    def revoked(self):
        return self.folder.load(self.key).revoked(int.from_bytes(SERIAL, "big")) is not None


@pytest.fixture
def world(tmp_path, authorities):
    return World(DemoPki.load(authorities), tmp_path / "revocation")


def test_a_list_is_kept_once_and_read_by_another_process(world):
    listed = world.full(7, revoked=[(SERIAL, ago(90), 1)])
    assert [world.keep(listed), world.keep(listed)] == [True, False]
    assert world.revoked()
    (used,) = world.folder.load(world.key).used
    assert (used.authority, used.delta, used.number) == (world.key.hex(), False, "7")
    assert sorted(load_all(world.folder)) == [world.key]


def test_the_same_list_from_elsewhere_leaves_its_marks(world):
    listed = world.full(7)
    world.keep(listed)
    assert not world.keep(Fetched(listed.data, "http://127.0.0.1/full", '"a"'))
    kept = world.folder.kept(world.key).full
    assert (kept.source, kept.etag) == ("http://127.0.0.1/full", '"a"')


@pytest.mark.parametrize(("number", "minutes"), [(6, 60), (6, 10), (7, 61), (8, 61)])
def test_an_older_list_never_replaces_a_newer_one(world, number, minutes):
    world.keep(world.full(7))
    with pytest.raises(FileRejected, match="older"):
        world.keep(world.full(number, minutes))
    assert world.folder.kept(world.key).full.number == "7"


def test_a_list_from_the_future_would_settle_acts_to_come(world):
    with pytest.raises(FileRejected, match="future"):
        world.keep(world.full(7, minutes=-1))
    assert world.folder.load(world.key) is None


def test_a_delta_before_its_full_list(world):
    with pytest.raises(FileRejected, match="without its full"):
        world.keep(world.delta(8, 7), "delta")
    world.keep(world.full(7))
    assert world.keep(world.delta(8, 7, revoked=[(SERIAL, ago(40), 1)]), "delta")
    assert world.revoked()
    assert world.folder.load(world.key).issued == ago(30)


def test_a_delta_never_becomes_a_base_wherever_it_comes_from(world):
    with pytest.raises(FileRejected, match="delta"):
        world.keep(world.delta(8, 7))
    world.keep(world.full(7))
    with pytest.raises(FileRejected, match="delta is wanted"):
        world.keep(world.full(9, 5), "delta")
    assert world.folder.kept(world.key).full.number == "7"


def test_a_delta_for_a_newer_full_list_waits(world):
    world.keep(world.full(7))
    with pytest.raises(FileRejected, match="does not fit"):
        world.keep(world.delta(9, 8), "delta")


def test_a_new_full_list_keeps_the_delta_that_still_fits(world):
    world.keep(world.full(7))
    world.keep(world.delta(9, 7, revoked=[(SERIAL, ago(40), 1)]), "delta")
    world.keep(world.full(8, 45))
    assert world.revoked()
    world.keep(world.full(10, 20))
    assert world.folder.kept(world.key).delta is None
    assert not world.revoked()


@pytest.mark.parametrize("data", [b"", b"<html>Please log in</html>", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_list_changes_nothing(world, data):
    world.keep(world.full(7))
    for kind in ("full", "delta"):
        with pytest.raises(FileRejected):
            world.keep(Fetched(data), kind)
    assert world.folder.load(world.key) is not None


def test_an_impostor_of_the_same_name_is_refused(world, tmp_path):
    impostor = DemoPki.create(tmp_path / "impostor", seed=99)
    with pytest.raises(FileRejected, match="did not sign"):
        world.keep(Fetched(impostor.crl("gost", now=ago(5), number=100)))


@pytest.mark.parametrize("suffix", ["crl", "index"])
def test_what_the_disk_damaged_is_not_believed(world, suffix):
    world.keep(world.full(7, revoked=[(SERIAL, ago(90), 1)]))
    (path,) = world.path.glob(f"*.{suffix}")
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(FileRejected, match="damaged"):
        world.folder.load(world.key)
    path.unlink()
    with pytest.raises(FileRejected, match=suffix):
        world.folder.load(world.key)


def test_lists_that_nothing_names_are_removed(world):
    for number in (7, 8, 9):
        world.keep(world.full(number, 60 - number))
    assert {path.suffix for path in world.path.iterdir()} == {".crl", ".index", ".json", ".writer"}
    assert len(list(world.path.glob("*.crl"))) == 1


def test_killed_before_the_names_are_written_the_former_state_stands(world, monkeypatch):
    world.keep(world.full(7))
    with monkeypatch.context() as patch:
        patch.setattr(revocation_lists, "write_durably", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            world.keep(world.full(8, 30))
    assert world.folder.kept(world.key).full.number == "7"
    assert world.keep(world.full(8, 30))
    assert len(list(world.path.glob("*.crl"))) == 1


STEPS = st.lists(st.tuples(st.sampled_from(["full", "delta"]), st.integers(1, 9), st.integers(0, 9)), max_size=12)


@given(STEPS)
@settings(max_examples=25)
def test_in_any_order_of_arrival_numbers_only_grow(tmp_path_factory, authorities, steps):
    world = World(DemoPki.load(authorities), tmp_path_factory.mktemp("lists"))
    newest = 0
    for kind, number, base in steps:
        listed = world.full(number, 60 - number) if kind == "full" else world.delta(number, base, 60 - number)
        before = world.folder.kept(world.key)
        try:
            world.keep(listed, kind)
        except FileRejected:
            assert world.folder.kept(world.key) == before
            continue
        kept = world.folder.kept(world.key)
        assert int(kept.full.number) >= newest
        newest = int(kept.full.number)
        assert kept.delta is None or int(kept.delta.number) >= newest
        assert world.folder.load(world.key) is not None
    shutil.rmtree(world.path)


@pytest.mark.long
def test_a_reader_is_spared_the_scan_of_a_large_list(tmp_path, long):
    """The kept index makes a list of national size ready several times as fast, and finds the same."""
    maker = Maker("NCA")
    authority, count = maker.authority(maker), NATIONAL if long else 50_000
    data, folder = national_list(maker, count), ListFolder(tmp_path, TrustStore([authority], Profile.TEST))
    folder.keep_full(authority.key_identifier, Fetched(data), NOW)
    scan = min(timeit.repeat(lambda: CertificateList.load(data), number=1, repeat=3))
    read = min(timeit.repeat(lambda: folder.load(authority.key_identifier), number=1, repeat=3))
    assert read * 3 < scan
    kept = folder.load(authority.key_identifier)
    assert all(kept.revoked(serial) for serial in serials(count)[:: count // 100])
    assert kept.revoked(12345) is None
