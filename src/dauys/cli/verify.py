"""`dauys verify`: judges one signature or certificate, offline, and says why."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dauys.cli.main import UNUSABLE, language_of_terminal
from dauys.cli.trust import trust_option
from dauys.errors import LANGUAGES, ContentMissing, SignatureRejected
from dauys.identity import armor
from dauys.identity.certificates import Certificate
from dauys.identity.policy import Revocation
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Outcome, Signer, Stage, Verdict, word
from dauys.identity.verify import Purpose, verify_certificate, verify_cms
from dauys.identity.xml_checks import verify_xml

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

NOT_VALID = 1
MARKS = {
    Outcome.PASSED: Text("✓", "green"),
    Outcome.FAILED: Text("✗", "red"),
    Outcome.NOT_ASKED: Text("–", "dim"),
    Outcome.NOT_COUNTED: Text("–", "yellow"),
}
FILE_LIMIT = 64 * 1024 * 1024  # bytes: attached signatures carry whole documents


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
@click.argument("file", type=click.File("rb"))
@click.option("--content", type=click.File("rb"), help="The signed text, where the signature does not carry it.")
@click.option("--crl", type=click.File("rb"), multiple=True, help="A revocation list in DER, or a delta over it.")
@click.option("--ocsp", type=click.File("rb"), multiple=True, help="An OCSP response in DER, as it was received.")
@trust_option
@click.option(
    "--test-profile", is_flag=True, help="Trust a test hierarchy or demo country in the folder, and no other."
)
@click.option("--person", is_flag=True, help="Demand a person's own signing key, as a petition does.")
@click.option("--at", type=Moment(), help="Judge at this time (ISO 8601, UTC without a zone); now by default.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable verdict.")
@click.option("--language", type=click.Choice(LANGUAGES), default=language_of_terminal, show_default="$LANG")
def verify(
    *,
    file: BinaryIO,
    content: BinaryIO | None,
    crl: tuple[BinaryIO, ...],
    ocsp: tuple[BinaryIO, ...],
    directory: Path,
    test_profile: bool,
    person: bool,
    at: dt.datetime | None,
    as_json: bool,
    language: str,
) -> None:
    """Judge FILE, a CMS signature, a signed XML document or a certificate: exit status 0 valid, 1 not valid, 2 unusable input.

    Nothing leaves this machine: revocation is judged by the lists and responses that are given, and not without them.
    """
    trust = TrustStore.load(directory, Profile.TEST if test_profile else Profile.PRODUCTION)
    data = file.read(FILE_LIMIT + 1)
    text = content.read() if content else None
    revocation = None
    if crl or ocsp:
        revocation = Revocation.of_files(trust, [one.read() for one in crl], [one.read() for one in ocsp])
    verdict = judge(data, text, trust, at or dt.datetime.now(dt.UTC), person=person, revocation=revocation)
    if as_json:
        click.echo(json.dumps(verdict.report(language), ensure_ascii=False, indent=2))
    else:
        show(verdict, language)
        if not trust.authorities:
            click.echo(f"No authority stands in {directory}. Add them: dauys trust add FILE", err=True)
    sys.exit(status(verdict))


def judge(
    data: bytes,
    content: bytes | None,
    trust: TrustStore,
    at: dt.datetime,
    *,
    person: bool,
    revocation: Revocation | None = None,
) -> Verdict:
    """The verdict on a certificate where the data is one, on a signature (CMS, or inside an XML document) otherwise."""
    purpose = Purpose.PERSON_SIGNING if person else Purpose.ANY_SIGNING
    if data.lstrip().startswith(b"<"):
        return verify_xml(data, content, trust, at, purpose=purpose, revocation=revocation, limit=FILE_LIMIT)
    try:
        certificate = Certificate.load(armor.certificate_der(data))
        if certificate.basic_constraints[0] and not person:
            purpose = Purpose.AUTHORITY
    except SignatureRejected:
        return verify_cms(data, content, trust, at, purpose=purpose, revocation=revocation, limit=FILE_LIMIT)
    return verify_certificate(data, trust, at, purpose, revocation)


def status(verdict: Verdict) -> int:
    """The exit status."""
    if verdict.valid:
        return 0
    unusable = verdict.deciding is Stage.FORM or isinstance(verdict.error, ContentMissing)
    return UNUSABLE if unusable else NOT_VALID


def show(verdict: Verdict, language: str) -> None:
    """A report for people."""
    console = Console()
    outcome = word("VALID", language) if verdict.valid else word("NOT VALID", language)
    console.print(Text(outcome, "bold green" if verdict.valid else "bold red"))
    if verdict.error:
        console.print(Text(f"{verdict.error.explain(language)} [{verdict.error.code}]"))
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in verdict.checks:
        detail = check.explain(language) if check.outcome is not Outcome.FAILED else ""
        table.add_row(MARKS[check.outcome], word(check.stage, language), word(check.outcome, language), Text(detail))
    console.print(table)
    if verdict.signer:
        _show_signer(console, verdict, verdict.signer, language)


def _show_signer(console: Console, verdict: Verdict, signer: Signer, language: str) -> None:
    rows = {
        word("name", language): signer.common_name,
        word("kind", language): word(signer.kind, language),
        word("IIN", language): signer.iin.digits if signer.iin else None,
        word("BIN", language): signer.business_number,
        word("key", language): signer.algorithm,
        word("valid", language): f"{signer.certificate.not_before:%Y-%m-%d} – {signer.certificate.not_after:%Y-%m-%d}",
        "SHA-256": signer.certificate.fingerprint,
    }
    title = word("The certificate", language) if verdict.valid else word("The certificate, as it claims", language)
    console.print(f"\n{title}")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in rows.items():
        if value:
            table.add_row(f"  {name}", Text(value))
    console.print(table)
