"""`dauys receipt verify`: checks a receipt without asking anyone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dauys.cli.keyring import key_option, trusted_verifiers
from dauys.errors import ReceiptInvalid
from dauys.ledger.leaves import decode_leaf
from dauys.translog.proof import verify_receipt

MAX_RECEIPT = 256 * 1024  # bytes; a real one has about 1 KiB


@click.group()
def receipt() -> None:
    """Receipts: the proof that an act stands in the public log."""


@receipt.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@key_option
@click.option("--json", "as_json", is_flag=True, help="Machine-readable result.")
def verify(file: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Check FILE offline: exit status 0 when it holds, 1 when it does not, 2 when it is no receipt."""
    with file.open("rb") as opened:
        text = opened.read(MAX_RECEIPT).replace(b"\r\n", b"\n")  # mail programs and Windows editors change line ends
    try:
        found, checkpoint = verify_receipt(text, trusted_verifiers(keys))
        entry = found.entry
        decode_leaf(entry)
    except ReceiptInvalid as error:
        click.echo(
            json.dumps({"valid": False, "code": error.code, "reason": str(error)}) if as_json else f"NOT VALID: {error}"
        )
        sys.exit(1)
    result = {
        "valid": True, "entry": json.loads(entry), "index": found.index, "origin": checkpoint.origin, "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(
        f"VALID: entry No. {found.index + 1} (index {found.index}) of the log {checkpoint.origin}, a tree of {checkpoint.size} entries signed by its key"
    )
    for name, value in result["entry"].items():  # type: ignore[attr-defined]
        click.echo(f"  {name}: {value}")
