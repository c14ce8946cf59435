"""The operator's commands over private evidence: what they change, what they say, what they leave in the log."""

import hashlib
import json
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.demo.people import citizen
from dauys.errors import NoEvidence
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.ledger.vault import read_envelope
from small_country import admission

FIRST = 9  # entries that open the log and hand in and open its four petitions


def run(*arguments, asked=""):
    return CliRunner().invoke(cli, arguments, input=asked, catch_exceptions=False)


def newest(places):
    with closing(sqlite.connect(places.database)) as connection:
        size = sqlite.read_tail(connection).size
        return decode_leaf(sqlite.read_entries(connection, size - 1, size)[0])


def is_there(places, index):
    with closing(sqlite.connect(places.database)) as connection:
        return read_envelope(connection, index) is not None


def test_an_entry_is_erased_by_a_courts_order(published, tmp_path):
    order = tmp_path / "order.pdf"
    order.write_bytes(b"the court decided")
    result = run("vault", "erase", "--entry", str(FIRST), "--reason", "court-order", "--order", str(order), asked="y\n")
    assert result.exit_code == 0
    assert "1 petition.signature" in result.output
    leaf = newest(published.places)
    assert (leaf.reason, leaf.order, leaf.count) == ("court-order", hashlib.sha256(order.read_bytes()).hexdigest(), 1)
    assert not is_there(published.places, FIRST)
    assert is_there(published.places, FIRST + 1)


def test_whoever_says_no_erases_nothing(published):
    assert run("vault", "erase", "--entry", str(FIRST), asked="n\n").exit_code == 1
    assert is_there(published.places, FIRST)


@pytest.mark.parametrize(("way", "asked"), [("--person", citizen(1).iin), ("--mailbox", "Somebody@example.org")])
def test_who_signed_nothing_is_told_and_what_was_typed_is_not_shown(published, way, asked):
    size = newest(published.places)
    result = CliRunner().invoke(cli, ["vault", "erase", way, "--yes"], input=f"{asked}\n")
    assert isinstance(result.exception, NoEvidence)
    assert asked not in result.output
    assert newest(published.places) == size


def test_a_persons_acts_are_found_by_their_number(published):
    keys = Keys.load(published.places.keys)
    with closing(sqlite.connect(published.places.database)) as connection:
        subject = read_subject(connection, "petition/4")
        secrets = read_secrets(connection, keys, subject)
    act = replace(admission(subject, secrets, 1000), pseudonym=secrets.pseudonym("petition/4", f"iin|{citizen(1).iin}"))
    with closing(Sequencer(published.places.database, keys.log)) as sequencer:
        (placed,) = sequencer.commit([act])
    result = run("vault", "erase", "--person", "--yes", asked=f"{citizen(1).iin}\n")
    assert result.exit_code == 0
    assert newest(published.places).count == 1
    assert not is_there(published.places, placed.index)


@pytest.mark.parametrize("wrong", [[], ["--person", "--entry", "9"], ["--person", "--mailbox"]])
def test_one_way_to_name_them(wrong):
    assert CliRunner().invoke(cli, ["vault", "erase", *wrong]).exit_code == 2


def test_the_audit_tells_how_much_was_erased(published):
    run("vault", "erase", "--entry", str(FIRST), "--entry", str(FIRST + 1), "--yes")
    with closing(Publisher(published.places, Keys.load(published.places.keys).log)) as publisher:
        publisher.publish()
    report = json.loads(run("audit", str(published.log), "--format", "json").output)
    assert (report["sound"], report["evidence_erased"], report["counts"]) == (True, 2, {"petition/1": 300})
    assert "The evidence of 2 acts was erased" in run("audit", str(published.log)).output
