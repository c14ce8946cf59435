"""After a loss nothing proves a successor's key: whoever runs the mirror says it, and the successor is held to what is held here.

Either its tree begins with all that this mirror ever believed; then it goes on as after a year. Or the first entry in which it
differs is its `log.succeeded`, which names the log that was held and states a loss that covers what is missing; then the old
log is set aside whole, readable under log/past/, and of the new one what both have in common is kept.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dauys.errors import BadInput, DauysError, MirrorRefused
from dauys.ledger.durable import sync_folder, write_durably
from dauys.ledger.key_document import KEYS, read_document
from dauys.ledger.leaves import decode_leaf, from_text
from dauys.ledger.log_leaves import LogSucceeded
from dauys.ledger.publication import read_published
from dauys.mirror.folder import CHECKPOINT, MirrorFolder, Past, State
from dauys.mirror.follow import Follower, Seen
from dauys.mirror.ring import kept_ring
from dauys.mirror.sources import Source
from dauys.mirror.succession import PAST, keep_past, past_path, take_over
from dauys.mirror.words import NAMES
from dauys.translog.authentic import AuthenticTree
from dauys.translog.keyring import Keyring
from dauys.translog.note import Verifier
from dauys.translog.tiles import TILE_WIDTH, entries_path, tile_path


class Stated(NamedTuple):
    """The entry that says which log is succeeded, and where it stands."""

    place: int
    entry: bytes
    leaf: LogSucceeded


def go_on_with(folder: MirrorFolder, state: State, sources: Sequence[Source], vkeys: Sequence[str]) -> int:
    """Follows the log of these keys from now on; how many entries that were believed here it lacks. Safe to repeat after a crash.

    MirrorRefused, with evidence kept, where it neither continues what is held nor states its loss.
    """
    keys = [Verifier.parse(vkey) for vkey in vkeys]
    name = keys[0].name
    if name in {state.origin, *(past.origin for past in state.past)}:  # the option may stay where it was written once
        return 0
    held = Follower(folder, state, list(sources)).held()
    _require_possible(held, {key.name for key in keys})
    shown = _shown(sources, name, keys)
    tree = AuthenticTree(shown.checkpoint, partial(_read, shown))
    if all(_begins_with(tree, each) for each in held):
        take_over(folder, state, name, list(vkeys))
        return 0
    mine = AuthenticTree(held[0].checkpoint, folder.read) if state.size else None
    common = _common(mine, tree) if mine else 0
    stated = _require_stated(folder, state, held, shown, tree, common)
    _set_aside(folder, state, common)
    state.past = [*state.past, Past(state.origin, _keys_now(folder, state))]
    state.origin, state.keys, state.size = name, list(vkeys), 0
    state.pending, state.bundles = shown.note, common // TILE_WIDTH
    folder.write_state(state)
    settle(folder, state)
    return max(each.checkpoint.size for each in held) - stated.place


def settle(folder: MirrorFolder, state: State) -> None:
    """Takes away what is only the old log's, once the state says that another one is followed; its checkpoint last."""
    stored = (read_published(folder.log, CHECKPOINT) or b"").partition(b"\n")[0].decode(errors="replace")
    if state.size or stored not in {past.origin for past in state.past}:
        return
    both = {path for number in range(state.bundles) for path in (tile_path(0, number), entries_path(number))}
    for file in [file for file in (folder.log / "tile").rglob("*") if file.is_file()]:
        if str(file.relative_to(folder.log)) not in both:
            file.unlink()
    for pages in (*NAMES, "petitions"):  # of petitions that the successor may not have, or has under other numbers
        shutil.rmtree(folder.path / pages, ignore_errors=True)
    for name in (KEYS, CHECKPOINT):
        (folder.log / name).unlink(missing_ok=True)
    sync_folder(folder.log)


def _require_possible(held: list[Seen], names: set[str]) -> None:
    if not held:
        raise MirrorRefused(why="nothing is stored here yet. Begin with the successor's key: --key")
    if len(names) > 1:
        raise MirrorRefused(why=f"a successor is one log, and the keys given are of {len(names)}")


def _shown(sources: Sequence[Source], name: str, keys: list[Verifier]) -> Seen:
    """The successor's newest checkpoint; where it was succeeded itself since, its last one."""
    seen, failed = list[Seen](), list[DauysError]()
    for source in sources:
        for prefix in ("", f"{past_path(name)}/"):
            try:
                note = source.read(f"{prefix}{CHECKPOINT}").decode(errors="replace")
                seen.append(Seen(_ring(source, prefix, keys).open(note, name), note, source, prefix))
                break
            except DauysError as error:
                failed.append(error)
    if not seen:
        raise failed[0]
    return max(seen, key=lambda each: each.checkpoint.size)


def _read(shown: Seen, path: str) -> bytes:
    assert shown.source is not None
    return shown.source.read(f"{shown.prefix}{path}")


def _ring(source: Source, prefix: str, keys: list[Verifier]) -> Keyring:
    """The given keys, or all that the log's own changes lead to from them."""
    try:
        ring = read_document(source.read(f"{prefix}{KEYS}"))
    except DauysError:
        return Keyring.plain(keys)
    return ring if set(ring.verifiers) & set(keys) else Keyring.plain(keys)


# ---- What both have in common, and what the successor says about the rest ----


def _begins_with(tree: AuthenticTree, each: Seen) -> bool:
    size = each.checkpoint.size
    return size <= tree.size and tree.root_at(size) == each.checkpoint.root


def _common(mine: AuthenticTree, theirs: AuthenticTree) -> int:
    """How many first entries are the same."""
    same, most = 0, min(mine.size, theirs.size)
    while same < most:
        middle = (same + most + 1) // 2
        same, most = (middle, most) if mine.root_at(middle) == theirs.root_at(middle) else (same, middle - 1)
    return same


def _require_stated(
    folder: MirrorFolder, state: State, held: list[Seen], shown: Seen, tree: AuthenticTree, common: int
) -> Stated:
    """The entry that states the loss of everything held here beyond what is common; MirrorRefused, the evidence kept."""
    largest = max(held, key=lambda each: each.checkpoint.size)
    last = common + 1 if common < state.size else largest.checkpoint.size
    stated = _find(tree, state.origin, range(common, min(last, tree.size)))
    wrong = _wrong(folder, state, held, stated)
    name = f"successor-{largest.checkpoint.size}-{common}-{shown.checkpoint.root.hex()[:8]}"
    files = {"held": largest.note, "shown": shown.note} | ({"entry": stated.entry.decode()} if stated else {})
    kept = folder.keep_evidence(name, files)
    if stated is None or wrong:
        raise MirrorRefused(
            why=f"{shown.checkpoint.origin} has the first {common} of the {largest.checkpoint.size} entries held here, and "
            f"{wrong}. Both checkpoints are kept in {kept}"
        )
    return stated


def _find(tree: AuthenticTree, origin: str, indices: range) -> Stated | None:
    for number in range(indices.start // TILE_WIDTH, -(-indices.stop // TILE_WIDTH)):
        for index, entry in enumerate(tree.entries(number), number * TILE_WIDTH):
            leaf = _succeeded(entry) if index in indices else None
            if leaf is not None and leaf.final.origin == origin:
                return Stated(index, entry, leaf)
    return None


def _succeeded(entry: bytes) -> LogSucceeded | None:
    try:
        leaf = decode_leaf(entry)
    except BadInput:  # a kind that this version does not know
        return None
    return leaf if isinstance(leaf, LogSucceeded) else None


def _wrong(folder: MirrorFolder, state: State, held: list[Seen], stated: Stated | None) -> str:
    """Why an entry does not account for what is held, in words that go on after `and`; empty where it does."""
    if stated is None:
        return "does not say there that it goes on after a loss"
    final, largest = stated.leaf.final, max(each.checkpoint.size for each in held)
    if final.vkey not in {key.vkey for key in kept_ring(folder, state).verifiers}:
        return f"names another key of {state.origin} than is believed here"
    if final.size < largest:
        return f"says that {state.origin} ended with {final.size}"
    if any(final.size == each.checkpoint.size and from_text(final.root) != each.checkpoint.root for each in held):
        return f"names another last checkpoint of {state.origin} than was signed"
    return ""


# ---- Setting the old log aside ----


def _keys_now(folder: MirrorFolder, state: State) -> list[str]:
    return [key.vkey for key in kept_ring(folder, state).verifiers]


def _set_aside(folder: MirrorFolder, state: State, common: int) -> None:
    """Tiles of its own for the old log, and for each before it that is longer than what stays."""
    keep_past(folder, state.origin)
    for place in (folder.log / PAST).iterdir():
        size = (read_published(place, CHECKPOINT) or b"").split(b"\n")[1:2]
        tiles = place / "tile"
        if size and int(size[0]) > common and (tiles.is_symlink() or not tiles.exists()):
            unfinished = place / "tile.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            _link_files(folder.log / "tile", unfinished)
            tiles.unlink(missing_ok=True)
            unfinished.rename(tiles)
            sync_folder(place)


def _link_files(source: Path, target: Path) -> None:
    """All files of a folder once more, by links: none of them ever changes."""
    for file in [file for file in source.rglob("*") if file.is_file()]:
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, place)
        except OSError:  # a file system without links
            write_durably(place, file.read_bytes())
    for each in [target, *(each for each in target.rglob("*") if each.is_dir())]:
        sync_folder(each)
