"""`dauys replay`: a real surge again, by demo citizens, over real HTTP."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dauys.demo.curve import DEFAULT_SECONDS, curve_of, load_series
from dauys.demo.replay import ReplayOptions, Report
from dauys.demo.replay import replay as play
from dauys.demo.workers import SignerSettings
from dauys.ledger.places import Places

if TYPE_CHECKING:
    from dauys.demo.curve import Curve

# Below are the citizens of the seeded signatures, above those that visitors of the demo sign as.
CITIZENS = (1_000_000, 9_000_000)


@click.command()
@click.argument("series", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--petition", required=True, type=click.IntRange(1), help="Number of the petition.")
@click.option("--signatures", required=True, type=click.IntRange(1, 5_000_000))
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    help="Times faster than it really was; default: as fast as it goes.",
)
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="A demo portal on this machine.")
@click.option(
    "--algorithm",
    type=click.Choice(["gost", "rsa"]),
    help="Keys of all citizens; default: each their own (8 of 10 GOST).",
)
@click.option("--connections", default=32, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that sign for the citizens.",
)
@click.option("--first-citizen", type=click.IntRange(0), help="Number of the first citizen; default: anywhere.")
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep every acknowledged receipt in FILE (JSON lines).",
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable report.")
@click.pass_context
def replay(
    ctx: click.Context, series: Path | None, petition: int, signatures: int, speed: float | None, url: str, algorithm: str | None,
    connections: int, processes: int, first_citizen: int | None, record: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Send signatures along the arrival curve of SERIES (timestamp,count lines), or of a real petition of 3 million.

    Then re-read the public log. Exit status 0: everything was acknowledged or refused with a code, something was
    acknowledged, nothing of it is lost and nobody is counted twice; else 1.
    The default curve: UK Parliament petition 700143, Open Government Licence v3.0.
    """
    curve, length = _curve(series)
    first = random.randrange(*CITIZENS) if first_citizen is None else first_citizen  # noqa: S311 - any citizen will do
    options = ReplayOptions(
        url, f"petition/{petition}", SignerSettings(Places.default().demo_pki, algorithm=algorithm),  # type: ignore[arg-type]
        signatures, length / speed if speed else 0.0, curve, connections, processes, first, record=record,
    )  # fmt: skip
    report = _play(options, quiet=as_json)
    click.echo(json.dumps(report.as_dict()) if as_json else describe(report))
    ctx.exit(1 if report.findings.lost or report.findings.twice or report.unanswered or not report.acknowledged else 0)


def _curve(series: Path | None) -> tuple[Curve | None, float]:
    """The curve, and how many seconds it really took; None is the one that ships."""
    if series is None:
        return None, DEFAULT_SECONDS
    readings = load_series(series)
    return curve_of(readings), readings[-1][0]


def _play(options: ReplayOptions, *, quiet: bool) -> Report:
    columns = (TextColumn("[bold]Replay"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("signatures", total=options.signatures)
        return asyncio.run(play(options, lambda report: bar.update(task, completed=report.acknowledged)))


def describe(report: Report) -> str:
    """The report for people."""
    refused = ", ".join(f"{count} {code}" for code, count in report.refused.most_common()) or "none"
    found = report.findings
    return (
        f"sent {report.sent}, acknowledged {report.acknowledged}, refused {refused}, unanswered {report.unanswered}, "
        f"tried again {report.retried}\n"
        f"{report.rate:,.0f} a second for {report.seconds:,.1f} s; p50 {report.percentile(50) * 1000:.0f} ms, "
        f"p99 {report.percentile(99) * 1000:.0f} ms; latest behind the curve {report.late:.1f} s\n"
        f"checked {found.checked} acknowledged receipts against the public log: {found.lost} lost, {found.twice} counted twice"
    )
