"""`dauys audit`: reads a whole public log, or what is new in it, and reports what is wrong, who is late, what to know."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dauys.audit.evidence import as_lines
from dauys.audit.known import open_known
from dauys.audit.page import as_html
from dauys.audit.report import as_text, build
from dauys.audit.run import Audit
from dauys.audit.state import StateFile
from dauys.cli.asked_witnesses import ask_witnesses
from dauys.cli.keyring import followed, key_option, trusted_keyring
from dauys.cli.main import language_of_terminal
from dauys.cli.sources import open_source
from dauys.cli.vault_check import VaultOptions, check_vault
from dauys.cli.vault_options import vault_options
from dauys.errors import LANGUAGES
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.keyring import Keyring
from dauys.translog.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMATS = ("text", "html", "json")


@click.command()
@click.argument("place", metavar="URL|DIR")
@key_option
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Keep in FILE what was read; read only what is new the next time.")  # fmt: skip
@click.option("--known", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A checkpoint or receipt kept by anyone: is it of this log? May be repeated.")  # fmt: skip
@click.option("--report", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write the report into DIR: text and page in each language, and JSON.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="What is printed.")  # fmt: skip
@click.option("--language", type=click.Choice(LANGUAGES), default=language_of_terminal, help="Of the report; the terminal's by default.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--policy", "believed", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Whom you believe (c2sp.org/tlog-policy): did its quorum of witnesses cosign? Its log keys are trusted where no --key is given.")  # fmt: skip
@click.option("--ask-witnesses", "ask", is_flag=True, help="Ask the policy's witnesses at their addresses, too: is what they hold of this log?")  # fmt: skip
@vault_options
@click.option("--one-process", is_flag=True, help="Hash in the same process, on one core.")
def audit(
    place: str, keys: tuple[str, ...], state: Path | None, known: tuple[Path, ...], folder: Path | None, form: str,
    language: str, as_json: bool, one_process: bool, vault: VaultOptions | None, believed: Path | None, ask: bool,
) -> None:  # fmt: skip
    """Audit the public log at URL or in DIR: exit status 0 no rule broken, 1 one was, 2 unreadable."""
    form = "json" if as_json else form
    if ask and believed is None:
        raise click.UsageError("Witnesses are named with --policy FILE.")
    policy = Policy.parse(believed.read_bytes()) if believed else None
    trusted = Keyring.plain(policy.log_keys) if policy and policy.log_keys and not keys else trusted_keyring(keys)
    with open_source(place) as source:
        ring = followed(source, trusted)
        kept = [open_known(file.name, file.read_bytes(), ring) for file in known]
        kept += ask_witnesses(policy, ring) if policy and ask else []
        audit = Audit(
            source,
            ring.verifiers,
            StateFile(state) if state else None,
            kept,
            beside=not one_process,
            policy=policy,
            ring=ring,
        )
        report = run_audit(audit, quiet=form != "text")
    if vault:
        report["vault"] = run_vault(vault, report, quiet=form != "text")
        report["sound"] = report["sound"] and report["vault"]["sound"]
    click.echo(written(report, form, language), nl=False)
    if folder:
        write(report, folder)
    sys.exit(0 if report["sound"] else 1)


def run_audit(audit: Audit, *, quiet: bool = True) -> dict[str, Any]:
    """The report of an audit as plain values; DauysError where the log cannot be read at all."""
    with _bar(quiet=quiet) as audit.progress:
        return build(audit.run())


def run_vault(vault: VaultOptions, report: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
    """What the vault of the audited log holds; ProofInvalid for another one's."""
    checkpoint = Checkpoint(report["origin"], report["size"], bytes.fromhex(report["root"]))
    with _bar(quiet=quiet, what="Evidence") as progress:
        return check_vault(vault, checkpoint, progress)


@contextmanager
def _bar(*, quiet: bool, what: str = "Audit") -> Iterator[Callable[[int, int], None]]:
    """A progress bar with rate and remaining time, where standard error is a terminal."""
    columns = (
        TextColumn(f"[bold]{what}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}/s"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=quiet or not sys.stderr.isatty()) as bar:
        task = bar.add_task("entries", total=None, rate="…")

        def advance(done: int, size: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=size, rate=f"{speed:,.0f}" if speed else "…")

        yield advance


def written(report: dict[str, Any], form: str, language: str) -> str:
    """The report in one of FORMATS."""
    if form == "json":
        return json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        return as_html(report, language)
    evidence = "".join(f"{line}\n" for line in as_lines(report["vault"], language)) if "vault" in report else ""
    return as_text(report, language) + evidence


def write(report: dict[str, Any], folder: Path) -> None:
    """Every form and language of a report as files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(written(report, "json", "en"))
    for language in LANGUAGES:
        (folder / f"report.{language}.txt").write_text(written(report, "text", language))
        (folder / f"report.{language}.html").write_text(as_html(report, language))
