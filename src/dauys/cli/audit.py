"""`dauys audit`: re-reads a whole public log, recomputes its tree and its counts, replays the lives of its petitions."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dauys.cli.keyring import key_option, trusted_verifiers
from dauys.cli.sources import Source, open_source
from dauys.errors import BadInput, NoteInvalid, ProofInvalid
from dauys.ledger.publication import COUNTS
from dauys.ledger.recount import Finding, Recount
from dauys.ledger.standing import Totals
from dauys.petitions.audit import Lives, states
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.note import Verifier


@click.command()
@click.argument("place", metavar="URL|DIR")
@key_option
@click.option("--json", "as_json", is_flag=True, help="Machine-readable report.")
def audit(place: str, keys: tuple[str, ...], as_json: bool) -> None:
    """Audit the public log at URL or in DIR: exit status 0 sound, 1 not, 2 unreadable."""
    with open_source(place) as source:
        report = run_audit(source, trusted_verifiers(keys), quiet=as_json)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        print_report(report)
    sys.exit(0 if report["sound"] else 1)


def run_audit(source: Source, verifiers: list[Verifier], *, quiet: bool) -> dict[str, Any]:
    """The report of one audit as plain values; DauysError where the log cannot be read at all."""
    counts = _published_counts(source)
    shown = {name: source.shown_count(name) for name in counts["subjects"]}
    checkpoint = open_checkpoint(source.read("checkpoint").decode(errors="replace"), verifiers)
    sizes = {counts["size"], *(count["size"] for count in shown.values() if count)}
    lives = Lives()
    recount = Recount(frozenset(sizes), checkpoint.origin, lives.take)
    _walk(source, checkpoint, recount, quiet=quiet)
    recount.compare(COUNTS, counts["size"], counts["subjects"])
    recount.compare(COUNTS, counts["size"], counts["final"], final=True)
    for name, count in shown.items():
        if count:
            recount.compare_total("the portal", name, count["size"], count["signatures"])
            recount.compare_total("the portal", name, count["size"], count["final"], final=True)
    withheld = lives.check_texts(source.text)
    recount.findings += lives.findings
    compared = sum(count is not None for count in shown.values())
    return _report(source, checkpoint, recount, compared) | _told(lives, withheld)


def _walk(source: Source, checkpoint: Checkpoint, recount: Recount, *, quiet: bool) -> None:
    """Feeds every entry to the recount while the tree is recomputed; a tree that fails becomes a finding."""
    columns = (TextColumn("[bold]Audit"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("entries", total=checkpoint.size)
        try:
            audit_tree(checkpoint, source.read, recount.entry, progress=lambda done: bar.update(task, completed=done))
        except (ProofInvalid, BadInput, NoteInvalid) as error:
            recount.findings.insert(0, Finding(None, str(error)))


def _published_counts(source: Source) -> dict[str, Any]:
    try:
        counts = json.loads(source.read(COUNTS))
        if not isinstance(counts["size"], int) or not all(
            isinstance(counts[key], dict) for key in ("subjects", "final")
        ):
            raise TypeError
    except (ValueError, TypeError, KeyError):
        raise BadInput(what=f"{COUNTS} is not what a log publishes") from None
    return dict(counts)


def _report(source: Source, checkpoint: Checkpoint, recount: Recount, compared: int) -> dict[str, Any]:
    return {
        "sound": not recount.findings, "source": source.name, "origin": checkpoint.origin, "mode": recount.mode,
        "size": checkpoint.size, "root": checkpoint.root.hex(), "entries_by_kind": dict(recount.kinds), "counts": _totals(recount.counts.standing),
        "final": _totals(recount.counts.final),
        "portal_counts_compared": compared,
        "findings": [{"index": finding.index, "sentence": finding.sentence} for finding in recount.findings],
    }  # fmt: skip


def _told(lives: Lives, withheld: dict[str, str]) -> dict[str, Any]:
    """Where petitions stand, who is late as of now, which texts were hashed again and which are withheld."""
    return {
        "petitions": states(lives), "overdue": lives.overdue(datetime.now(UTC)), "texts": len(lives.texts),
        "texts_withheld": withheld,
    }  # fmt: skip


def _totals(counts: Totals) -> dict[str, int]:
    totals = Counter[str]()
    for (subject, _), count in counts.items():
        totals[subject] += count
    return dict(totals)


def print_report(report: dict[str, Any]) -> None:
    """The report for people."""
    click.echo(f"Log {report['origin']} ({report['mode']}), {report['size']} entries, root {report['root']}")
    for kind, count in sorted(report["entries_by_kind"].items()):
        click.echo(f"  {count:>9} {kind}")
    click.echo("Recounted signatures:")
    for subject, count in sorted(report["counts"].items(), key=lambda item: int(item[0].rpartition("/")[2])):
        click.echo(f"  {count:>9} {subject}, {report['final'].get(subject, 0)} of them final")
    compared = report["portal_counts_compared"]
    click.echo(f"Compared with counts.json{f' and {compared} counts that the portal shows' if compared else ''}.")
    states = Counter(report["petitions"].values())
    click.echo(f"Petitions: {', '.join(f'{count} {state}' for state, count in sorted(states.items())) or 'none'}.")
    withheld = f", {len(report['texts_withheld'])} of them withheld" if report["texts_withheld"] else ""
    click.echo(f"Public texts hashed again: {report['texts']}{withheld}.")
    for late in report["overdue"]:
        click.echo(
            f"  OVERDUE {late['petition']}: {late['whose']}, due {late['due']}, {late['working_days_over']} working days over"
        )
    for finding in report["findings"]:
        click.echo(
            f"  BROKEN at {'the published numbers' if finding['index'] is None else 'entry ' + str(finding['index'])}: {finding['sentence']}"
        )
    click.echo("SOUND: every entry, hash and count agrees." if report["sound"] else "NOT SOUND.")
