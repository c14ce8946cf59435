"""A witness cosigns only what grows, keeps what does not fit, and forgets nothing it answered."""

import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from dauys.errors import (
    FileRejected,
    KeyMalformed,
    NotConsistent,
    NotSignedByLog,
    NotWatched,
    OldSizeTooLarge,
    PolicyMalformed,
    Refusal,
    SizeConflict,
    SubmissionMalformed,
    WitnessClockBehind,
)
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.note import Signer, open_note
from dauys.translog.signature_types import COSIGNATURE_V1, ML_DSA_44
from dauys.translog.submission import Submission
from dauys.witness import watch
from dauys.witness.folder import WitnessFolder
from dauys.witness.watch import Witness
from small_log import SmallLog

LOG = SmallLog()
FORK = SmallLog(forks_at=300, branch="other")
STRANGER = SmallLog(10, signer=Signer("stranger.example", bytes(32)))
IMPOSTOR = SmallLog(signer=Signer(LOG.signer.name, bytes(32)))


@pytest.fixture
def witness(tmp_path):
    folder = WitnessFolder.create(tmp_path / "witness", "witness.example")
    folder.add_log(LOG.signer.verifier.vkey, "https://log.example/2026")
    return Witness(folder)


def evidence(witness):
    return [path.name for path in witness.folder.evidence(LOG.signer.name)]


# ---- What is cosigned ----


def test_growth_is_cosigned_by_both_keys_and_kept(witness):
    for old, size in ((0, 1), (1, 300), (300, 300), (300, 1000)):
        lines = witness.add_checkpoint(LOG.submission(old, size))
        opened = open_note(LOG.note(size) + lines, witness.verifiers)
        assert [found.verifier.type for found in opened.signatures] == [COSIGNATURE_V1, ML_DSA_44]
    kept = witness.latest(sha256(LOG.signer.name.encode()).hexdigest())
    assert open_checkpoint(kept, [LOG.signer.verifier]) == LOG.checkpoint(1000)
    assert len(open_note(kept, witness.verifiers).signatures) == 2
    assert witness.latest("00") is None


def test_signatures_of_unknown_keys_are_neither_minded_nor_kept(witness):
    note = LOG.note(5, Signer("other.example", bytes(32), COSIGNATURE_V1), time=9)
    witness.add_checkpoint(Submission(0, (), note).to_text().encode())
    assert "other.example" not in witness.folder.latest(LOG.signer.name)


def test_what_was_cosigned_is_remembered_by_the_next_process(witness):
    witness.add_checkpoint(LOG.submission(0, 300))
    again = Witness(witness.folder)
    with pytest.raises(SizeConflict) as refused:
        again.add_checkpoint(LOG.submission(0, 1000))
    assert refused.value.facts["size"] == 300
    again.add_checkpoint(LOG.submission(300, 1000))


def test_a_clock_set_back_does_not_make_the_larger_tree_older(witness, monkeypatch):
    monkeypatch.setattr(watch.time, "time", lambda: 2_000_000_000.0)
    witness.add_checkpoint(LOG.submission(0, 1))
    monkeypatch.setattr(watch.time, "time", lambda: 1_999_999_940.0)
    lines = witness.add_checkpoint(LOG.submission(1, 2))
    assert {found.time for found in open_note(LOG.note(2) + lines, witness.verifiers).signatures} == {2_000_000_000}


def test_a_clock_far_behind_signs_nothing_and_goes_on_once_it_is_right(witness, monkeypatch):
    monkeypatch.setattr(watch.time, "time", lambda: 2_000_000_000.0)
    witness.add_checkpoint(LOG.submission(0, 1))
    monkeypatch.setattr(watch.time, "time", lambda: 1_999_999_939.0)
    with pytest.raises(WitnessClockBehind) as refused:
        witness.add_checkpoint(LOG.submission(1, 2))
    assert (refused.value.status, refused.value.facts["seconds"]) == (503, 61)
    assert not evidence(witness)
    monkeypatch.setattr(watch.time, "time", lambda: 2_000_000_001.0)
    witness.add_checkpoint(LOG.submission(1, 2))


# ---- What is not ----


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", SubmissionMalformed),
        (b"old 0\n\nno checkpoint\n\n", SubmissionMalformed),
        (
            b"old 0\n\n" + Signer("log.example/2026", bytes(32)).sign("log.example/2026\n1\n").encode(),
            SubmissionMalformed,
        ),
        (STRANGER.submission(0, 5), NotWatched),
        (IMPOSTOR.submission(0, 5), NotSignedByLog),
        (LOG.submission(0, 5).replace(b"\n5\n", b"\n6\n"), NotSignedByLog),
        (LOG.submission(0, 5).replace(b"old 0", b"old 6"), OldSizeTooLarge),
    ],
)
def test_refusals(witness, data, error):
    with pytest.raises(error):
        witness.add_checkpoint(data)
    assert witness.folder.latest(LOG.signer.name) is None
    assert not evidence(witness)


def test_a_fork_at_the_same_size_is_kept_as_evidence(witness):
    witness.add_checkpoint(LOG.submission(0, 500))
    with pytest.raises(NotConsistent):
        witness.add_checkpoint(FORK.submission(500, 500))
    [folder] = witness.folder.evidence(LOG.signer.name)
    keys = [LOG.signer.verifier]
    held = open_checkpoint((folder / "held").read_text(), keys)
    submitted = open_checkpoint(Submission.parse((folder / "submitted").read_bytes()).checkpoint, keys)
    assert (held, submitted) == (LOG.checkpoint(500), FORK.checkpoint(500))
    witness.add_checkpoint(LOG.submission(500, 1000))  # the tree it saw first goes on


def test_a_fork_is_kept_even_where_the_old_size_conflicts(witness):
    witness.add_checkpoint(LOG.submission(0, 500))
    with pytest.raises(SizeConflict):
        witness.add_checkpoint(FORK.submission(0, 500))
    assert len(evidence(witness)) == 1


def test_growth_on_another_branch_is_refused_and_kept_once(witness):
    witness.add_checkpoint(LOG.submission(0, 500))
    for _ in range(3):
        with pytest.raises(NotConsistent):
            witness.add_checkpoint(FORK.submission(500, 1000))
    assert evidence(witness) == [f"1000-{FORK.checkpoint(1000).root.hex()[:16]}"]


def test_evidence_does_not_fill_the_disk(witness, monkeypatch):
    monkeypatch.setattr("dauys.witness.folder.MOST_EVIDENCE", 3)
    witness.add_checkpoint(LOG.submission(0, 500))
    for size in range(900, 910):
        with pytest.raises(NotConsistent):
            witness.add_checkpoint(FORK.submission(500, size))
    assert len(evidence(witness)) == 3


def test_a_kept_checkpoint_that_was_changed_stops_the_witness(witness):
    witness.add_checkpoint(LOG.submission(0, 500))
    kept = witness.folder.latest(LOG.signer.name)
    witness.folder.keep(LOG.signer.name, kept.replace("\n500\n", "\n400\n"))
    with pytest.raises(Refusal, match="not as this witness left it"):
        Witness(witness.folder)
    with pytest.raises(Refusal):
        witness.add_checkpoint(LOG.submission(500, 1000))


def test_a_disk_that_fails_keeps_the_cosignature_back(witness, monkeypatch):
    witness.add_checkpoint(LOG.submission(0, 1))

    def fail(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dauys.witness.folder.write_durably", fail)
    with pytest.raises(OSError, match="No space"):
        witness.add_checkpoint(LOG.submission(1, 500))
    monkeypatch.undo()
    witness.add_checkpoint(LOG.submission(1, 300))


def test_of_many_at_once_none_is_rolled_back(witness):
    """The race of c2sp.org/tlog-witness: a smaller tree kept after a larger one."""
    begin = threading.Barrier(8)

    def submit(size):
        begin.wait(10)
        try:
            witness.add_checkpoint(LOG.submission(0, size))
        except SizeConflict:
            return None
        return size

    with ThreadPoolExecutor(8) as pool:
        [cosigned] = [size for size in pool.map(submit, range(100, 900, 100)) if size]
    assert open_checkpoint(witness.folder.latest(LOG.signer.name), [LOG.signer.verifier]).size == cosigned


class AnySubmissions(RuleBasedStateMachine):
    """Against the plain model: one size, growing, on the branch that was first seen above the fork."""

    @initialize()
    def begin(self):
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        made = WitnessFolder.create(Path(self.folder.name) / "w", "witness.example")
        made.add_log(LOG.signer.verifier.vkey)
        self.witness, self.size, self.branch = Witness(made), 0, None

    @rule(log=st.sampled_from([LOG, FORK]), old=st.integers(0, 12), size=st.integers(0, 12))
    def submit(self, log, old, size):
        old, size = old * 80, size * 80  # 300 lies between
        fits = size <= 300 or self.size <= 300 or log is self.branch
        data = log.submission(old, size)
        if old > size:
            with pytest.raises(OldSizeTooLarge):
                self.witness.add_checkpoint(data)
        elif old != self.size:
            with pytest.raises(SizeConflict) as refused:
                self.witness.add_checkpoint(data)
            assert refused.value.facts["size"] == self.size
        elif not fits:
            with pytest.raises(NotConsistent):
                self.witness.add_checkpoint(data)
        else:
            lines = self.witness.add_checkpoint(data)
            assert len(open_note(log.note(size) + lines, self.witness.verifiers).signatures) == 2
            self.size, self.branch = size, log if size > 300 else self.branch

    @rule()
    def restart(self):
        self.witness = Witness(self.witness.folder)

    def teardown(self):
        if hasattr(self, "folder"):
            self.folder.cleanup()


TestAnySubmissions = AnySubmissions.TestCase
TestAnySubmissions.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)


# ---- Its folder ----


def test_a_witness_is_made_once_and_its_keys_are_its_own(tmp_path, witness):
    with pytest.raises(FileRejected):
        WitnessFolder.create(tmp_path / "witness", "witness.example")
    with pytest.raises(KeyMalformed):
        WitnessFolder.create(tmp_path / "other", "a name")
    (tmp_path / "witness" / "witness.key").chmod(0o640)
    with pytest.raises(Refusal, match="chmod 600"):
        Witness(witness.folder)
    (tmp_path / "witness" / "witness.key").unlink()
    with pytest.raises(Refusal, match=r"witness\.key"):
        Witness(witness.folder)


def test_a_log_added_while_it_runs_is_watched(witness):
    with pytest.raises(NotWatched):
        witness.add_checkpoint(STRANGER.submission(0, 5))
    witness.folder.add_log(STRANGER.signer.verifier.vkey)
    witness.add_checkpoint(STRANGER.submission(0, 5))
    with pytest.raises(PolicyMalformed):
        witness.folder.add_log(STRANGER.signer.verifier.vkey)
    assert witness.logs["log.example/2026"].url == "https://log.example/2026"


def test_a_log_with_a_second_key_is_one_log(witness):
    witness.add_checkpoint(LOG.submission(0, 5))
    witness.folder.add_log(IMPOSTOR.signer.verifier.vkey)
    witness.add_checkpoint(Submission(5, (), IMPOSTOR.note(5)).to_text().encode())
    assert "quorum none" in (witness.folder.path / "logs").read_text()
