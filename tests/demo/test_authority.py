"""The demo authorities publish as a real one does: whoever fetches at any time has lists that fit one another."""

from datetime import timedelta

import pytest

from dauys.demo.authority import REVOKED, DemoAuthority, list_name, lists_of, read_revoked, revoke
from dauys.demo.people import citizen
from dauys.demo.profile import Purpose
from dauys.demo.signer import enrolled
from dauys.errors import BadInput
from dauys.identity.certificates import Certificate
from dauys.identity.trust import Profile, TrustStore
from dauys.intake.revocation_lists import Fetched, ListFolder
from dauys.ledger.places import Places


@pytest.fixture
def places(tmp_path, pki):
    places = Places(tmp_path / "var")
    (places.var / "demo").mkdir(parents=True)
    places.demo_pki.symlink_to(pki.directory)
    yield places
    for name in (
        "revoked.json",
        *(f"lists/{list_name(each, delta=delta)}" for each in ("gost", "rsa") for delta in (0, 1)),
    ):
        (pki.directory / name).unlink(missing_ok=True)


def read(places, *, delta):
    return Fetched((lists_of(places) / list_name("gost", delta=delta)).read_bytes())


@pytest.mark.parametrize("late", [0, 20, 280, 300, 320, 600, 620])
def test_a_full_list_fetched_earlier_takes_every_later_delta(places, pki, now, late):
    working, folder = (
        DemoAuthority(places, pki),
        ListFolder(places.revocation, TrustStore.load(pki.trust_directory, Profile.TEST)),
    )
    key = pki.authority("nca", "gost").key_id
    for seconds in range(0, 321, 20):
        working.issue(now + timedelta(seconds=seconds))
    folder.keep_full(key, read(places, delta=False), now + timedelta(days=1))
    for seconds in range(340, 320 + late, 20):
        working.issue(now + timedelta(seconds=seconds))
    if late < 600:  # the fetcher asks for full lists far more often than they come
        folder.keep_delta(key, read(places, delta=True), now + timedelta(days=1))


def test_an_authority_that_begins_again_goes_on_from_its_last_full_list(places, pki, now):
    DemoAuthority(places, pki).issue(now)
    before = read(places, delta=False).data
    DemoAuthority.of(places).issue(now + timedelta(seconds=20))
    assert read(places, delta=False).data == before


def test_a_stolen_key_is_on_the_next_list_for_signing_and_for_logging_in(places, pki, now):
    number = next(number for number in range(50) if citizen(number).algorithm == "gost")
    working = DemoAuthority(places, pki)
    working.issue(now)
    revoke(places, number, now + timedelta(seconds=5))
    assert sorted(read_revoked(places)) == [number, REVOKED]
    working.issue(now + timedelta(seconds=20))
    folder = ListFolder(places.revocation, TrustStore.load(pki.trust_directory, Profile.TEST))
    key = pki.authority("nca", "gost").key_id
    folder.keep_full(key, read(places, delta=False), now + timedelta(days=1))
    folder.keep_delta(key, read(places, delta=True), now + timedelta(days=1))
    for purpose in (Purpose.SIGNING, Purpose.AUTHENTICATION):
        serial = Certificate.load(enrolled(pki, citizen(number), now, purpose).certificate).serial
        assert folder.load(key).revoked(serial)


def test_nobody_can_be_stolen_from_who_is_not_there(places, now):
    with pytest.raises(BadInput):
        revoke(places, 10**12, now)
