"""`dauys witness`: watches logs, this one's or others', and cosigns what only ever grows."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from dauys.errors import Refusal
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.note import split_note, verified_lines
from dauys.translog.signature_types import COSIGNATURE_V1
from dauys.witness.folder import WitnessFolder
from dauys.witness.watch import Witness

folder_option = click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=lambda: os.environ.get("DAUYS_WITNESS", "witness"),
    show_default="DAUYS_WITNESS or ./witness", help="Where the witness keeps its keys, its list of logs and what it saw.",
)  # fmt: skip


@click.group()
def witness() -> None:
    """Be a witness: cosign a log's checkpoints only while it never takes anything back."""


@witness.command()
@click.argument("name")
@folder_option
def new(name: str, folder: Path) -> None:
    """Make a witness called NAME (a host's name, as in witness.example.kz), with its keys."""
    made = WitnessFolder.create(folder, name)
    click.echo(
        f"The witness {name} stands in {folder}. For the policies of those who will rely on it, one of these lines:"
    )
    _print_policy_lines(made)


@witness.command()
@folder_option
def key(folder: Path) -> None:
    """Print this witness's public keys, as lines of a policy."""
    _print_policy_lines(WitnessFolder(folder))


@witness.command(name="add-log")
@click.argument("vkey")
@click.argument("url", default="")
@folder_option
def add_log(vkey: str, url: str, folder: Path) -> None:
    """Watch the log whose key is VKEY (name+hash+base64); a witness that runs reads the list anew by itself."""
    log = WitnessFolder(folder).add_log(vkey, url)
    click.echo(f"Watching {log.origin}, by {len(log.keys)} key{'s' if len(log.keys) > 1 else ''}.")


@witness.command()
@folder_option
def logs(folder: Path) -> None:
    """List the watched logs: size, time of the last cosignature, evidence kept. Exit status 1 if there is evidence."""
    place = WitnessFolder(folder)
    seen = Witness(place)
    any_evidence = False
    for origin, log in seen.logs.items():
        click.echo(f"{origin}  {_state(seen, origin)}{f'  {log.url}' if log.url else ''}")
        for found in place.evidence(origin):
            any_evidence = True
            click.echo(f"  EVIDENCE that it was not only extended: {found}")
    if not seen.logs:
        click.echo("No log is watched yet. Add one: dauys witness add-log VKEY")
    raise SystemExit(int(any_evidence))


@witness.command()
@folder_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8040, show_default=True, type=click.IntRange(1, 65535))
def run(folder: Path, host: str, port: int) -> None:
    """Answer logs over HTTP (c2sp.org/tlog-witness); put TLS in front of it."""
    serve_witness(WitnessFolder(folder), host, port)


def serve_witness(place: WitnessFolder, host: str, port: int) -> None:
    """Answers until it is stopped; Refusal where another process does."""
    import uvicorn

    from dauys.witness.app import create_app

    role = place.role()
    if not role.take():
        raise Refusal(why=f"another process answers for the witness in {place.path}.")
    with closing(role):
        serving = Witness(place)
        click.echo(f"The witness {serving.name} watches {_logs(len(serving.logs))} at http://{host}:{port}/", err=True)
        uvicorn.run(
            create_app(serving), host=host, port=port, ws="none", access_log=False, proxy_headers=False, server_header=False,
            log_level="warning",
        )  # fmt: skip


def _logs(number: int) -> str:
    return f"{number} log{'' if number == 1 else 's'}"


def _print_policy_lines(folder: WitnessFolder) -> None:
    for signer in folder.signers():
        kind = "ed25519" if signer.type is COSIGNATURE_V1 else "ml-dsa"
        click.echo(f"witness {signer.name}-{kind} {signer.verifier.vkey} https://{signer.name}")


def _state(seen: Witness, origin: str) -> str:
    note = seen.folder.latest(origin)
    if note is None:
        return "nothing cosigned yet"
    found = verified_lines(note, seen.verifiers)
    when = datetime.fromtimestamp(max(one.time or 0 for one in found.signatures), UTC)
    return f"{Checkpoint.parse(split_note(note)[0]).size} entries, cosigned {when:%Y-%m-%d %H:%M:%S} UTC"
