"""Receipts and witnesses on the command line: whose word it is, and how a receipt gets theirs."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import NotPublishedYet
from dauys.intake.witnesses import Witnesses
from dauys.ledger.keys import Keys
from dauys.ledger.publication import Publisher
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from made_witness import MadeWitness


def run(*arguments):
    return CliRunner().invoke(cli, ["receipt", *map(str, arguments)])


@pytest.fixture
def file(published, tmp_path):
    path = tmp_path / "mine.tlog-proof"
    path.write_text(published.receipt)
    return path


@pytest.fixture
def cosigned(published, tmp_path):
    """The published log with a witness's lines; its policy's file."""
    keys = Keys.load(published.places.keys)
    with MadeWitness(tmp_path / "w", "w.example", keys.log.verifier).serving() as made:
        published.places.witnesses.write_text(made.lines() + "quorum w.example-ed25519\n")
        with closing(Publisher(published.places, keys.log, Witnesses.of(published.places))) as publisher:
            assert publisher.renew()
    return published.places.witnesses


def test_signed_by_the_log_only_is_said(file, published, tmp_path):
    assert "Signed by the log only: no policy says" in run("verify", file).output
    published.places.witnesses.write_text(MadeWitness(tmp_path / "w", "w.example").lines("x") + "quorum none\n")
    assert "Signed by the log only: no witness of the policy covers it" in run("verify", file).output
    told = json.loads(run("verify", file, "--json").output)
    assert (told["witnesses"], told["quorum"]) == ({}, False)


@pytest.mark.usefixtures("cosigned")
def test_a_receipt_gets_the_witnesses_lines_and_stays_small(file):
    before = file.read_bytes()
    done = run("refresh", file)
    assert done.exit_code == 0, done.output
    assert "Cosigned by w.example-ed25519 at 20" in done.output
    assert len(file.read_bytes()) < len(before) + 300
    checked = run("verify", file)
    assert "VALID" in checked.output
    assert "Cosigned by w.example-ed25519 at 20" in checked.output
    told = json.loads(run("verify", file, "--json").output)
    assert (list(told["witnesses"]), told["quorum"]) == (["w.example-ed25519"], True)


@pytest.mark.usefixtures("cosigned")
def test_all_lines_can_be_kept_and_another_file_written(file, tmp_path):
    other = tmp_path / "other.tlog-proof"
    assert run("refresh", file, "--all-lines", "--output", other).exit_code == 0
    assert "w.example-ml-dsa" in run("verify", other).output
    assert len(other.read_bytes()) > 3000
    assert "log only" in run("verify", file).output


def test_a_reader_elsewhere_needs_key_and_policy(file, cosigned, published, tmp_path, monkeypatch):
    run("refresh", file)
    policy = tmp_path / "policy"
    policy.write_bytes(cosigned.read_bytes())
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "nowhere"))
    alone = run("verify", file, "--key", published.vkey)
    assert "Cosignatures not checked: no policy given" in alone.output
    assert "Signed by the log only" not in alone.output
    assert "Cosigned by" in run("verify", file, "--key", published.vkey, "--policy", policy).output
    from_folder = run("refresh", file, "--log", published.log, "--key", published.vkey, "--policy", policy)
    assert "Cosigned by" in from_folder.output


def test_too_few_witnesses_are_told(file, cosigned, tmp_path):
    run("refresh", file)
    away = MadeWitness(tmp_path / "v", "v.example").lines("x")
    lines = cosigned.read_text().replace("quorum w.example-ed25519", "group both all w.example-ed25519 v.example-ed25519\nquorum both")  # fmt: skip
    cosigned.write_text(away + lines)
    assert "NOT the policy’s quorum" in run("verify", file).output


def test_a_fork_is_told_and_the_file_kept(file, published):
    keys, before = Keys.load(published.places.keys), file.read_bytes()
    checkpoint = published.log / "checkpoint"
    size = int(checkpoint.read_text().split("\n")[1])
    checkpoint.write_text(sign_checkpoint(keys.log, Checkpoint(keys.log.name, size, bytes(32))))
    done = run("refresh", file)
    assert (done.exit_code, "NOT THE SAME LOG" in done.output) == (1, True)
    assert file.read_bytes() == before
    checkpoint.write_text(sign_checkpoint(keys.log, Checkpoint(keys.log.name, 1, bytes(32))))
    assert isinstance(run("refresh", file).exception, NotPublishedYet)
