"""The benchmark of the audit: a made log is sound, its figures have their bound, and a killed audit goes on."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.demo.bench_audit import run
from dauys.demo.made_log import MadeLog

MOST_MEMORY = 500_000_000  # bytes, for a million entries


@pytest.mark.long
def test_an_audit_that_is_killed_goes_on_and_says_the_same(tmp_path, long, capsys):
    size = 1_000_000 if long else 40_000
    log, state = tmp_path / "log", tmp_path / "state"
    vkey = MadeLog(log, size, datetime.now(UTC)).write()
    whole = run(log, vkey)
    assert run(log, vkey, state, kill_after=size // 2) is None
    rest = run(log, vkey, state)
    assert rest["report"] == whole["report"]
    assert whole["report"]["sound"]
    assert 0 < rest["read_before"] < whole["report"]["size"]
    assert whole["entries_per_second"] > 0
    assert whole["bound_per_second"] > 0
    assert whole["memory"] < MOST_MEMORY
    with capsys.disabled():
        print(f"\naudit of {size}: rate to bound {whole['rate_to_bound']:.2f}, {whole['memory'] / 1e6:.0f} MB")
    again = run(log, vkey, state)
    assert again["read_before"] == whole["report"]["size"]
    assert again["report"] == whole["report"]


def test_the_command_prints_rate_bound_and_memory(tmp_path):
    file = tmp_path / "figures.json"
    result = CliRunner().invoke(cli, ["bench", "audit", "--entries", "2000", "--json", str(file)])
    assert result.exit_code == 0, result.output
    assert "sound" in result.stdout
    assert "peak memory" in result.stdout
    assert "the same result" in result.stdout
    assert '"rate_to_bound"' in file.read_text()
