"""What `dauys doctor` tells."""

import os
import subprocess
import sys
from contextlib import closing

from click.testing import CliRunner

from dauys.cli.doctor import TITLES, doctor, facts
from dauys.cli.main import cli
from dauys.identity import kernel
from dauys.ledger import sqlite
from dauys.ledger.cosigned import WitnessState, write_states
from dauys.ledger.erasing_again import await_erasures
from dauys.ledger.opening import LOST, UNFINISHED
from made_witness import MadeWitness


def test_it_names_what_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path))  # not what a demo left in this clone
    done = CliRunner().invoke(doctor)
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0].startswith("GOST")
    assert TITLES[kernel.chosen.name] in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["Python", "SQLite", "cryptography"]


def test_it_says_what_a_slower_one_lacks(monkeypatch):
    monkeypatch.delenv(kernel.VARIABLE, raising=False)
    monkeypatch.setattr(kernel, "chosen", kernel.implementation("python"))
    monkeypatch.setattr(kernel, "absent", lambda: {"kernel": "no compiler", "gmpy2": "gmpy2 is not installed"})
    assert dict(facts())["GOST"] == "plain Python, because no compiler; gmpy2 is not installed"


def command(wish):
    return subprocess.run(
        [sys.executable, "-m", "dauys.cli.main", "doctor"],
        capture_output=True,
        text=True,
        env=os.environ | {kernel.VARIABLE: wish, "LC_ALL": "C.UTF-8"},
        check=False,
    )


def test_a_wish_is_told_and_one_that_cannot_be_met_is_refused():
    assert "plain Python, because DAUYS_GOST asks for it" in command("python").stdout
    refused = command("abacus")
    assert refused.returncode == 2
    assert "DAUYS_GOST=abacus is none of kernel, gmpy2, python" in refused.stderr


def test_what_would_refuse_a_start_is_named(published):
    places = published.places
    done = CliRunner().invoke(doctor)
    assert (done.exit_code, "\nStart " in done.output) == (0, False), done.output
    (places.var / LOST).write_bytes(b"")
    await_erasures(places, [7])
    refused = CliRunner().invoke(doctor)
    assert refused.exit_code == 1
    assert [line.rpartition(" ")[2] for line in refused.output.splitlines() if line.startswith("Start ")] == [
        "[successor-needed]",
        "[erasures-awaited]",
    ]
    assert "quorum" not in refused.output
    (places.var / UNFINISHED).write_bytes(b"")
    assert "[restore-unfinished]" in CliRunner().invoke(doctor).output


def test_a_key_that_is_gone_refuses_a_start(published):
    (published.places.keys / "log.key").unlink()
    refused = CliRunner().invoke(doctor)
    assert (refused.exit_code, "log.key cannot be read" in refused.output) == (1, True)


def test_after_a_succession_a_witness_has_nothing_of_the_new_log_yet(published, tmp_path):
    published.places.witnesses.write_text(MadeWitness(tmp_path / "w", "w.example").lines("x") + "quorum none\n")
    assert CliRunner().invoke(cli, ["log", "succeed", "demo.example/2027", "--yes"]).exit_code == 0
    with closing(sqlite.connect(published.places.database)) as connection:
        with sqlite.transaction(connection, published.places.database):
            write_states(connection, [WitnessState("w.example-ed25519", 0, 1, "it answered 404")])
        told = CliRunner().invoke(doctor)
        assert told.exit_code == 0, told.output
        assert "w.example-ed25519: nothing of the new log demo.example/2027 is published there yet" in told.output
        assert "404" not in told.output
