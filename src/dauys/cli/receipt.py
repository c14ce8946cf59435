"""`dauys receipt verify` and `own`: check a receipt, or whether an entry is one's own, without asking anyone."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from dauys.cli.keyring import followed, key_option, policy_option, trusted_keyring, trusted_policy
from dauys.cli.sources import open_source
from dauys.errors import NoteInvalid, ProofInvalid, ReceiptInvalid, ReceiptKeyUnknown
from dauys.identity.iin import Iin
from dauys.ledger.cosigned import Witnessed, witnessed
from dauys.ledger.durable import write_durably
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.moments import moment_text
from dauys.ledger.own_entry import LARGEST, Claim, read_own_entry, verify_own_entry
from dauys.ledger.places import Places
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.keyring import Keyring
from dauys.translog.note import Verifier, split_note
from dauys.translog.policy import Policy
from dauys.translog.proof import verify_by
from dauys.translog.renewal import renew, small_lines

MAX_RECEIPT = 256 * 1024  # bytes; a real one has about 1 KiB


@click.group()
def receipt() -> None:
    """Receipts: the proof that an act stands in the public log."""


@receipt.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@key_option
@policy_option
@click.option("--json", "as_json", is_flag=True, help="Machine-readable result.")
def verify(file: Path, keys: tuple[str, ...], policy: Path | None, as_json: bool) -> None:
    """Check FILE offline: exit status 0 when it holds, 1 when it does not, 2 when it is no receipt."""
    believed = trusted_policy(policy, keys)
    try:
        found, checkpoint = verify_by(trusted_keyring(keys), _read(file))
        entry = found.entry
        decode_leaf(entry)
    except ReceiptInvalid as error:
        told = {"valid": False, "code": error.code, "reason": str(error)}
        click.echo(json.dumps(told) if as_json else _refusal(error, file))
        sys.exit(1)
    result = {
        "valid": True, "entry": json.loads(entry), "index": found.index, "origin": checkpoint.origin, "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }  # fmt: skip
    seen = witnessed(found.checkpoint, believed)
    result["witnesses"] = {name: moment_text(datetime.fromtimestamp(time, UTC)) for name, time in seen.times.items()}
    result["quorum"] = seen.is_enough
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(
        f"VALID: entry No. {found.index} of the log {checkpoint.origin}, a tree of {checkpoint.size} entries signed by its key"
    )
    click.echo(_who_else(found.checkpoint, seen, believed))
    for name, value in result["entry"].items():  # type: ignore[attr-defined]
        click.echo(f"  {name}: {value}")


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MAX_RECEIPT).replace(b"\r\n", b"\n")  # mail programs and Windows editors change line ends


def _refusal(error: ReceiptInvalid, file: Path) -> str:
    """A key that nobody named proves neither: the log's may have changed since."""
    if isinstance(error, ReceiptKeyUnknown):
        return f"NOT VERIFIED: {error}\nTo try: dauys receipt verify {file} --key keys.json, with a copy of the log's keys.json"
    return f"NOT VALID: {error}"


def _who_else(note: str, seen: Witnessed, policy: Policy) -> str:
    """Whose word it is beside the log's own."""
    text, lines = split_note(note)
    if not policy.witnesses and any(line.name != Checkpoint.parse(text).origin for line in lines):
        return "Cosignatures not checked: no policy given (--policy FILE says whose to believe)"
    if not policy.witnesses:
        return "Signed by the log only: no policy says whose cosignatures to look for (--policy FILE)"
    if not seen.times:
        return "Signed by the log only: no witness of the policy covers it. Later: dauys receipt refresh FILE"
    who = ", ".join(
        f"{name} at {datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC" for name, time in seen.times.items()
    )
    return f"Cosigned by {who}{'' if seen.is_enough else '; this is NOT the policy’s quorum'}"


@receipt.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--log",
    "place",
    metavar="URL|DIR",
    help="The published log or a mirror; default: the log of the installation in DAUYS_VAR.",
)
@key_option
@policy_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write; default: FILE itself.")
@click.option("--all-lines", is_flag=True, help="Keep the long ML-DSA lines too (2.4 kB each).")
def refresh(
    file: Path, place: str | None, keys: tuple[str, ...], policy: Path | None, output: Path | None, all_lines: bool
) -> None:
    """Bring the receipt FILE under the log's newest checkpoint, with the cosignatures of its witnesses.

    The proof is made here from the published tiles, and it is checked that the newer tree contains the receipt's: exit
    status 1 where it does not, which would be a fork: keep FILE and show it to others.
    """
    trusted, believed = trusted_keyring(keys), trusted_policy(policy, keys)
    with open_source(place or str(Places.default().log)) as source:
        ring = followed(source, trusted)
        found, _ = verify_by(ring, _read(file))
        note = source.read("checkpoint").decode(errors="replace")
        try:
            renewed = renew(found, found.entry or b"", ring, note if all_lines else small_lines(note), source.read)
        except ProofInvalid as error:
            click.echo(f"NOT THE SAME LOG: {error} Keep {file} and show it to others, with this checkpoint:\n{note}")
            sys.exit(1)
    write_durably(output or file, renewed.to_text().encode())
    size = ring.open(renewed.checkpoint).size
    click.echo(
        f"{output or file}: entry No. {renewed.index} in a tree of {size} entries, which contains the one before"
    )
    click.echo(_who_else(renewed.checkpoint, witnessed(renewed.checkpoint, believed), believed))
    if (key := _newer_key(trusted, ring, renewed.checkpoint)) is not None:
        click.echo(
            f"It is signed by newer keys now: the log changed them, and the key that you gave leads to {key.vkey}\n"
            f"To verify it: dauys receipt verify {output or file} --key keys.json, with a copy of {source.name}/keys.json"
        )


def _newer_key(trusted: Keyring, ring: Keyring, note: str) -> Verifier | None:
    """The key of a checkpoint that holds by the log's changes, and not by the trusted keys alone."""
    try:
        trusted.open(note)
    except NoteInvalid:
        return ring.for_note(note)[0]
    return None


@receipt.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--log", "place", metavar="LOG", help="The published log (folder or address), read whole up to the file's size."
)
@key_option
def own(file: Path, place: str | None, keys: tuple[str, ...]) -> None:
    """Check FILE of your own entry, or of its absence; asks for your personal number and sends it to nobody.

    Exit status 0 when all that was looked at holds, 1 when it does not, 2 when it is no such file.
    """
    with file.open("rb") as opened:
        entry = read_own_entry(opened.read(LARGEST + 1))
    person = Iin.typed(
        click.prompt("Your personal number (12 digits, not shown)", hide_input=True, err=True),
        test_profile=True,
    )
    try:
        claim = verify_own_entry(entry, _ring_of(place, keys), f"iin|{person.digits}")
        found = None if place is None else _entries_in(place, claim)
    except (ReceiptInvalid, ProofInvalid) as error:
        click.echo(f"NOT VALID: {error}")
        sys.exit(1)
    click.echo(f"The one pseudonym of this number under {claim.subject}: {claim.pseudonym}")
    _tell(claim, found)


def _ring_of(place: str | None, keys: tuple[str, ...]) -> Keyring:
    """The trusted keys, and where the log is named, those that its own changes lead to."""
    trusted = trusted_keyring(keys)
    if place is None:
        return trusted
    with open_source(place) as source:
        return followed(source, trusted)


def _entries_in(place: str, claim: Claim) -> list[int]:
    """Indices of this person's signatures in the whole published log of the claim's size, all of it recomputed."""
    found = list[int]()

    def look(index: int, entry: bytes) -> None:
        if claim.is_of(entry):
            found.append(index)

    with open_source(place) as source:
        audit_tree(claim.checkpoint, source.read, look, gather=source.gather)
    return found


def _tell(claim: Claim, found: list[int] | None) -> None:
    own = [] if claim.index is None else [claim.index]
    if found is not None and found != own:
        click.echo(f"NOT TRUE: the log holds {_numbers(found)} of this pseudonym, the file names {_numbers(own)}")
        sys.exit(1)
    click.echo(
        f"VALID: your signature is {_numbers(own)}" if own else "VALID: the file claims that you signed nothing here"
    )
    if found is None:
        click.echo("To see that the log holds no other, give the published log: --log FOLDER or --log ADDRESS")
    else:
        click.echo(f"All {claim.checkpoint.size} entries were read: there is {'no other' if own else 'none'} of yours")


def _numbers(indices: list[int]) -> str:
    return ", ".join(f"entry No. {index}" for index in indices) or "no entry"
