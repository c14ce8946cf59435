"""A mirror holds only what it has verified, never lets history change, and goes on after any interruption."""

import shutil
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.errors import LogKeyUnknown, MirrorBehind, MirrorRefused, NoteInvalid, ProofInvalid, SourceForked
from dauys.mirror.folder import MirrorFolder
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.encoding import decode_base64
from dauys.translog.merkle import verify_consistency
from dauys.translog.note import Signer
from made_log import SIGNER, MadeLog


def entries_of(folder, size):
    """All entries of a mirror's copy, audited: every file, every tile, the root."""
    checkpoint = open_checkpoint((folder.log / "checkpoint").read_bytes(), [SIGNER.verifier])
    assert checkpoint.size == size
    found = []
    audit_tree(checkpoint, folder.read, lambda _, entry: found.append(entry))
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 900), min_size=1, max_size=5))
def test_a_mirror_grows_with_its_log(follow, log, tmp_path, growths):
    for folder in (log.folder, tmp_path / "mirror"):
        shutil.rmtree(folder, ignore_errors=True)
    log.entries.clear()
    for growth in growths:
        log.grow(growth)
        follower = follow(log)
        assert follower.round() == len(log.entries)
        assert entries_of(follower.folder, len(log.entries)) == log.entries
    other_name = follower.folder.path / sha256(b"log.example/2026").hexdigest()
    assert (other_name / "checkpoint").read_bytes() == (log.folder / "checkpoint").read_bytes()


def test_what_has_become_full_has_no_partial_forms(follow, log):
    for growth in (100, 100, 100):
        log.grow(growth)
        follower = follow(log)
        follower.round()
    names = {str(path.relative_to(follower.folder.log)) for path in follower.folder.log.rglob("*") if path.is_file()}
    assert names == {
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/entries/000",
        "tile/entries/001.p/44",
        "tile/1/000.p/1",
    }


@pytest.mark.parametrize(
    "path", ["tile/0/001", "tile/entries/001", "tile/1/000.p/2", "tile/0/002.p/88", "tile/entries/002.p/88"]
)
@pytest.mark.parametrize("harm", ["change", "cut", "lose"])
def test_nothing_that_is_not_proven_is_stored(follow, log, path, harm):
    log.grow(600)
    file = log.folder / path
    good = file.read_bytes()
    if harm == "lose":
        file.unlink()
    else:
        file.write_bytes(
            good[:-1]
            if harm == "cut"
            else good[:40] + bytes([good[40] ^ 4]) + good[41:]
            if len(good) > 41
            else b"\0" * 32
        )
    follower = follow(log)
    with pytest.raises(ProofInvalid):
        follower.round()
    assert not (follower.folder.log / "checkpoint").exists()
    assert not (follower.folder.log / path).exists()
    file.write_bytes(good)
    assert follow(log).round() == 600
    assert entries_of(follower.folder, 600) == log.entries


def test_another_source_serves_where_one_is_broken(follow, log, tmp_path):
    log.grow(600)
    whole = MadeLog(tmp_path / "whole", entries=list(log.entries))
    shutil.copytree(log.folder, whole.folder)
    (log.folder / "tile/entries/001").write_bytes(b"nothing of the kind")
    follower = follow(log, whole)
    assert follower.round() == 600
    assert any("tile/entries/001" in trouble for trouble in follower.troubles)


def forked(log, tmp_path, common, label="other"):
    """The same operator's other history, equal up to `common`."""
    fork = MadeLog(tmp_path / label)
    fork.grow(0, entries=log.entries[:common])
    return fork


def test_a_rewritten_past_is_kept_as_evidence_and_stored_nowhere(follow, log, tmp_path):
    log.grow(700)
    follow(log).round()
    fork = forked(log, tmp_path, 300).grow(800, "forged")
    follower = follow(fork)
    with pytest.raises(SourceForked) as found:
        follower.round()
    kept = found.value.facts["folder"]
    smaller, larger = (open_checkpoint((kept / name).read_bytes(), [SIGNER.verifier]) for name in ("smaller", "larger"))
    assert (smaller.size, larger.size) == (700, 1100)
    proof = [decode_base64(line) for line in (kept / "proof").read_text().split("\n")[1:-1]]
    with pytest.raises(ProofInvalid, match="old root"):  # the larger tree's own proof leads to another root at 700
        verify_consistency(smaller.size, smaller.root, larger.size, larger.root, proof)
    assert entries_of(follower.folder, 700) == log.entries


def test_two_roots_at_one_size(follow, log, tmp_path):
    log.grow(400)
    fork = forked(log, tmp_path, 399).grow(1, "forged")
    with pytest.raises(SourceForked):
        follow(log, fork).round()
    assert not (tmp_path / "mirror/log/checkpoint").exists()


def test_a_fork_between_two_sources_of_different_sizes(follow, log, tmp_path):
    log.grow(400)
    fork = forked(log, tmp_path, 200).grow(400, "forged")
    with pytest.raises(SourceForked):
        follow(log, fork).round()


def test_a_log_that_was_put_back(follow, log, tmp_path):
    log.grow(500)
    follow(log).round()
    older = forked(log, tmp_path, 450)
    with pytest.raises(MirrorBehind, match="450"):
        follow(older).round()
    assert {each.name for each in (tmp_path / "mirror/evidence").iterdir()} == {"rollback-500-450"}
    shutil.rmtree(older.folder)
    with pytest.raises(SourceForked):  # put back, and gone another way since
        follow(forked(log, tmp_path, 440).grow(20, "forged")).round()
    assert follow(log).round() == 500


def test_what_was_in_progress_binds_the_log_too(follow, log, tmp_path):
    """Killed in the middle, a mirror has believed a checkpoint: another history afterwards is a fork."""
    log.grow(9000)
    follower = follow(log)
    stop = iter(range(1))

    def kill(*_):
        if next(stop, None) is None:
            raise KeyboardInterrupt

    follower.progress = kill
    with pytest.raises(KeyboardInterrupt):
        follower.round()
    state = MirrorFolder(tmp_path / "mirror").read_state()
    assert (state.size, state.bundles) == (0, 35)
    fork = forked(log, tmp_path, 8999).grow(100, "forged")
    with pytest.raises(SourceForked):
        follow(fork).round()
    log.grow(77)
    asked = []
    follower = follow(log)
    read = follower.sources[0].read
    follower.sources[0].read = lambda path: asked.append(path) or read(path)
    assert follower.round() == 9077
    assert "tile/entries/034" not in asked
    assert entries_of(follower.folder, 9077) == log.entries


def test_an_older_copy_in_the_middle_of_the_first_round_is_said_to_be_one(follow, log, tmp_path):
    log.grow(9000)
    follower = follow(log)
    follower.progress = lambda *_: exec("raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        follower.round()
    with pytest.raises(MirrorBehind, match="8000"):
        follow(forked(log, tmp_path, 8000)).round()
    assert follow(log).round() == 9000


def test_killed_between_the_checkpoint_and_its_note(follow, log, monkeypatch):
    log.grow(300)
    follow(log).round()
    log.grow(300)
    follower = follow(log)
    note = follower._note
    monkeypatch.setattr(
        follower, "_note", lambda **changes: exec("raise KeyboardInterrupt") if "size" in changes else note(**changes)
    )
    with pytest.raises(KeyboardInterrupt):
        follower.round()
    follower = follow(log)
    assert (follower.state.size, follower.round()) == (300, 600)
    assert (follower.state.size, follower.state.pending) == (600, "")
    assert entries_of(follower.folder, 600) == log.entries


def test_later_cosignatures_are_taken_over(follow, log):
    log.grow(300)
    follower = follow(log)
    follower.round()
    witness = Signer("witness.example", b"\x08" * 32)
    note = (log.folder / "checkpoint").read_text()
    line = witness.sign(note.partition("\n\n")[0] + "\n").rpartition("\n\n")[2]
    (log.folder / "checkpoint").write_text(note + line)
    assert follower.round() == 300
    assert (follower.folder.log / "checkpoint").read_text() == note + line


def test_only_the_log_s_key_is_believed(follow, log, tmp_path):
    log.grow(10)
    stranger = MadeLog(tmp_path / "stranger", Signer("log.example/2026", b"\x09" * 32)).grow(20)
    follow(log).round()
    with pytest.raises(NoteInvalid):
        follow(stranger, keys=[log.vkey]).round()
    with pytest.raises(MirrorRefused, match="not by the one given"):
        follow(stranger)


def test_the_first_key_is_pinned(follow, log, tmp_path):
    log.grow(10)
    with pytest.raises(LogKeyUnknown):
        follow(log, keys=[])
    log.write("vkey", log.vkey.encode() + b"\n")
    follower = follow(log, keys=[])
    assert follower.state.keys_from_source
    assert follower.round() == 10
    file = follower.folder.path / "mirror.json"
    file.write_text(file.read_text().replace("keys_from_source", "pinned"))
    assert follower.folder.read_state().keys_from_source, "as older versions called it"
    stranger = MadeLog(tmp_path / "stranger", Signer("log.example/2026", b"\x09" * 32)).grow(20)
    stranger.write("vkey", stranger.vkey.encode() + b"\n")
    with pytest.raises(NoteInvalid):
        follow(stranger, keys=[]).round()


def test_sources_that_publish_different_keys_are_not_guessed_about(follow, log, tmp_path):
    stranger = MadeLog(tmp_path / "stranger", Signer("log.example/2026", b"\x09" * 32)).grow(20)
    for each in (log.grow(10), stranger):
        each.write("vkey", each.vkey.encode() + b"\n")
    with pytest.raises(MirrorRefused, match="different keys"):
        follow(log, stranger, keys=[])


def test_a_folder_with_other_things_is_left_alone(follow, log, tmp_path):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror/holiday.txt").write_text("mine")
    with pytest.raises(MirrorRefused):
        follow(log.grow(1))
