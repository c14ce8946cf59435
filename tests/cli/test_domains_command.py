"""An operator signs where the portal truly is; anyone verifies the list with the log's key."""

import pytest
from click.testing import CliRunner

from asgi_client import running
from dauys.cli.main import cli
from dauys.errors import AddressesInvalid, FileRejected
from dauys.intake.app import create_app
from dauys.translog.note import Signer


def domains(*arguments):
    return CliRunner().invoke(cli, ["domains", *arguments])


def test_signed_listed_and_changed(published):
    assert isinstance(domains("list").exception, FileRejected)
    made = domains("sign", "--site", "https://dauys.example/", "--mirror", "https://mirror.example")
    assert made.exit_code == 0, made.output
    assert "list No. 1" in made.output
    moved = domains("sign", "--keep", "--site", "https://new.example", "--gone", "https://dauys.example")
    assert moved.exit_code == 0
    shown = domains("list", "--key", published.vkey)
    assert shown.output == moved.output
    assert "list No. 2" in shown.output
    assert [line.split()[0] for line in shown.output.splitlines()[1:]] == [
        "https://new.example", "https://mirror.example", "https://dauys.example",
    ]  # fmt: skip
    assert "NO LONGER OURS" in shown.output
    assert domains("list", str(published.places.public)).exit_code == 0
    stranger = Signer(published.vkey.partition("+")[0], b"\x01" * 32).verifier.vkey
    assert isinstance(domains("list", "--key", stranger).exception, AddressesInvalid)


@pytest.mark.parametrize(
    "arguments", [[], ["--site", "dauys.example"], ["--site", "https://a.example", "--gone", "https://a.example"]]
)
def test_what_is_no_list_is_not_signed(published, arguments):
    assert domains("sign", *arguments).exit_code != 0
    assert not (published.log / "addresses").exists()


def test_the_list_stands_at_its_well_known_path(published):
    domains("sign", "--site", "https://dauys.example")
    with running(create_app(published.places, "demo", revocation=False)) as client:
        for path in ("/.well-known/dauys-addresses", "/log/addresses"):
            answer = client.get(path)
            assert (answer.status_code, answer.content) == (200, (published.log / "addresses").read_bytes())
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert client.get("/log/vkey").text.split()[0] == published.vkey


def test_a_change_of_keys_signs_the_list_again(published):
    domains("sign", "--site", "https://dauys.example")
    assert CliRunner().invoke(cli, ["log", "rotate"]).exit_code == 0
    shown = domains("list")
    assert shown.exit_code == 0, shown.exception
    assert "list No. 2" in shown.output
    assert isinstance(domains("list", "--key", published.vkey).exception, AddressesInvalid)
    assert "list No. 3" in domains("sign", "--keep", "--mirror", "https://mirror.example").output
