"""What a court gets can be checked without us, and the log says that it was handed out."""

import hashlib
import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.demo.people import citizen
from dauys.errors import EvidenceAbsent, NoEvidence, PlaceTaken
from dauys.ledger import sqlite
from dauys.ledger.envelope import Form, commitment
from dauys.ledger.leaves import decode_leaf, from_text
from dauys.ledger.vault_leaves import EvidenceExported
from dauys.translog.proof import verify_receipt
from vault_country import FIRST, make_country


@pytest.fixture
def country(tmp_path, authorities, monkeypatch):
    made = make_country(tmp_path / "var", authorities)
    for number, form in enumerate((Form.CMS, Form.XML, Form.RAW)):
        made.sign(number, form)
    monkeypatch.setenv("DAUYS_VAR", str(made.places.var))
    return made


@pytest.fixture
def order(tmp_path):
    file = tmp_path / "order.pdf"
    file.write_bytes(b"the court decided")
    return file


def run(*arguments):
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def newest(country):
    with closing(sqlite.connect(country.places.database)) as connection:
        size = sqlite.read_tail(connection).size
        return size - 1, decode_leaf(sqlite.read_entries(connection, size - 1, size)[0])


def test_a_court_gets_what_it_can_check(country, order, tmp_path):
    output = tmp_path / "handed-out"
    result = run(
        "vault", "export", "--entry", FIRST, "--entry", FIRST + 1, "--entry", FIRST + 2, "--order", order, output
    )
    assert result.exit_code == 0
    index, leaf = newest(country)
    assert isinstance(leaf, EvidenceExported)
    assert (leaf.count, leaf.order) == (3, hashlib.sha256(b"the court decided").hexdigest())
    for language in ("kk", "ru", "en"):
        readme = (output / f"README.{language}.txt").read_text()
        assert leaf.order in readme
        assert str(index) in readme
    for place, (number, name) in enumerate(((0, "signature.p7s"), (1, "signature.xml"), (2, "signature.bin")), FIRST):
        folder = output / f"entry-{place}"
        assert folder.joinpath(name).stat().st_size
        verdict = json.loads((folder / "verdict.json").read_text())
        assert (verdict["valid"], verdict["signer"]["iin"]) == (True, citizen(number).iin)
        entry, facts = (
            decode_leaf((folder / "entry.json").read_bytes()),
            json.loads((folder / "facts.json").read_text()),
        )
        envelope = (folder / "envelope.bin").read_bytes()
        assert commitment(envelope, bytes.fromhex(facts["salt"])) == from_text(entry.commitment)
        receipt = verify_receipt((folder / "receipt.tlog-proof").read_text(), [country.keys.log.verifier])[0]
        assert (receipt.index, facts["index"]) == (place, place)
        assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    cms = output / f"entry-{FIRST}"
    checked = run(
        "verify",
        cms / "signature.p7s",
        "--content",
        cms / "statement.txt",
        "--trust",
        country.pki.trust_directory,
        "--test-profile",
    )
    assert checked.exit_code == 0


def test_all_acts_of_a_person_are_found_by_their_number(country, order, tmp_path):
    output = tmp_path / "out"
    arguments = ["vault", "export", "--person", "--order", str(order), str(output)]
    result = CliRunner().invoke(cli, arguments, input=f"{citizen(1).iin}\n")
    assert result.exit_code == 0
    assert citizen(1).iin not in result.output
    assert newest(country)[1].count == 1
    assert [folder.name for folder in output.iterdir() if folder.is_dir()] == [f"entry-{FIRST + 1}"]
    result = CliRunner().invoke(cli, [*arguments[:-1], str(tmp_path / "none")], input=f"{citizen(40).iin}\n")
    assert isinstance(result.exception, NoEvidence)
    assert run("vault", "export", "--person", "--entry", 5, "--order", order, tmp_path / "both").exit_code == 2


def test_what_is_not_there_is_not_logged(country, order, tmp_path):
    before = newest(country)
    for wrong in (0, 10_000):
        with pytest.raises(EvidenceAbsent):
            run("vault", "export", "--entry", FIRST, "--entry", wrong, "--order", order, tmp_path / f"out-{wrong}")
    assert newest(country) == before
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("x")
    with pytest.raises(PlaceTaken):
        run("vault", "export", "--entry", FIRST, "--order", order, tmp_path / "taken")
    assert newest(country) == before
    assert run("vault", "export", "--entry", FIRST, tmp_path / "no-order").exit_code == 2
