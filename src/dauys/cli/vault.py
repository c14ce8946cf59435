"""`dauys vault`: what becomes of private evidence. Each step leaves an entry in the public log, and none names a person."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dauys.cli.vault_repeat import repeat, tell_lists
from dauys.errors import BadInput, NoEvidence
from dauys.ledger import sqlite
from dauys.ledger.erasing_again import check_erased
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.moments import moment_text
from dauys.ledger.opening import check_command
from dauys.ledger.places import Places

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from dauys.ledger.erasure import Reason

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def vault() -> None:
    """Private evidence of this installation: erase it, share its keys with auditors, hand it out by a court's order."""


vault.add_command(repeat)


@vault.command()
@click.option(
    "--person", is_flag=True, help="All acts of a person; the personal number is asked for, not shown, not stored."
)
@click.option("--mailbox", is_flag=True, help="All signatures by e-mail of a mailbox; its address is asked for.")
@click.option("--entry", "entries", multiple=True, type=click.IntRange(min=0), help="The act of this entry of the log.")
@click.option("--reason", type=click.Choice(["asked", "court-order"]), default="asked", show_default=True)
@click.option("--order", type=FILE, help="The court order's file: the log names it by its SHA-256.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def erase(person: bool, mailbox: bool, entries: tuple[int, ...], reason: Reason, order: Path | None, yes: bool) -> None:
    """Erase the evidence of acts for good: who signed can be shown by nobody any more. The acts still count."""
    from dauys.ledger.erasure import acts_of, forgetting
    from dauys.ledger.erasure import erase as take_out

    if person + mailbox + bool(entries) != 1:
        raise click.UsageError("Give one of --person, --mailbox and --entry.")
    places, keys = _installation(whole=False)
    with closing(sqlite.connect(places.database)) as connection:
        found = list(entries) if entries else acts_of(connection, keys, _asked(mailbox=mailbox))
        for kind, count in sorted(_kinds(connection, found).items()):
            click.echo(f"  {count:>6} {kind}")
    if found and not yes:
        click.confirm("Erase their evidence? This cannot be undone.", abort=True)
    with forgetting(places) as connection:
        index, count = take_out(connection, found, reason, datetime.now(UTC), digest_of(order))
    click.echo(
        f"Erased here: the evidence of {count} acts, by entry {index} of the log. In backups it ends with their next rotation."
    )
    tell_lists(places, keys)


@vault.command()
@click.option("--threshold", required=True, type=click.IntRange(1, 20), help="How many of them it takes.")
@click.argument("auditors", nargs=-1, required=True, metavar="PUBLIC-KEY...")
def share(threshold: int, auditors: tuple[str, ...]) -> None:
    """Name auditors by their public keys: any THRESHOLD of them together can open evidence from now on, without you.

    It goes on the record of the log. Auditors named before lose their place; share again when one has lost a key.
    """
    from dauys.cli.vault_files import PUBLIC_HEAD
    from dauys.ledger.auditors import name_auditors
    from dauys.ledger.erasure import forgetting

    (places, keys), publics = _installation(whole=True), [each.removeprefix(PUBLIC_HEAD) for each in auditors]
    with forgetting(places) as connection:
        count = name_auditors(connection, keys, publics, threshold, datetime.now(UTC))
    click.echo(
        f"Any {threshold} of {len(auditors)} auditors can open evidence now; keys of {count} subjects are shared with them."
    )


@vault.command(name="open")
@click.option("--vault", "folder", type=FOLDER, help="A copy or backup of the installation; default: DAUYS_VAR.")
@click.option("--output", required=True, type=NEW_FILE, help="Where to write what is opened.")
@click.argument("parts", nargs=-1, required=True, type=FILE)
def open_(folder: Path | None, output: Path, parts: tuple[Path, ...]) -> None:
    """Combine enough auditors' PARTS (`dauys auditor part`) to open the vault, for `dauys audit --vault`."""
    from dauys.cli import vault_files
    from dauys.ledger.auditors import combine

    with vault_files.reading(folder or Places.default().var) as connection:
        secrets = combine(connection, [vault_files.read_part(file) for file in parts])
    vault_files.write_opened(output, secrets)
    click.echo(
        f"Keys of {len(secrets)} vaults are in {output}: as sensitive as the list of signers. Delete it afterwards."
    )


@vault.command()
@click.option(
    "--entry",
    "entries",
    multiple=True,
    type=click.IntRange(min=0),
    help="The act of this entry of the log.",
)
@click.option(
    "--person", is_flag=True, help="All acts of a person; the personal number is asked for, not shown, not stored."
)
@click.option("--order", required=True, type=FILE, help="The order's file: the log names it by its SHA-256.")
@click.argument("output", type=click.Path(path_type=Path))
def export(entries: tuple[int, ...], person: bool, order: Path, output: Path) -> None:
    """Hand out the evidence of acts, opened and readable, into the new folder OUTPUT, as a court orders.

    An entry of the log says how many and by which order, before anything is written.
    """
    from dauys.cli.handing_out_words import README
    from dauys.intake.app import load_trust
    from dauys.ledger import handing_out
    from dauys.ledger.backup import make_empty
    from dauys.ledger.durable import write_all_durably
    from dauys.ledger.erasure import acts_of
    from dauys.ledger.opener import OperatorOpener

    if person is bool(entries):
        raise click.UsageError("Give --person, or --entry once or more.")
    (places, keys), now, digest = _installation(whole=True), datetime.now(UTC), digest_of(order)
    make_empty(output)
    with closing(sqlite.connect(places.database)) as connection:
        tail = sqlite.read_tail(connection)
        trust = load_trust(places, tail.mode)
        chosen = entries or acts_of(connection, keys, _asked(mailbox=False))
        if not chosen:
            raise NoEvidence
        acts = handing_out.open_acts(connection, OperatorOpener(connection, keys), chosen)
        with sqlite.transaction(connection, places.database):
            index = handing_out.log_export(connection, acts, digest, now)
        for act in acts:
            files = handing_out.files_of(connection, act, keys.log, trust)
            write_all_durably(((output / f"entry-{act.index}" / name, data) for name, data in files), mode=0o600)
    facts = {"origin": tail.origin, "moment": moment_text(now), "count": len(acts), "order": digest, "index": index}
    words = [(output / f"README.{language}.txt", text.format(**facts).encode()) for language, text in README.items()]
    write_all_durably(words, mode=0o600)
    click.echo(
        f"The evidence of {len(acts)} acts is in {output}; entry {index} of the log says so. It holds personal data."
    )


def _installation(*, whole: bool) -> tuple[Places, Keys]:
    """The installation of DAUYS_VAR and its keys, refused as a start would be; `whole` lets no erasure await its repetition."""
    places = Places.default()
    keys = Keys.load(places.keys)
    if whole:
        check_erased(places)
    check_command(places, keys)
    return places, keys


def _asked(*, mailbox: bool) -> str:
    """The person as pseudonyms take it."""
    if mailbox:
        from dauys.rules.mailboxes import canonical

        return "email|" + canonical(click.prompt("Address, not shown", hide_input=True))
    from dauys.identity.iin import Iin

    return f"iin|{Iin.typed(click.prompt('Personal number (IIN), not shown', hide_input=True)).digits}"


def _kinds(connection: sqlite3.Connection, indices: Sequence[int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for index in indices:
        entries = sqlite.read_entries(connection, index, index + 1)
        if not entries:
            raise BadInput(what=f"the log has no entry {index}")
        found[type(decode_leaf(entries[0])).__struct_config__.tag] += 1  # type: ignore[index]
    return found


def digest_of(order: Path | None) -> str:
    """SHA-256 in hex of an order's file; empty without one."""
    return hashlib.sha256(order.read_bytes()).hexdigest() if order else ""
