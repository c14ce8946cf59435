"""The benchmark of verifications, in short rounds: every figure is measured and printed beside its bound."""

import json

import pytest
from click.testing import CliRunner

from dauys.cli.bench import bench
from dauys.demo import bench_verify
from dauys.demo.pki import DemoPki
from dauys.identity import kernel


@pytest.fixture
def short(monkeypatch, authorities):
    monkeypatch.setattr(bench_verify, "CPU_SECONDS", 0.002)
    monkeypatch.setattr(bench_verify, "ROUNDS", 1)
    monkeypatch.setattr(bench_verify, "SIZES", {"streebog_160": 160, "streebog_1m": 4096})
    monkeypatch.setattr(bench_verify.DemoPki, "create", lambda _: DemoPki.load(authorities))


@pytest.mark.usefixtures("short")
def test_every_figure_is_measured(tmp_path):
    done = CliRunner().invoke(bench, ["verify", "--json", str(tmp_path / "report")], catch_exceptions=False)
    assert done.exit_code == 0
    report = json.loads((tmp_path / "report").read_text())
    for name in kernel.NAMES:
        assert name in report["absent"] or min(report[name].values()) > 0
    for algorithm in ("gost", "rsa"):
        rates = report[f"cms_{algorithm}"]
        assert report["ratios"][f"cms_{algorithm}_to_its_checks"] == pytest.approx(rates["whole"] / rates["checks"])
    assert report["chosen"] == kernel.chosen.name
    assert "any key" in done.output
    assert "two checks" in done.output


def test_a_figure_keeps_its_best_round(monkeypatch):
    monkeypatch.setattr(bench_verify, "CPU_SECONDS", 0.002)
    figure = bench_verify.Figure(sorted, [range(100)], rate=1e12)
    figure.run()
    assert figure.rate == 1e12
    figure.rate = 0.0
    figure.run()
    assert figure.rate > 1000
