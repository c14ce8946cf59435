"""A published log whose operator holds its key: entries can be changed and everything signed anew, counts included."""

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dauys.audit.folder import FolderSource
from dauys.audit.report import build
from dauys.audit.run import Audit
from dauys.audit.state import StateFile
from dauys.ledger.leaves import decode_leaf, encode_leaf
from dauys.ledger.published_counts import counts_document
from dauys.ledger.recount import Recount
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.frontier import Frontier, hash_entries
from dauys.translog.note import Signer
from dauys.translog.tiles import TILE_WIDTH, bundle, entries_path, tile_path, unbundle


@dataclass
class PublishedLog:
    """A folder with a whole log."""

    folder: Path
    signer: Signer

    @classmethod
    def copy(cls, made, folder):
        shutil.copytree(made.folder, folder)
        return cls(folder, made.signer)

    @property
    def size(self):
        return open_checkpoint((self.folder / "checkpoint").read_bytes(), [self.signer.verifier]).size

    def entries(self):
        found = []
        for number in range(-(-self.size // TILE_WIDTH)):
            width = min(TILE_WIDTH, self.size - number * TILE_WIDTH)
            found += unbundle((self.folder / entries_path(number, width)).read_bytes())
        return found

    def leaves(self):
        return [decode_leaf(entry) for entry in self.entries()]

    def publish(self, entries, *, counts=True):
        """Everything anew from these entries, signed by the log's own key; what was is gone."""
        entries = [entry if isinstance(entry, bytes) else encode_leaf(entry) for entry in entries]
        shutil.rmtree(self.folder / "tile")
        frontier = Frontier()
        for start in range(0, len(entries), TILE_WIDTH):
            part = entries[start : start + TILE_WIDTH]
            hashed, number = hash_entries(part), start // TILE_WIDTH
            self.write(entries_path(number, len(part)), bundle(part))
            self.write(tile_path(0, number, len(part)), hashed.leaves)
            assert list(frontier.add(hashed)) == []
        for level, number, data in frontier.partial_tiles():
            self.write(tile_path(level, number, len(data) // 32), data)
        checkpoint = Checkpoint(self.signer.name, len(entries), frontier.root())
        self.write("checkpoint", sign_checkpoint(self.signer, checkpoint).encode())
        if counts:
            self.write("counts.json", counted(entries, self.signer.name))

    def write(self, path, data):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def counts(self):
        return json.loads((self.folder / "counts.json").read_bytes())

    def audit(self, state=None, known=(), **options):
        """The report of an audit."""
        source, kept = FolderSource(self.folder), StateFile(state) if state else None
        return build(Audit(source, [self.signer.verifier], kept, known, **options).run())


def counted(entries, origin):
    """The counts that an honest publisher writes for these entries."""
    recount = Recount(frozenset(), origin)
    for index, entry in enumerate(entries):
        recount.entry(index, entry)
    tables = []
    for totals in (recount.counts.standing, recount.counts.final):
        table = {}
        for (subject, tier), count in Counter(totals).items():
            if count:
                table.setdefault(subject, {})[tier] = count
        tables.append(table)
    return counts_document(len(entries), *tables)


def found(report, kind="broken"):
    """(index, code) of what was found."""
    return [(each["index"], each["code"]) for each in report["findings"] if each["kind"] == kind]
