"""`dauys trust`: the national authorities' certificates, taken only where they are the pinned ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dauys.errors import CertificateMalformed, FileRejected
from dauys.identity import armor
from dauys.identity import trust as anchors
from dauys.identity.trust import Profile, TrustStore

if TYPE_CHECKING:
    from collections.abc import Callable


def default_directory() -> Path:
    """$DAUYS_VAR/trust, or var/trust in the working directory."""
    return Path(os.environ.get("DAUYS_VAR", "var")) / "trust"


def trust_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--trust DIR."""
    return click.option(
        "--trust",
        "directory",
        type=click.Path(file_okay=False, path_type=Path),
        default=default_directory,
        show_default="$DAUYS_VAR/trust",
        help="Folder of the authorities' certificates.",
    )(command)


@click.group()
def trust() -> None:
    """Certification authorities that signatures are traced to."""


@trust.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@trust_option
def add(file: Path, directory: Path) -> None:
    """Keep FILE if it is one of the pinned national certificates; exit status 2 otherwise."""
    with file.open("rb") as opened:
        data = opened.read(armor.CERTIFICATE_LIMIT + 1)
    try:
        anchor, path = anchors.add(data, directory)
    except CertificateMalformed as error:
        raise FileRejected(what=error.explain()) from None
    click.echo(f"{anchor.name}, valid until {anchor.not_after:%Y-%m-%d}, kept as {path}")
    unplaced = TrustStore.load(directory, Profile.PRODUCTION).unplaced
    if anchor.sha256 in [certificate.fingerprint for certificate in unplaced]:
        click.echo("Its root is not here yet: add that too, or nothing below it is believed.", err=True)


@trust.command("list")
@trust_option
def list_(directory: Path) -> None:
    """Show the pinned national certificates, and mark (+) those kept in the folder."""
    store = TrustStore.load(directory, Profile.PRODUCTION)
    kept = {authority.certificate.fingerprint for authority in store.authorities}
    for sha256, anchor in anchors.pinned().items():
        mark = "+" if sha256 in kept else "-"
        click.echo(f"{mark} {anchor.name}  {anchor.algorithm}, until {anchor.not_after:%Y-%m-%d}  {sha256[:16]}…")
