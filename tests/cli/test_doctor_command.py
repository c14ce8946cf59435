"""What `dauys doctor` tells."""

import os
import subprocess
import sys

from click.testing import CliRunner

from dauys.cli.doctor import TITLES, doctor, facts
from dauys.identity import kernel


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
