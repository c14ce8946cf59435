"""Which keys a mirror believes at which size: those it began with, and those that the log's own changes of keys lead to."""

from __future__ import annotations

from hashlib import sha256

from dauys.errors import DauysError
from dauys.ledger.durable import write_durably
from dauys.ledger.key_document import KEYS, read_document
from dauys.ledger.publication import read_published
from dauys.mirror.folder import MirrorFolder, State
from dauys.mirror.sources import Source
from dauys.translog.keyring import Keyring


def kept_ring(folder: MirrorFolder, state: State) -> Keyring:
    """The changes that were learned before, else the keys that the mirror began with, each good for every size."""
    kept = _kept(folder, state)
    return Keyring.plain(state.verifiers) if kept is None else read_document(kept)


def _kept(folder: MirrorFolder, state: State) -> bytes | None:
    """The kept document; one of a log that this one continues is not its own."""
    kept = read_published(folder.log, KEYS)
    if kept is not None and any(key.name != state.origin for key in read_document(kept).verifiers):
        return None
    return kept


def learn(folder: MirrorFolder, state: State, source: Source, prefix: str = "") -> str:
    """Takes over what a source publishes of the log's changes of keys, where they go on from what is believed here.

    Both sides of each change signed it, so nothing else is asked of the source. Two histories that both hold and do not go on
    from each other are kept as evidence; the sentence that says so is returned, else an empty one.
    """
    kept = _kept(folder, state)
    try:
        offered = source.read(f"{prefix}{KEYS}")
        ring = read_document(offered) if offered != kept else None
    except DauysError:  # none is published, or what is published does not hold: then the keys stay as they are
        return ""
    if ring is None or not set(ring.verifiers) & set(state.verifiers):
        return ""
    if kept is not None and not ring.goes_on_from(read_document(kept)):
        return "" if read_document(kept).goes_on_from(ring) else _contradiction(folder, source, kept, offered)
    write_durably(folder.log / KEYS, offered)
    state.keys = [key.vkey for key in ring.verifiers]
    folder.write_state(state)
    return ""


def _contradiction(folder: MirrorFolder, source: Source, kept: bytes, offered: bytes) -> str:
    name = f"keys-{sha256(offered).hexdigest()[:16]}"
    place = folder.keep_evidence(name, {"held": kept.decode(), "shown": offered.decode(errors="replace")})
    return f"{source.name}: it shows another history of the log's keys; both are kept in {place}"
