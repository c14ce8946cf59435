import json
import random

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import DauysError


def run(*arguments):
    return CliRunner().invoke(cli, ["receipt", "verify", *map(str, arguments)])


@pytest.fixture
def file(published, tmp_path):
    path = tmp_path / "mine.tlog-proof"
    path.write_text(published.receipt)
    return path


def test_a_receipt_is_accepted_offline_with_the_installations_key(file):
    result = run(file)
    assert result.exit_code == 0, result.output
    assert "VALID" in result.output
    assert "petition/1" in result.output


def test_a_receipt_is_accepted_with_the_key_from_the_foot_of_a_page(file, published, monkeypatch, tmp_path):
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "nowhere"))
    assert run(file, "--key", published.vkey).exit_code == 0
    key = tmp_path / "log.vkey"
    key.write_text(published.vkey + "\n")
    result = run(file, "--key", key, "--json")
    assert json.loads(result.output)["valid"] is True


def test_without_a_key_it_says_where_to_find_one(file, monkeypatch, tmp_path):
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "nowhere"))
    result = run(file)
    assert isinstance(result.exception, DauysError)
    assert "--key" in str(result.exception)


def test_one_changed_byte_is_refused(file, long, capsys):
    original = file.read_bytes()
    seed = random.randrange(10**6)
    places = range(len(original)) if long else random.Random(seed).sample(range(len(original)), 60)
    with capsys.disabled():
        print(f"\nreceipt bytes: {len(places)} of {len(original)}, seed {seed}")
    for place in places:
        changed = bytearray(original)
        changed[place] ^= 1
        file.write_bytes(changed)
        result = run(file)
        assert result.exit_code != 0, f"byte {place} of {bytes(original[place - 20 : place + 20])!r}"
        assert result.exception is None or isinstance(result.exception, (SystemExit, DauysError))


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff" * 2000, b"c2sp.org/tlog-proof@v1\n"])
def test_what_is_no_receipt_is_unusable(file, content):
    file.write_bytes(content)
    assert isinstance(run(file).exception, DauysError)


def test_another_logs_key_does_not_accept_it(file):
    from dauys.translog.note import Signer

    other = Signer.generate("demo.example/2026").verifier.vkey
    assert run(file, "--key", other).exit_code == 1
