"""A published log of made-up entries in a folder, which its operator may also fork, put back or harm."""

from dataclasses import dataclass, field
from pathlib import Path

from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash
from dauys.translog.note import Signer
from dauys.translog.tiles import TILE_WIDTH, Tile, TileTree, bundle

SIGNER = Signer("log.example/2026", b"\x03" * 32)


@dataclass
class MadeLog:
    """Call `grow`; `entries` are what it holds."""

    folder: Path
    signer: Signer = SIGNER
    entries: list[bytes] = field(default_factory=list)

    def grow(self, count, label="entry", entries=()):
        """Appends entries and publishes, as a log does: partial tiles of this size, then the checkpoint."""
        old = len(self.entries)
        self.entries += list(entries) or [f"{label} {old + n}".encode() for n in range(count)]
        tree = TileTree(0, lambda *_: b"")
        for level, number, data in tree.append([leaf_hash(entry) for entry in self.entries]):
            self.write(Tile(level, number, len(data) // 32).path, data)
        for number in range(old // TILE_WIDTH, -(-len(self.entries) // TILE_WIDTH)):
            part = self.entries[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]
            self.write(Tile(None, number, len(part)).path, bundle(part))
        self.write("checkpoint", self.note(Checkpoint(self.signer.name, tree.size, tree.root())).encode())
        return self

    def note(self, checkpoint):
        return sign_checkpoint(self.signer, checkpoint)

    def write(self, path, data):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    @property
    def vkey(self):
        return self.signer.verifier.vkey
