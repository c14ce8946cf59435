"""`dauys witness` from the command line."""

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import NotConsistent
from dauys.translog.note import Signer, Verifier
from dauys.translog.policy import Policy
from dauys.witness.folder import WitnessFolder
from dauys.witness.watch import Witness
from small_log import SmallLog

LOG = SmallLog()
FORK = SmallLog(forks_at=300, branch="other")


def run(folder, *arguments):
    return CliRunner().invoke(cli, ["witness", *arguments, "--folder", str(folder)], catch_exceptions=False)


def test_from_new_to_evidence(tmp_path):
    folder = tmp_path / "w"
    made = run(folder, "new", "witness.example")
    assert made.exit_code == 0
    lines = [line for line in made.output.splitlines() if line.startswith("witness ")]
    assert run(folder, "key").output.splitlines() == lines
    policy = Policy.parse(
        "\n".join([*lines, "group both all witness.example-ed25519 witness.example-ml-dsa", "quorum both"])
    )
    assert {witness.verifier.name for witness in policy.witnesses.values()} == {"witness.example"}
    assert "No log is watched yet" in run(folder, "logs").output
    added = run(folder, "add-log", LOG.signer.verifier.vkey, "https://log.example/2026")
    assert added.output == "Watching log.example/2026, by 1 key.\n"
    assert "nothing cosigned yet" in run(folder, "logs").output
    witness = Witness(WitnessFolder(folder))
    witness.add_checkpoint(LOG.submission(0, 500))
    listed = run(folder, "logs")
    assert (listed.exit_code, "500 entries, cosigned 20" in listed.output) == (0, True)
    with pytest.raises(NotConsistent):
        witness.add_checkpoint(FORK.submission(500, 600))
    listed = run(folder, "logs")
    assert (listed.exit_code, "EVIDENCE" in listed.output) == (1, True)


def test_both_keys_have_one_name(tmp_path):
    folder = WitnessFolder.create(tmp_path / "w", "witness.example")
    assert {signer.verifier.name for signer in folder.signers()} == {"witness.example"}
    assert all(Verifier.parse(signer.verifier.vkey) == signer.verifier for signer in folder.signers())


def test_a_witness_says_how_many_logs_it_watches(tmp_path, monkeypatch):
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    folder = tmp_path / "w"
    WitnessFolder.create(folder, "witness.example").add_log(LOG.signer.verifier.vkey)
    assert "The witness witness.example watches 1 log at " in run(folder, "run").output
    WitnessFolder(folder).add_log(Signer.generate("log.example/other").verifier.vkey)
    assert "watches 2 logs at " in run(folder, "run").output
