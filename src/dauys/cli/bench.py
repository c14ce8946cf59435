"""`dauys bench`: measures what this machine can do; every figure beside its bound from the same run."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from dauys.ledger.places import Places


@click.group()
def bench() -> None:
    """Benchmarks; each prints ratios within one run, as machines differ and are shared."""


@bench.command()
@click.option("--algorithm", type=click.Choice(["gost", "rsa"]), default="gost", show_default=True)
@click.option("--signatures", default=3000, show_default=True, type=click.IntRange(100, 200_000), help="Acts to send.")
@click.option("--clients", default=128, show_default=True, type=click.IntRange(1, 1000), help="Connections at once.")
@click.option(
    "--json", "output", type=click.Path(dir_okay=False, path_type=Path), help="Also write the figures to FILE."
)
def sign(algorithm: str, signatures: int, clients: int, output: Path | None) -> None:
    """Signing acts per second over HTTP: signature checked, admitted once, durable, with a receipt."""
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as scratch:
        report = {"algorithm": algorithm} | _sign_in(Places(Path(scratch)), algorithm, signatures, clients)
    _print_sign(report)
    if output:
        output.write_text(json.dumps(report, indent=2) + "\n")


def _sign_in(places: Places, algorithm: str, signatures: int, clients: int) -> dict[str, Any]:
    os.environ["DAUYS_MODE"] = "demo"
    from dauys.cli.demo import make_installation

    console = Console(stderr=True)
    console.print("Making a scratch installation …")
    keys = make_installation(places)
    from dauys.demo.bench_sign import WARM_UP, measure, prepare_acts
    from dauys.demo.officials import seed_officials
    from dauys.demo.seed import confirm, open_one

    seed_officials(keys, datetime.now(UTC))
    subject = open_one(places, keys, datetime.now(UTC))
    confirm(places, datetime.now(UTC))  # the door has lists to ask
    with Progress(TextColumn("[bold]Signing ahead"), BarColumn(), MofNCompleteColumn(), console=console) as bar:
        task = bar.add_task("acts", total=signatures + WARM_UP)
        acts = prepare_acts(
            places, subject, algorithm, signatures + WARM_UP, lambda done: bar.update(task, completed=done)
        )  # type: ignore[arg-type]
    console.print("Sending …")
    return measure(places, acts, clients)


def _print_sign(report: dict[str, Any]) -> None:
    table = Table(
        "",
        "per act",
        "share of CPU",
        title=f"{report['acts']} acts, {report['algorithm'].upper()}, {report['clients']} connections",
    )
    cpu = report["cpu_us_per_act"]
    for name, value in report["stage_us"].items():
        table.add_row(name, f"{value:,.0f} µs", f"{value / cpu:.0%}")
    rest = cpu - sum(report["stage_us"].values())
    table.add_row("HTTP, event loop, rest", f"{rest:,.0f} µs", f"{rest / cpu:.0%}")
    table.add_row("CPU of all server processes", f"{cpu:,.0f} µs", "100%", style="bold")
    for name, value in report["bare_us"].items():
        table.add_row(f"bare: {name}", f"{value:,.0f} µs", f"{value / cpu:.0%}", style="dim")
    Console().print(table)
    click.echo(
        f"{report['acts_per_second']:,.0f} acts/s (p50 {report['p50_ms']:.0f} ms, p99 {report['p99_ms']:.0f} ms); "
        f"bare bound on one core {report['bare_bound_per_second']:,.0f}/s\n"
        f"rate to bound {report['rate_to_bound']:.2f}; bare cost to CPU spent {report['bare_to_cpu']:.2f}\n"
        "Bare rows are the same cryptography alone, in a loop: the bound is their sum. Statements were signed before the "
        "clock started; `dauys replay` signs as it goes, and is slower by that."
    )


@bench.command()
@click.option(
    "--json", "output", type=click.Path(dir_okay=False, path_type=Path), help="Also write the figures to FILE."
)
def verify(output: Path | None) -> None:
    """Verifications a second on one core: GOST by each implementation, and whole CMS beside their two checks."""
    from dauys.demo.bench_verify import ROUNDS, measure

    console = Console(stderr=True)
    with Progress(TextColumn("[bold]Measuring"), BarColumn(), MofNCompleteColumn(), console=console) as bar:
        task = bar.add_task("rounds", total=ROUNDS)
        report = measure(lambda: bar.advance(task))
    _print_verify(report)
    if output:
        output.write_text(json.dumps(report, indent=2) + "\n")


def _print_verify(report: dict[str, Any]) -> None:
    columns = ("any_key", "ca_key", "streebog_160", "streebog_1m")
    primitives = Table(
        "", "any key", "CA key", "Streebog, 160 B", "Streebog, 1 MB", title="GOST, per second of one core"
    )
    for name in ("kernel", "gmpy2", "python"):
        if name in report:
            primitives.add_row(
                name, *(f"{report[name][column]:,.{0 if report[name][column] >= 10 else 1}f}" for column in columns)
            )
    whole = Table(
        "", "whole", "its two checks alone", "ratio", title=f"CMS, per second of one core ({report['chosen']})"
    )
    for algorithm in ("gost", "rsa"):
        rates, ratio = report[f"cms_{algorithm}"], report["ratios"][f"cms_{algorithm}_to_its_checks"]
        whole.add_row(algorithm.upper(), f"{rates['whole']:,.0f}", f"{rates['checks']:,.0f}", f"{ratio:.0%}")
    console = Console()
    console.print(primitives, whole)
    for name, reason in report["absent"].items():
        click.echo(f"{name} not measured: {reason}")
    ratios = report["ratios"]
    if "kernel_to_gmpy2_any_key" in ratios:
        click.echo(
            f"kernel to gmpy2: {ratios['kernel_to_gmpy2_any_key']:.1f} for any key, "
            f"{ratios['kernel_to_gmpy2_ca_key']:.1f} for a CA key"
        )
    click.echo(
        f"whole GOST CMS to the arithmetic of its two checks, digests not counted: {ratios['cms_gost_to_arithmetic']:.0%}"
    )


@bench.command()
@click.option("--entries", default=1_000_000, show_default=True, type=click.IntRange(1000, 10_000_000), help="Of the made log: about 300 bytes of disk each.")  # fmt: skip
@click.option("--one-process", is_flag=True, help="Hash in the same process, on one core.")
@click.option(
    "--json", "output", type=click.Path(dir_okay=False, path_type=Path), help="Also write the figures to FILE."
)
def audit(entries: int, output: Path | None, *, one_process: bool) -> None:
    """Entries a second of `dauys audit` beside the bare cost of their hashes; killed half-way, it goes on from there."""
    from dauys.demo.bench_audit import run
    from dauys.demo.made_log import MadeLog

    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as scratch:
        folder, state = Path(scratch) / "log", Path(scratch) / "state"
        console.print(f"Making a log of {entries:,} entries …")
        vkey = MadeLog(folder, entries, datetime.now(UTC)).write()
        console.print("Auditing …")
        report = run(folder, vkey, beside=not one_process)
        console.print("Auditing again, killed half-way …")
        run(folder, vkey, state, kill_after=entries // 2, beside=not one_process)
        went_on = run(folder, vkey, state, beside=not one_process)
    assert report is not None
    assert went_on is not None
    report["went_on_from"], report["same_after_kill"] = went_on["read_before"], went_on["report"] == report["report"]
    _print_audit(report)
    if output:
        output.write_text(json.dumps(report, indent=2) + "\n")


def _print_audit(report: dict[str, Any]) -> None:
    told = report["report"]
    click.echo(
        f"{told['size']:,} entries, {'sound' if told['sound'] else 'NOT SOUND'}: {report['entries_per_second']:,.0f}/s in "
        f"{report['seconds']:.1f} s; bare bound on one core {report['bound_per_second']:,.0f}/s\n"
        f"rate to bound {report['rate_to_bound']:.2f}; CPU {report['cpu_us_per_entry']:.2f} µs an entry, bare "
        f"{report['bound_cpu_us_per_entry']:.2f} µs ({report['bound_to_cpu']:.2f}); peak memory {report['memory'] / 1e6:,.0f} MB\n"
        f"killed half-way it went on from entry {report['went_on_from']:,}: "
        f"{'the same result' if report['same_after_kill'] else 'ANOTHER RESULT'}\n"
        "The bound is the leaf hashes of the same entries and the tree over them, in a loop, between the parts of the run."
    )
