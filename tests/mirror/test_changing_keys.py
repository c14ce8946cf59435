"""Two histories of a log's keys cannot both be true, and a key is believed for the sizes that it signed."""

import json

from dauys.mirror.ring import kept_ring
from dauys.translog.keyring import KeyChange
from dauys.translog.note import Signer
from made_log import SIGNER, MadeLog

SECOND, THIEF = (Signer(SIGNER.name, bytes([n]) * 32) for n in (11, 13))


def change(log, old, new):
    """The entry that hands the log over, the document that says so, and the new signer from then on."""
    handed = KeyChange(SIGNER.name, len(log.entries), (old.verifier,), (new.verifier,)).sign([old, new])
    log.changes = [*getattr(log, "changes", []), handed]
    log.write("keys.json", json.dumps({"opened": [SIGNER.verifier.vkey], "changes": log.changes}).encode())
    log.signer = new
    log.grow(0, entries=[handed.encode()])


def test_another_history_of_keys_is_kept_as_evidence(follow, log, tmp_path):
    log.grow(10)
    change(log, SIGNER, SECOND)
    follow(log, keys=[SIGNER.verifier.vkey]).round()
    other = MadeLog(tmp_path / "other", entries=list(log.entries[:10]))
    change(other, SIGNER, THIEF)
    follower = follow(log, other, keys=[SIGNER.verifier.vkey])
    assert follower.round() == 11  # what the other shows is signed by nobody it believes
    assert any("another history" in trouble for trouble in follower.troubles)
    assert [each.name[:5] for each in (tmp_path / "mirror/evidence").iterdir()] == ["keys-"]
    assert kept_ring(follower.folder, follower.state).present == [SECOND.verifier]


def test_keys_pinned_after_a_change_are_dated_by_the_chain(follow, log):
    log.grow(10)
    change(log, SIGNER, SECOND)
    log.write("vkey", f"{SECOND.verifier.vkey}\n{SIGNER.verifier.vkey}\n".encode())
    follower = follow(log, keys=[])
    assert follower.round() == 11
    assert kept_ring(follower.folder, follower.state).at(11) == [SECOND.verifier]
