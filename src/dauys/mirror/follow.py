"""One round of following a log: the newest signed checkpoint, what it proves, and all of it on disk, in this order.

1. every source's checkpoint is opened with the log's keys; the newest one's tiles must give its root;
2. whatever was ever believed here (stored, or in progress) must be the beginning of it, else both are kept as evidence;
3. it is noted as pending; bundles and their tiles are verified, then stored durably, then the note moves on;
4. the tiles above, the texts, and last the checkpoint: from then on it is what this mirror holds.

Killed between any two, the next round goes on: no file under its own name was ever unverified or half written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from dauys.errors import (
    DauysError,
    FileRejected,
    MirrorBehind,
    NoteInvalid,
    NotFound,
    ProofInvalid,
    SourceForked,
    Unreachable,
)
from dauys.ledger.durable import write_all_durably, write_durably
from dauys.ledger.publication import changed_tiles, read_published
from dauys.mirror.folder import CHECKPOINT, MirrorFolder, State
from dauys.mirror.ring import kept_ring, learn
from dauys.mirror.sources import Ahead, Source
from dauys.mirror.succession import go_on, past_path
from dauys.translog.authentic import AuthenticTree
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.encoding import encode_base64
from dauys.translog.note import Verifier
from dauys.translog.tiles import TILE_WIDTH, Tile, bundle, entries_path, tile_path

AT_ONCE = 32  # bundles that are read, verified and synced to disk together


class Seen(NamedTuple):
    """A checkpoint that the log signed, verbatim, who showed it, and under which prefix of theirs its tiles stand."""

    checkpoint: Checkpoint
    note: str
    source: Source | None
    prefix: str = ""


@dataclass
class Follower:
    """Brings a mirror's folder to what its sources show; `progress(entries stored, entries there)` is told on the way."""

    folder: MirrorFolder
    state: State
    sources: list[Source]
    progress: Callable[[int, int], None] = lambda *_: None
    troubles: list[str] = field(default_factory=list)  # of the last round: sources that did not serve, and why

    def round(self) -> int:
        """One round; the size that is now stored.

        SourceForked, with its evidence kept, where histories differ; MirrorBehind where every source shows less than is
        stored here; Unreachable or ProofInvalid where no source serves what its checkpoint promises.
        """
        self.troubles.clear()
        go_on(self.folder, self.state)
        size = self._round()
        while go_on(self.folder, self.state):
            size = self._round()
        return size

    def _round(self) -> int:
        seen = self._look()
        stored = read_published(self.folder.log, CHECKPOINT)
        if not self.state.pending and {each.note.encode() for each in seen} == {stored}:
            return self.state.size  # nothing new anywhere, and nothing that was killed before it was noted
        held = self.held()
        self._compare_same_sizes(seen + held)
        if max(each.checkpoint.size for each in seen) < max((each.checkpoint.size for each in held), default=0):
            self._judge_smaller(seen, held)
        failed: list[DauysError] = []
        for newest in sorted(seen, key=lambda each: -each.checkpoint.size):
            try:
                return self._take(newest, seen + held)
            except (ProofInvalid, Unreachable) as error:
                self._trouble(newest.source, error, failed)
        raise failed[0]

    def _look(self) -> list[Seen]:
        """What the sources show; the last one's error where none shows a checkpoint of this log."""
        seen, failed = list[Seen](), list[DauysError]()
        for source in self.sources:
            try:
                seen.append(self._shown(source))
            except (NotFound, FileRejected, Unreachable) as error:
                self._trouble(source, error, failed)
        if not seen:
            raise failed[0]
        return seen

    def _shown(self, source: Source) -> Seen:
        """A source's newest checkpoint; of a source that shows the log's successor, the log's last one, until it is held here."""
        try:
            return self._shown_at(source, "")
        except NoteInvalid:
            with suppress(NotFound, FileRejected):
                last = self._shown_at(source, f"{past_path(self.state.origin)}/")
                if last.checkpoint.size > self.state.size:
                    return last
            raise

    def _shown_at(self, source: Source, prefix: str) -> Seen:
        note = source.read(f"{prefix}{CHECKPOINT}").decode(errors="replace")
        if trouble := learn(self.folder, self.state, source, prefix):
            self.troubles.append(trouble)
        return Seen(kept_ring(self.folder, self.state).open(note, self.state.origin), note, source, prefix)

    def _trouble(self, source: Source | None, error: DauysError, failed: list[DauysError]) -> None:
        self.troubles.append(f"{source.name if source else ''}: {error}")
        failed.append(error)

    def held(self) -> list[Seen]:
        """What was believed before: the stored checkpoint first, and the pending one."""
        stored = read_published(self.folder.log, CHECKPOINT)
        notes = [note for note in ((stored or b"").decode(), self.state.pending) if note]
        return [Seen(self._believed(note), note, None) for note in notes]

    def _believed(self, note: str) -> Checkpoint:
        """A checkpoint that was believed before, also under a name that the log had then."""
        for past in self.state.past:
            if note.partition("\n")[0] == past.origin:
                return open_checkpoint(note, [Verifier.parse(key) for key in past.keys], past.origin)
        return kept_ring(self.folder, self.state).open(note, self.state.origin)

    def _compare_same_sizes(self, notes: list[Seen]) -> None:
        by_size: dict[int, Seen] = {}
        for each in notes:
            other = by_size.setdefault(each.checkpoint.size, each)
            if other.checkpoint.root != each.checkpoint.root:
                self._fork(other, each, [])

    def _judge_smaller(self, seen: list[Seen], held: list[Seen]) -> None:
        """Every source shows less than was seen before: an old copy, or a log that was put back to a backup."""
        stored = held[0]
        largest = max(seen, key=lambda each: each.checkpoint.size)
        if self.state.size and largest.checkpoint.size <= stored.checkpoint.size:
            mine = AuthenticTree(stored.checkpoint, self.folder.read)
            if mine.root_at(largest.checkpoint.size) != largest.checkpoint.root:
                self._fork(largest, stored, mine.consistency_proof(largest.checkpoint.size))
        newest = max(held, key=lambda each: each.checkpoint.size)
        name = f"rollback-{newest.checkpoint.size}-{largest.checkpoint.size}"
        self.folder.keep_evidence(name, {"seen-before": newest.note, "shown-now": largest.note})
        raise MirrorBehind(held=newest.checkpoint.size, shown=largest.checkpoint.size)

    def _fork(self, smaller: Seen, larger: Seen, proof: list[bytes]) -> None:
        """Keeps both checkpoints; `proof` leads from the larger one's root to another root at the smaller size."""
        sizes = f"{smaller.checkpoint.size}-{larger.checkpoint.size}"
        name = f"fork-{sizes}-{smaller.checkpoint.root.hex()[:8]}-{larger.checkpoint.root.hex()[:8]}"
        files = {"smaller": smaller.note, "larger": larger.note}
        if proof:
            files["proof"] = f"old {smaller.checkpoint.size}\n" + "".join(f"{encode_base64(each)}\n" for each in proof)
        kept = self.folder.keep_evidence(name, files)
        raise SourceForked(origin=self.state.origin, folder=kept)

    # ---- Taking a checkpoint ----

    def _take(self, newest: Seen, others: list[Seen]) -> int:
        """All of a checkpoint, from the source that showed it."""
        assert newest.source is not None
        ahead = Ahead(newest.source, newest.prefix)
        try:
            tree = AuthenticTree(newest.checkpoint, ahead.read)
            for each in others:
                size = each.checkpoint.size
                if size < tree.size and tree.root_at(size) != each.checkpoint.root:
                    self._fork(each, newest, tree.consistency_proof(size))
            if tree.size > self.state.size or read_published(self.folder.log, CHECKPOINT) is None:
                self._note(pending=newest.note)
                self._store_bundles(tree, ahead)
                self._store_upper_tiles(tree)
        finally:
            ahead.close()
        self._finish(newest)
        return tree.size

    def _store_bundles(self, tree: AuthenticTree, ahead: Ahead) -> None:
        numbers = range(self.state.bundles, -(-tree.size // TILE_WIDTH))
        ahead.announce(path for number in numbers for path in _unread(tree, number))
        for start in range(numbers.start, numbers.stop, AT_ONCE):
            part = range(start, min(start + AT_ONCE, numbers.stop))
            write_all_durably(file for number in part for file in self._verified(tree, number))
            self._note(bundles=min(part.stop, tree.size // TILE_WIDTH))
            self.progress(min(part.stop * TILE_WIDTH, tree.size), tree.size)

    def _verified(self, tree: AuthenticTree, number: int) -> Iterator[tuple[Path, bytes]]:
        leaves, width = tree.tile(0, number), tree.width(0, number)
        tile, entries = _paths(number, width)
        yield self.folder.log / entries, bundle(tree.entries(number, leaves))
        yield self.folder.log / tile, leaves

    def _store_upper_tiles(self, tree: AuthenticTree) -> None:
        level = 1
        while tree.size >> 8 * level:
            write_all_durably(
                (self.folder.log / Tile(level, number, width).path, tree.tile(level, number))
                for number, width in changed_tiles(self.state.size, tree.size, level)
            )
            level += 1

    def _finish(self, newest: Seen) -> None:
        """The checkpoint last; cosignatures that came later replace the same size's."""
        write_durably(self.folder.log / CHECKPOINT, newest.note.encode())
        before = self.state.size
        self._note(size=newest.checkpoint.size, pending="", bundles=newest.checkpoint.size // TILE_WIDTH)
        self.folder.link(self.state.origin)
        self._collect(before)

    def _collect(self, before: int) -> None:
        """Takes away the partial forms of what has become full."""
        level = 0
        while before >> 8 * level:
            number = (before >> 8 * level) // TILE_WIDTH
            if (self.state.size >> 8 * level) // TILE_WIDTH > number:
                for path in (tile_path(level, number), entries_path(number)):
                    if level == 0 or path.startswith(f"tile/{level}/"):
                        shutil.rmtree(self.folder.log / f"{path}.p", ignore_errors=True)
            level += 1

    def _note(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self.state, name, value)
        self.folder.write_state(self.state)


def _unread(tree: AuthenticTree, number: int) -> Iterator[str]:
    """What will be read of a tile and its bundle; the tile at the edge was read with the root."""
    tile, entries = _paths(number, tree.width(0, number))
    if tree.width(0, number) == TILE_WIDTH:
        yield tile
    yield entries


def _paths(number: int, width: int) -> tuple[str, str]:
    return tile_path(0, number, width), entries_path(number, width)
