"""A log that is closed goes on under another name and other keys: its last entry says which, and the mirror goes on with it.

The successor's tree begins with all of the old one, so nothing stored changes; what the old name signed binds the new one.
After a loss no such entry exists: then nothing proves the successor, and somebody must say its key (`loss`).
"""

from __future__ import annotations

import contextlib
from hashlib import sha256
from pathlib import Path

from dauys.errors import DauysError
from dauys.ledger.durable import write_durably
from dauys.ledger.key_document import KEYS
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.log_leaves import LogClosed
from dauys.ledger.publication import read_published
from dauys.mirror.folder import CHECKPOINT, MirrorFolder, Past, State
from dauys.mirror.ring import kept_ring
from dauys.translog.note import Verifier
from dauys.translog.tiles import TILE_WIDTH, entries_path, unbundle

PAST = "past"


def past_path(origin: str) -> str:
    """Where, under a log's prefix, what a closed log signed last is published."""
    return f"{PAST}/{sha256(origin.encode()).hexdigest()}"


def go_on(folder: MirrorFolder, state: State) -> bool:
    """Whether the stored log is closed and the mirror follows its successor from now on. Safe to repeat after a crash."""
    if not state.size or state.pending:
        return False
    leaf = _last_leaf(folder, state.size)
    if not isinstance(leaf, LogClosed) or leaf.successor == state.origin:
        return False
    keys = [key.vkey for key in map(Verifier.parse, leaf.keys) if key.name == leaf.successor]
    if not keys:
        return False
    take_over(folder, state, leaf.successor, keys)
    return True


def take_over(folder: MirrorFolder, state: State, successor: str, keys: list[str]) -> None:
    """Follows a log whose tree begins with all that is held: nothing stored changes but its name."""
    keep_past(folder, state.origin)
    past = Past(state.origin, [key.vkey for key in kept_ring(folder, state).at(state.size)])
    state.past = [*state.past, past]
    state.origin, state.keys = successor, keys
    folder.write_state(state)
    (folder.log / KEYS).unlink(missing_ok=True)  # those of the old name; a new chain begins


def _last_leaf(folder: MirrorFolder, size: int) -> object:
    number, place = divmod(size - 1, TILE_WIDTH)
    try:
        return decode_leaf(unbundle(folder.read(entries_path(number, place + 1)))[place])
    except DauysError:  # a kind that this version does not know ends nothing
        return None


def keep_past(folder: MirrorFolder, origin: str) -> None:
    """Its last checkpoint and its keys, beside the tiles that it shares with its successor."""
    place = folder.log / past_path(origin)
    for name in (CHECKPOINT, KEYS):
        if (content := read_published(folder.log, name)) is not None:
            write_durably(place / name, content)
    with contextlib.suppress(FileExistsError):
        place.mkdir(parents=True, exist_ok=True)
        (place / "tile").symlink_to(Path("../../tile"))
    folder.link(origin, f"log/{past_path(origin)}")
