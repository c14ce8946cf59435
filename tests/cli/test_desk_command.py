import subprocess
import sys

import pytest

from dauys.demo.people import citizen


@pytest.fixture
def dauys(tmp_path, monkeypatch):
    """Runs `dauys …` on an installation with keys and tables."""
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DAUYS_MODE", "demo")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*arguments, said=""):
        command = [sys.executable, "-m", "dauys.cli.main", *arguments]
        return subprocess.run(command, input=said, capture_output=True, text=True, check=False)

    from dauys.ledger.keys import Keys
    from dauys.ledger.places import Places

    Keys.create(Places.default().keys, "demo.example/log")
    assert run("migrate").returncode == 0
    return run


def test_the_first_administrator_comes_and_goes(dauys, tmp_path):
    iin = citizen(5).iin
    appointed = dauys("desk", "appoint", "--iin", iin, "--role", "administrator", "--name", "Серікова Айгүл")
    assert (appointed.returncode, appointed.stderr) == (0, "")
    listed = dauys("desk", "list").stdout
    assert "Серікова Айгүл  -  administrator" in listed
    database = b"".join(path.read_bytes() for path in (tmp_path / "var").glob("dauys.sqlite3*"))
    assert iin.encode() not in database
    assert dauys("desk", "dismiss", "--iin", iin).returncode == 0
    assert dauys("desk", "list").stdout == ""
    again = dauys("desk", "dismiss", "--iin", iin)
    assert (again.returncode, "[official-unknown]" in again.stderr) == (2, True)


def test_a_number_that_is_none_is_refused_without_being_repeated(dauys):
    wrong = dauys("desk", "appoint", "--iin", "990101300001", "--role", "moderator", "--name", "А")
    assert (wrong.returncode, "[person-unknown]" in wrong.stderr) == (2, True)
    assert "990101300001" not in wrong.stdout + wrong.stderr
