"""`dauys audit --ask-witnesses`: what witnesses hold is asked at their own addresses and compared with what is shown."""

import json

import pytest
from click.testing import CliRunner

from audit.conftest import made  # noqa: F401 - a fixture
from cosigning import cosign
from dauys.cli.main import cli
from made_logs import PublishedLog
from made_witness import MadeWitness, answering

AWAY = "http://127.0.0.1:9"  # discard: nobody listens


@pytest.fixture
def log(made, tmp_path):  # noqa: F811
    return PublishedLog.copy(made, tmp_path / "log")


@pytest.fixture
def witness(log, tmp_path):
    with MadeWitness(tmp_path / "paper", "paper.example", log.signer.verifier).serving() as witness:
        cosign(log, witness)
        yield witness


def audit(log, tmp_path, lines, *options):
    policy = tmp_path / "policy"
    policy.write_text(f"log {log.signer.verifier.vkey}\n{lines}quorum paper.example-ed25519\n")
    asked = CliRunner().invoke(
        cli, ["audit", str(log.folder), "--policy", str(policy), "--ask-witnesses", "--json", *options]
    )
    report = json.loads(asked.stdout) if asked.stdout else {}
    return asked, [each["code"] for each in report.get("findings", ()) if each["kind"] == "broken"], report


def test_what_they_hold_is_of_this_log(log, witness, tmp_path):
    asked, codes, report = audit(log, tmp_path, witness.lines())
    assert (asked.exit_code, codes, report["known_compared"]) == (0, [], 1)
    log.publish([*log.entries()[:-2], *log.entries()[-1:], *log.entries()[-2:]])
    asked, codes, report = audit(log, tmp_path, witness.lines())
    assert asked.exit_code == 1
    assert {"forked", "quorum-missing"} <= set(codes)
    (forked,) = [each for each in report["findings"] if each["code"] == "forked"]
    assert witness.url in forked["sentence"]["ru"]


def test_who_is_away_is_told_and_accuses_nobody(log, witness, tmp_path):
    asked, codes, report = audit(log, tmp_path, witness.lines(AWAY))
    assert (asked.exit_code, codes, report["known_compared"]) == (0, [], 0)
    assert f"The witness at {AWAY} cannot tell" in asked.stderr
    asked, _, _ = audit(log, tmp_path, witness.lines(""))
    assert "names no address" in asked.stderr


@pytest.mark.parametrize(("status", "body", "said"), [(404, b"", "knows nothing"), (200, b"false\n", "cannot tell")])
def test_a_witness_that_says_something_else(log, witness, tmp_path, status, body, said):
    with answering(lambda *_: (status, body)) as url:
        asked, codes, _ = audit(log, tmp_path, witness.lines(url))
    assert (asked.exit_code, codes) == (0, [])
    assert said in asked.stderr


def test_witnesses_need_a_policy(log):
    assert CliRunner().invoke(cli, ["audit", str(log.folder), "--ask-witnesses"]).exit_code == 2
