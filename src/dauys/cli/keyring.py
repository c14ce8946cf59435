"""Which log keys a command trusts: those given, else the installation's own. Never one found inside what is checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from dauys.audit.source import Source
from dauys.audit.succession import past_ring, with_successors
from dauys.errors import FileRejected, LogKeyUnknown, NoteInvalid, NotFound, Unreachable
from dauys.ledger.cosigned import read_policy
from dauys.ledger.durable import write_durably
from dauys.ledger.key_document import KEYS, read_document
from dauys.ledger.places import Places
from dauys.translog.keyring import DatedKey, Keyring
from dauys.translog.note import Verifier
from dauys.translog.policy import Policy

key_option = click.option(
    "--key", "keys", multiple=True, metavar="VKEY",
    help="Trusted log key (name+hash+base64, printed at the foot of every page), a file that holds such lines, or a copy of "
    "the log's keys.json, by which each key counts only for the trees it signed; "
    "default: the key of the installation in DAUYS_VAR.",
)  # fmt: skip


def trusted_keyring(keys: tuple[str, ...]) -> Keyring:
    """The keys given, or those of the installation; LogKeyUnknown where neither is there.

    Each is believed for the sizes that it signed where a document of the log's changes says so: one that is given, or the
    installation's own; a bare key at every size.
    """
    if keys:
        return _joined(_ring(_read(key)) for key in keys)
    own = Places.default()
    if not own.vkeys.is_file():
        raise LogKeyUnknown
    documents = [*([own.log / KEYS] if (own.log / KEYS).is_file() else []), *sorted(own.public.glob(f"past/*/{KEYS}"))]
    return _joined(_ring(file.read_text()) for file in (*documents, own.vkeys))


def _ring(text: str) -> Keyring:
    """Of `keys.json` as a log publishes it, or of lines with keys."""
    if text.lstrip().startswith("{"):
        return read_document(text.encode())
    return Keyring.plain(Verifier.parse(vkey) for vkey in text.split())


def _is_bare(ring: Keyring) -> bool:
    """Whether no size is known of any key."""
    return all(key.above < 0 and key.upto is None for key in ring.keys)


def _joined(rings: Iterable[Keyring]) -> Keyring:
    """Those whose sizes are known decide; a key that is named a second time adds nothing."""
    joined = list[DatedKey]()
    for ring in sorted(rings, key=_is_bare):
        named = {key.verifier for key in joined}
        joined += [key for key in ring.keys if key.verifier not in named]
    return Keyring(tuple(joined))


def followed(source: Source, trusted: Keyring | Sequence[Verifier]) -> Keyring:
    """The log's keys of all times where one of its published changes names a trusted key; else the trusted ones alone.

    A trusted key of a log that this one continues leads here too, as far as that log's last entry said so.

    NoteInvalid where a published change does not hold, or contradicts the changes that are trusted: who serves that, serves
    something false.
    """
    given = Keyring.of(trusted)
    known = with_successors(source.read, given.verifiers)
    own = [*given.keys, *_dated(source, [key for key in known if key not in given.verifiers])]
    try:
        ring = read_document(source.read(KEYS))
    except (FileRejected, NotFound, Unreachable):
        return Keyring(tuple(own))
    if not set(ring.verifiers) & set(known):
        return Keyring(tuple(own))
    newer = _newer(given, ring)
    return Keyring((*newer.keys, *(key for key in own if key.verifier not in newer.verifiers)))


def _newer(given: Keyring, shown: Keyring) -> Keyring:
    """Of two histories of one log's keys the longer; NoteInvalid where neither goes on from the other."""
    names = {key.name for key in shown.verifiers}
    before = Keyring(tuple(key for key in given.keys if key.verifier.name in names))
    if _is_bare(before) or shown.goes_on_from(before):
        return shown
    if before.goes_on_from(shown):
        return before
    raise NoteInvalid(what=f"{KEYS} tells another history of the log's keys than the one that is trusted")


def _dated(source: Source, known: Sequence[Verifier]) -> list[DatedKey]:
    """Keys of logs that were closed, each for the sizes that it signed as far as that log's changes say so."""
    dated = list[DatedKey]()
    for verifier in known:
        ring = past_ring(source.read, verifier)
        dated += [key for key in (ring.keys if ring else [DatedKey(verifier)]) if key not in dated]
    return dated


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
    return [verifier.vkey for key in keys for verifier in _ring(_read(key)).verifiers]


def _read(key: str) -> str:
    try:
        with open(key) as file:  # noqa: PTH123 - a vkey is no valid file name more often than it is one
            return file.read().strip()
    except (OSError, ValueError):
        return key
