"""`dauys evidence`: opens the vault of this installation and checks what every act rests on."""

from __future__ import annotations

import json
import sys
from contextlib import closing

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dauys.intake.app import load_trust
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.opener import OperatorOpener
from dauys.ledger.places import Places
from dauys.ledger.vault_audit import VaultAudit


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable report.")
def evidence(as_json: bool) -> None:
    """Check the private evidence of every act of this installation: exit status 0 sound, 1 not, 2 unreadable.

    It opens each envelope, verifies its signature at the time it came, and compares statement, hour and pseudonym with the
    leaf. Nobody is named; revocation is the business of confirmations.
    """
    places = Places.default()
    with closing(sqlite.connect(places.database)) as connection:
        trust = load_trust(places, sqlite.read_tail(connection).mode)
        audit = VaultAudit(connection, OperatorOpener(connection, Keys.load(places.keys)), trust)
        run(audit, quiet=as_json)
    show(audit, as_json=as_json)
    sys.exit(1 if audit.findings else 0)


def run(audit: VaultAudit, *, quiet: bool) -> None:
    """The audit with a bar on the way."""
    columns = (TextColumn("[bold]Evidence"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("entries", total=None)
        audit.run(lambda done, size: bar.update(task, completed=done, total=size))


def show(audit: VaultAudit, *, as_json: bool) -> None:
    """The report for machines or people."""
    findings = [{"index": finding.index, "sentence": finding.sentence} for finding in audit.findings]
    if as_json:
        report = {"sound": not findings, "forms": dict(audit.forms), "erased": audit.erased, "findings": findings}
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    for form, count in sorted(audit.forms.items()):
        click.echo(f"  {count:>9} acts signed as {form}")
    click.echo(f"  {audit.erased:>9} acts whose evidence was erased")
    for finding in findings:
        click.echo(f"  BROKEN at entry {finding['index']}: {finding['sentence']}")
    click.echo("NOT SOUND." if findings else "SOUND: every act rests on its evidence.")
