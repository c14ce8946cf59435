"""An operator shows an auditor another log than the witnesses saw; an auditor who names the witnesses finds out."""

import pytest

from cosigning import cosign, policy_of
from dauys.audit.known import open_known
from made_logs import PublishedLog, found
from made_witness import MadeWitness
from tamper.conftest import REFUSED


@pytest.fixture
def witnesses(log, tmp_path):
    """Two that saw the honest log."""
    seen = [MadeWitness(tmp_path / name, f"{name}.example", log.signer.verifier) for name in ("paper", "university")]
    cosign(log, *seen)
    return seen


@pytest.fixture
def shown(honest, tmp_path):
    """What the auditor is shown: a petition that was refused never was handed in; sound in itself."""
    other = PublishedLog.copy(honest, tmp_path / "shown")
    other.publish([entry for entry in other.entries() if REFUSED not in entry.decode()])
    assert other.audit()["sound"]
    return other


def test_the_log_that_the_witnesses_saw_is_believed(log, witnesses):
    report = log.audit(policy=policy_of(*witnesses, quorum=2))
    assert (report["sound"], report["witnesses"]["quorum"]) == (True, True)


def test_another_log_lacks_their_cosignatures(shown, witnesses):
    report = shown.audit(policy=policy_of(*witnesses, quorum=1))
    assert (found(report), report["sound"]) == ([(None, "quorum-missing")], False)


def test_their_lines_on_another_checkpoint_are_false(log, shown, witnesses):
    lines = (log.folder / "checkpoint").read_text().partition("\n\n")[2]
    theirs = "".join(line for line in lines.splitlines(keepends=True) if log.signer.name not in line)
    shown.write("checkpoint", (shown.folder / "checkpoint").read_bytes() + theirs.encode())
    codes = [code for _, code in found(shown.audit(policy=policy_of(*witnesses, quorum=1)))]
    assert codes == ["quorum-missing", "cosignature-false", "cosignature-false"]


def test_witnesses_of_the_operator_alone_convince_nobody(log, shown, witnesses, tmp_path):
    own = MadeWitness(tmp_path / "own", "paper.example", log.signer.verifier)
    cosign(shown, own)
    assert (None, "quorum-missing") in found(shown.audit(policy=policy_of(*witnesses, quorum=1)))


def test_what_a_witness_holds_proves_the_fork(log, shown, witnesses):
    held = witnesses[0].folder.latest(log.signer.name).encode()
    shown.publish([*shown.entries(), *log.entries()[-3:]])
    report = shown.audit(known=[open_known("witness.txt", held, [log.signer.verifier])])
    assert (None, "forked") in found(report)
