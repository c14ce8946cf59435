import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import DauysError, ForkRefused, ModeRefused


def serve(*arguments):
    return CliRunner().invoke(cli, ["serve", *arguments])


@pytest.mark.usefixtures("published")
def test_the_demo_binds_loopback_only(monkeypatch):
    monkeypatch.setenv("DAUYS_MODE", "demo")
    result = serve("--host", "0.0.0.0")
    assert result.exit_code == 2
    assert "loopback" in result.output


@pytest.mark.usefixtures("published")
def test_a_demo_log_is_not_served_in_production(monkeypatch):
    monkeypatch.delenv("DAUYS_MODE", raising=False)
    assert isinstance(serve().exception, ModeRefused)


def test_a_fork_is_refused_before_anything_is_served(published, monkeypatch):
    monkeypatch.setenv("DAUYS_MODE", "demo")
    checkpoint = published.log / "checkpoint"
    checkpoint.write_text(checkpoint.read_text().replace("\n309\n", "\n310\n"))
    assert isinstance(serve().exception, ForkRefused)


def test_nothing_prepared_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "none"))
    result = serve()
    assert isinstance(result.exception, DauysError)


@pytest.mark.parametrize(
    "command", ["audit", "bench", "demo", "log", "migrate", "receipt", "replay", "serve", "trust", "verify"]
)
def test_every_command_explains_itself(command):
    result = CliRunner().invoke(cli, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output) > 80
