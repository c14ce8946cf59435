"""Which keys a mirror believes: those given, else those it began with; a new mirror may take its source's, once, with a warning."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from dauys.errors import DauysError, LogKeyUnknown, MirrorRefused
from dauys.ledger.published_files import VKEY
from dauys.mirror.folder import MirrorFolder, State
from dauys.mirror.loss import settle
from dauys.mirror.sources import Source
from dauys.translog.note import Verifier


def fingerprint(vkey: str) -> str:
    """SHA-256 of the key's text in groups of four hex digits, to be read out and compared."""
    digest = sha256(vkey.encode()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def begin_or_resume(folder: MirrorFolder, sources: Sequence[Source], names: list[str], keys: list[str]) -> State:
    """The mirror's state, made at its first start; MirrorRefused where keys differ from those it began with.

    LogKeyUnknown where none is given and no source publishes one; MirrorRefused where sources publish different ones.
    """
    state = folder.read_state()
    if state is not None:
        before = {key for past in state.past for key in past.keys}
        if keys and not set(keys) & {*state.keys, *before}:
            raise MirrorRefused(
                why=f"{folder.path} mirrors {state.origin} by the key {state.keys[0]}, not by the one given"
            )
        own = [
            key for key in keys if Verifier.parse(key).name == state.origin
        ]  # others are of logs that this one continues
        state.keys, state.sources = own or state.keys, names or state.sources
        folder.sweep()
        settle(folder, state)
        return state
    trusted = [Verifier.parse(key) for key in keys or _published_keys(sources)]
    state = State(trusted[0].name, [each.vkey for each in trusted], names, keys_from_source=not keys)
    folder.begin(state)
    return state


def _published_keys(sources: Sequence[Source]) -> list[str]:
    """The lines of the sources' key files, the Ed25519 key first."""
    found = set[str]()
    for source in sources:
        try:
            found.add(source.read(VKEY).decode(errors="replace").strip())
        except DauysError:  # this source has none to offer; another may
            continue
    if not any(found):
        raise LogKeyUnknown
    if len(found) > 1:
        raise MirrorRefused(why="its sources publish different keys; compare them, and name the right one with --key")
    return found.pop().split()
