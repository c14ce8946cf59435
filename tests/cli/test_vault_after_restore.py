"""While a restore is not settled, no command over private evidence writes: it refuses as a start does."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import ForkRefused, RestoreUnfinished, SuccessorNeeded
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.opening import LOST, UNFINISHED
from dauys.ledger.vault import read_envelope
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint

FIRST = 9  # entries that open the log and hand in and open its four petitions
AUDITOR = "x25519:" + "A" * 43


@pytest.fixture
def commands(tmp_path):
    """Every command that writes."""
    order = tmp_path / "order.pdf"
    order.write_bytes(b"the court decided")
    return {
        "erase": ["--entry", str(FIRST), "--yes"],
        "share": ["--threshold", "1", AUDITOR],
        "export": ["--entry", str(FIRST), "--order", str(order), str(tmp_path / "out")],
    }


def state(places):
    with closing(sqlite.connect(places.database)) as connection:
        return sqlite.read_tail(connection).size, read_envelope(connection, FIRST)


@pytest.mark.parametrize("command", ["erase", "share", "export"])
@pytest.mark.parametrize(("marker", "error"), [(UNFINISHED, RestoreUnfinished), (LOST, SuccessorNeeded)])
def test_a_restore_that_is_not_settled(published, commands, tmp_path, command, marker, error):
    before = state(published.places)
    (published.places.var / marker).touch()
    result = CliRunner().invoke(cli, ["vault", command, *commands[command]])
    assert isinstance(result.exception, error)
    assert (state(published.places), (tmp_path / "out").exists()) == (before, False)


@pytest.mark.parametrize("command", ["erase", "share", "export"])
def test_a_database_behind_what_is_public(published, commands, command):
    """As `dauys log resume` leaves it where entries were not found."""
    key = Keys.load(published.places.keys).log
    (published.log / "checkpoint").write_text(sign_checkpoint(key, Checkpoint(key.name, 1000, bytes(32))))
    before = state(published.places)
    result = CliRunner().invoke(cli, ["vault", command, *commands[command]])
    assert isinstance(result.exception, ForkRefused)
    assert state(published.places) == before


@pytest.mark.parametrize("marker", [UNFINISHED, LOST])
def test_keys_are_not_changed_either(published, marker):
    (published.places.var / marker).touch()
    before = state(published.places)
    assert CliRunner().invoke(cli, ["log", "rotate"]).exception.code in ("restore-unfinished", "successor-needed")
    assert (state(published.places), list(published.places.keys.glob("*.next"))) == (before, [])
