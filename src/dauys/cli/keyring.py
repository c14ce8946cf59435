"""Which log keys a command trusts: those given, else the installation's own. Never one found inside what is checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from dauys.audit.source import Source
from dauys.audit.succession import with_successors
from dauys.errors import FileRejected, LogKeyUnknown, NotFound, Unreachable
from dauys.ledger.cosigned import read_policy
from dauys.ledger.durable import write_durably
from dauys.ledger.key_document import KEYS, read_document
from dauys.ledger.places import Places
from dauys.translog.keyring import DatedKey, Keyring
from dauys.translog.note import Verifier
from dauys.translog.policy import Policy

key_option = click.option(
    "--key", "keys", multiple=True, metavar="VKEY",
    help="Trusted log key (name+hash+base64, printed at the foot of every page) or a file that holds such lines; "
    "default: the key of the installation in DAUYS_VAR.",
)  # fmt: skip


def trusted_verifiers(keys: tuple[str, ...]) -> list[Verifier]:
    """Verifiers of the keys given, or of the installation; LogKeyUnknown where neither is there."""
    if keys:
        return [Verifier.parse(vkey) for key in keys for vkey in _read(key).split()]
    own = Places.default().vkeys
    if not own.is_file():
        raise LogKeyUnknown
    return [Verifier.parse(vkey) for vkey in own.read_text().split()]


def trusted_keyring(keys: tuple[str, ...]) -> Keyring:
    """As `trusted_verifiers`; the installation's own keys each only for the sizes that it signed."""
    trusted = trusted_verifiers(keys)
    published = Places.default().log / KEYS
    return read_document(published.read_bytes()) if not keys and published.is_file() else Keyring.plain(trusted)


def followed(source: Source, trusted: Sequence[Verifier]) -> Keyring:
    """The log's keys of all times where one of its published changes names a trusted key; else the trusted ones alone.

    A trusted key of a log that this one continues leads here too, as far as that log's last entry said so.

    NoteInvalid where a published change does not hold: who serves that, serves something false.
    """
    known = with_successors(source.read, trusted)
    try:
        ring = read_document(source.read(KEYS))
    except (FileRejected, NotFound, Unreachable):
        return Keyring.plain(known)
    if not set(ring.verifiers) & set(known):
        return Keyring.plain(known)
    return Keyring((*ring.keys, *(DatedKey(key) for key in known if key not in ring.verifiers)))


def write_key_file(places: Places, verifiers: Sequence[Verifier]) -> None:
    """Publishes the log's keys, the Ed25519 one on the first line."""
    write_durably(places.vkeys, "".join(f"{verifier.vkey}\n" for verifier in verifiers).encode())


policy_option = click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="Whose cosignatures to look for (c2sp.org/tlog-policy); default: the installation's own, unless --key is given.",
)  # fmt: skip


def trusted_policy(file: Path | None, keys: tuple[str, ...]) -> Policy:
    """The policy of the file, else of the installation whose key is trusted; PolicyMalformed."""
    if file is not None:
        return Policy.parse(file.read_bytes())
    return Policy() if keys else read_policy(Places.default())


def given_keys(keys: tuple[str, ...]) -> list[str]:
    """Keys as text, of options that hold them or name their files; KeyMalformed."""
    return [Verifier.parse(vkey).vkey for key in keys for vkey in _read(key).split()]


def _read(key: str) -> str:
    try:
        with open(key) as file:  # noqa: PTH123 - a vkey is no valid file name more often than it is one
            return file.read().strip()
    except (OSError, ValueError):
        return key
