"""A log in memory whose checkpoints can be of any size, and a fork of it."""

from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash
from dauys.translog.note import Signer
from dauys.translog.submission import Submission
from dauys.translog.tiles import TileTree


class SmallLog:
    """`size` entries; two logs with the same `forks_at` agree below it, and where `branch` differs, not above."""

    def __init__(self, size=1000, *, forks_at=0, branch="", signer=None):
        self.signer = signer or Signer("log.example/2026", bytes(range(32)))
        tiles = {}
        self.tree = TileTree(0, lambda level, number: tiles[level, number])
        leaves = [leaf_hash(b"%d %s" % (i, branch.encode() if i >= forks_at else b"")) for i in range(size)]
        for level, number, data in self.tree.append(leaves):
            tiles[level, number] = data

    def checkpoint(self, size):
        return Checkpoint(self.signer.name, size, self.tree.root_at(size))

    def note(self, size, *beside, time=0):
        return sign_checkpoint(self.signer, self.checkpoint(size), *beside, time=time)

    def submission(self, old, size):
        proof = self.tree.consistency_proof(old, size) if old <= size else []
        return Submission(old, tuple(proof), self.note(size)).to_text().encode()
