"""`dauys verify`: judges signatures and certificates, offline, and says why."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dauys.cli.main import language_of_terminal
from dauys.cli.trust import trust_option
from dauys.cli.verdicts import ShowJson, ShowLines, ShowWhole
from dauys.errors import LANGUAGES, ContentMissing, FileRejected
from dauys.identity.checks import Purpose
from dauys.identity.files import FILE_LIMIT, Question, verify_file
from dauys.identity.policy import Revocation
from dauys.identity.trust import Profile, TrustStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from dauys.identity.verdict import Verdict

# What is looked for in a folder; a file that is named is judged whatever it is called.
SUFFIXES = {".cms", ".p7s", ".p7m", ".p7b", ".sig", ".xml", ".cer", ".crt", ".der", ".pem"}
PURPOSES = {
    "any-signing": Purpose.ANY_SIGNING,
    "person-signing": Purpose.PERSON_SIGNING,
    "person-login": Purpose.PERSON_LOGIN,
}


class Moment(click.ParamType[dt.datetime]):
    """A time in ISO 8601; without a zone it is UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """The time with its zone."""
        if isinstance(value, dt.datetime):
            return value
        try:
            moment = dt.datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a time such as 2026-11-21T12:00:00+05:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


@click.command()
@click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
@click.option("--content", type=click.File("rb"), help="The signed text, where a signature does not carry it.")
@click.option("--certificate", type=click.File("rb"), help="The signer's: each FILE is then raw signature bytes.")
@click.option("--crl", type=click.File("rb"), multiple=True, help="A revocation list in DER, or a delta over it.")
@click.option("--ocsp", type=click.File("rb"), multiple=True, help="An OCSP response in DER, as it was received.")
@trust_option
@click.option(
    "--test-profile", is_flag=True, help="Trust a test hierarchy or demo country in the folder, and no other."
)
@click.option("--purpose", type=click.Choice(list(PURPOSES)), default="any-signing", show_default=True)
@click.option(
    "--person", "purpose", flag_value="person-signing", help="A person's own signing key, as a petition demands."
)
@click.option("--all-signers", is_flag=True, help="Judge each of several signers of a CMS.")
@click.option("--at", type=Moment(), help="Judge at this time (ISO 8601, UTC without a zone); now by default.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable: one verdict a line.")
@click.option("--language", type=click.Choice(LANGUAGES), default=language_of_terminal, show_default="$LANG")
def verify(
    *,
    paths: tuple[Path, ...],
    content: BinaryIO | None,
    certificate: BinaryIO | None,
    crl: tuple[BinaryIO, ...],
    ocsp: tuple[BinaryIO, ...],
    directory: Path,
    test_profile: bool,
    purpose: str,
    all_signers: bool,
    at: dt.datetime | None,
    as_json: bool,
    language: str,
) -> None:
    """Judge each FILE, a CMS signature, a signed XML document or a certificate; of folders, all such files within.

    The text of a signature that does not carry it is --content, or else the file beside it without the last suffix
    (letter.pdf of letter.pdf.p7s). Exit status 0 all valid, 1 one is not valid, 2 one cannot be used or there is none. Nothing leaves this
    machine: revocation is judged by the lists and responses that are given, and not without them.
    """
    trust = TrustStore.load(directory, Profile.TEST if test_profile else Profile.PRODUCTION)
    question = Question(
        trust,
        at or dt.datetime.now(dt.UTC),
        PURPOSES[purpose],
        _revocation(trust, crl, ocsp),
        all_signers,
        certificate.read() if certificate else None,
    )
    text = content.read() if content else None
    files = list(_files(paths))
    show = ShowJson(language) if as_json else ShowWhole(language) if tuple(files) == paths[:1] else ShowLines(language)
    for path in _progress(files, show.console):
        for answer in _judge(path, text, question):
            show.add(str(path), answer)
    show.end()
    if not trust.authorities:
        click.echo(f"No authority stands in {directory}. Add them: dauys trust add FILE", err=True)
    sys.exit(show.status)


def _revocation(trust: TrustStore, lists: tuple[BinaryIO, ...], answers: tuple[BinaryIO, ...]) -> Revocation | None:
    if not lists and not answers:
        return None
    return Revocation.of_files(trust, [one.read() for one in lists], [one.read() for one in answers])


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Named files, and those of folders that look like signatures or certificates, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
        else:
            yield path


def _progress(files: list[Path], console: Console) -> Iterator[Path]:
    """The files, with a bar where there are many: below the lines on their terminal, or beside them on another one."""
    if not console.is_terminal:
        console = Console(stderr=True)
    columns = (TextColumn("{task.fields[name]}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=len(files) < 2 or not console.is_terminal) as bar:
        task = bar.add_task("", total=len(files), name="")
        for path in files:
            bar.update(task, name=path.name)
            yield path
            bar.advance(task)


def _judge(path: Path, content: bytes | None, question: Question) -> tuple[Verdict | FileRejected, ...]:
    """The verdicts on a file; one that cannot be read is an answer, too."""
    try:
        data = _read(path)
        verdicts = verify_file(data, content, question)
        beside = path.with_suffix("")
        if content is None and isinstance(verdicts[0].error, ContentMissing) and path.suffix and beside.is_file():
            verdicts = verify_file(data, _read(beside), question)
    except OSError as error:
        return (FileRejected(what=error.strerror),)
    return verdicts


def _read(path: Path) -> bytes:
    with click.open_file(str(path), "rb") as file:  # "-" is the standard input
        data: bytes = file.read(FILE_LIMIT + 1)
        return data
