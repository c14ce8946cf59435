"""A mirror keeps the newest signed list, shows it, and never goes back."""

import pytest

from dauys.mirror.addresses import fetch_list, read_list
from dauys.translog.addresses import Addresses, sign_addresses
from dauys.translog.note import Signer
from made_log import SIGNER, MadeLog


def signed(serial, *listed, signer=SIGNER):
    return sign_addresses(signer, Addresses(SIGNER.name, serial, "2026-11-22T03:00:00Z", tuple(listed))).encode()


SITE, GONE = ("site", "https://new.example"), ("gone", "https://old.example")


@pytest.fixture
def fetch(follow, log, tmp_path):
    """Fetches from several sources; (what is kept, troubles)."""
    log.grow(3)

    def run(*notes):
        logs = []
        for number, note in enumerate(notes):
            logs.append(MadeLog(tmp_path / f"source {number}", entries=list(log.entries)))
            logs[-1].grow(0, entries=[])
            if note is not None:
                logs[-1].write("addresses", note)
        follower = follow(*logs, keys=[SIGNER.verifier.vkey])
        troubles = fetch_list(follower.folder, follower.state, follower.sources)
        return read_list(follower.folder, follower.state), troubles

    return run


def test_the_newest_list_is_kept_and_never_an_older_one(fetch):
    assert fetch(None)[0] is None
    assert fetch(signed(2, SITE), signed(3, SITE, GONE), signed(1))[0].serial == 3
    kept, troubles = fetch(signed(2, SITE))
    assert (kept.serial, troubles) == (3, [])


def test_a_false_list_changes_nothing(fetch):
    fetch(signed(1, SITE))
    stranger = Signer(SIGNER.name, b"\x09" * 32)
    for note in (signed(2, GONE, signer=stranger), b"nothing", signed(2, SITE).replace(b"new.example", b"bad.example")):
        kept, troubles = fetch(note)
        assert (kept.serial, len(troubles)) == (1, 1)


def test_two_lists_with_one_number_are_kept_as_evidence(fetch, tmp_path):
    kept, troubles = fetch(signed(4, SITE), signed(4, GONE))
    assert kept.listed == (SITE,)
    assert "two lists" in troubles[0]
    folder = tmp_path / "mirror/evidence/addresses-4"
    assert {file.read_bytes() for file in folder.iterdir()} == {signed(4, SITE), signed(4, GONE)}
