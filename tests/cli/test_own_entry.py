"""One's own entry, or that there is none: proven to the person, read whole from the log, and to nobody else."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import DauysError
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.own_entry import prove_own_entry

SIGNED, STRANGER = "000000000007", "850101300019"
VALID, WRONG = 0, 1


def proof(pristine, number, subject="petition/1"):
    keys = Keys.load(pristine.places.keys)
    with closing(sqlite.connect(pristine.places.database)) as connection:
        return prove_own_entry(connection, keys, subject, f"iin|{number}")


@pytest.fixture
def own(published, tmp_path):
    def run(content, number, *options):
        file = tmp_path / "own.json"
        file.write_bytes(content)
        return CliRunner().invoke(
            cli, ["receipt", "own", str(file), "--key", published.vkey, *options], input=f"{number}\n"
        )

    return run


def test_a_signer_finds_the_entry_and_no_other(own, pristine, published):
    content = proof(pristine, SIGNED)
    assert SIGNED.encode() not in content
    alone = own(content, SIGNED)
    assert alone.exit_code == VALID, alone.output
    assert "your signature is entry No." in alone.output
    assert SIGNED not in alone.output
    whole = own(content, SIGNED, "--log", str(published.log))
    assert whole.exit_code == VALID, whole.output
    assert "there is no other of yours" in whole.output


def test_who_never_signed_sees_that_nobody_did_for_them(own, pristine, published):
    whole = own(proof(pristine, STRANGER), STRANGER, "--log", str(published.log))
    assert whole.exit_code == VALID, whole.output
    assert "there is none of yours" in whole.output


def test_a_claim_of_absence_is_broken_by_the_log(own, pristine, published):
    hidden = json.loads(proof(pristine, SIGNED)) | {"signature": None}
    told = own(json.dumps(hidden).encode(), SIGNED, "--log", str(published.log))
    assert told.exit_code == WRONG
    assert "NOT TRUE: the log holds entry No." in told.output


@pytest.mark.parametrize("field", ["proof", "signature", "opening"])
def test_another_persons_part_does_not_pass(own, pristine, field):
    mixed = json.loads(proof(pristine, SIGNED))
    other = json.loads(proof(pristine, "000000000008"))
    mixed[field] = {"opening": other["signature"]}.get(field, other[field])
    told = own(json.dumps(mixed).encode(), SIGNED)
    assert told.exit_code == WRONG, told.output
    assert "NOT VALID" in told.output


def test_another_number_does_not_pass(own, pristine):
    told = own(proof(pristine, SIGNED), STRANGER)
    assert told.exit_code == WRONG
    assert "not of this personal number" in told.output


def test_a_log_with_a_changed_entry_is_no_witness_of_absence(own, pristine, published):
    bundle = next((published.log / "tile/entries").glob("*.p/*"), published.log / "tile/entries/000")
    content = bytearray(bundle.read_bytes())
    content[-5] ^= 1
    bundle.chmod(0o644)
    bundle.write_bytes(content)
    told = own(proof(pristine, STRANGER), STRANGER, "--log", str(published.log))
    assert told.exit_code == WRONG, told.output


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[" * 5000, b"\xff", b'{"format":"dauys/own-entry/v2"}', b" " * 70_000]
)
def test_anything_else_is_no_such_file(own, content):
    assert isinstance(own(content, SIGNED).exception, DauysError)


@pytest.mark.parametrize("number", ["", "12", "abcdefghijkl", "000000000000"])
def test_a_number_that_is_none_is_asked_for_again(own, pristine, number):
    result = own(proof(pristine, SIGNED), number)
    assert result.exit_code != VALID
    assert "pseudonym" not in result.output
