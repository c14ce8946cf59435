import subprocess
import sys
from datetime import UTC, datetime

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


def test_one_task_is_taken_by_its_name(dauys):
    iin = citizen(6).iin
    for role in ("moderator", "reviewer"):
        assert dauys("desk", "appoint", "--iin", iin, "--role", role, "--name", "Әлиев Б.").returncode == 0
    assert dauys("desk", "dismiss", "--iin", iin, "--role", "reviewer").stdout == "Әлиев Б. is reviewer no more.\n"
    assert dauys("desk", "list").stdout.endswith("moderator\n")


def test_a_worker_for_cron_does_what_is_due_and_ends(dauys):
    from dauys.ledger.keys import Keys
    from dauys.ledger.opening import open_log
    from dauys.ledger.places import Places

    refused = dauys("worker", "--once")
    assert (refused.returncode, "no log was opened yet" in refused.stderr) == (2, True)
    open_log(Places.default(), Keys.load(Places.default().keys), "demo", datetime.now(UTC))
    done = dauys("worker", "--once")
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 steps taken, 0 letters sent.\n", "")


def test_a_number_that_is_none_is_refused_without_being_repeated(dauys):
    wrong = dauys("desk", "appoint", "--iin", "990101300001", "--role", "moderator", "--name", "А")
    assert (wrong.returncode, "[iin-mistyped]" in wrong.stderr) == (2, True)
    assert "990101300001" not in wrong.stdout + wrong.stderr
