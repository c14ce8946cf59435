"""Which log keys a command trusts: those given, else the installation's own. Never one found inside what is checked."""

from __future__ import annotations

import click

from dauys.errors import LogKeyUnknown
from dauys.ledger.places import Places
from dauys.translog.note import Verifier

KEY_FILE = "log.vkey"

key_option = click.option(
    "--key", "keys", multiple=True, metavar="VKEY",
    help="Trusted log key (name+hash+base64, printed at the foot of every page) or a file that holds it; "
    "default: the key of the installation in DAUYS_VAR.",
)  # fmt: skip


def trusted_verifiers(keys: tuple[str, ...]) -> list[Verifier]:
    """Verifiers of the keys given, or of the installation; LogKeyUnknown where neither is there."""
    if keys:
        return [Verifier.parse(_read(key)) for key in keys]
    own = Places.default().public / KEY_FILE
    if not own.is_file():
        raise LogKeyUnknown
    return [Verifier.parse(own.read_text().strip())]


def _read(key: str) -> str:
    try:
        with open(key) as file:  # noqa: PTH123 - a vkey is no valid file name more often than it is one
            return file.read().strip()
    except (OSError, ValueError):
        return key
