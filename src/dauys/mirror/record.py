"""What the copied log says: every petition with its steps and counts, which texts it names, and which of them are erased.

Read from the mirror's own files, entry by entry; kept in memory and brought forward after each round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from dauys.errors import BadInput
from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.leaves import LogOpened, PetitionOpened, decode_leaf
from dauys.ledger.petition_leaves import Removed, Step, Submitted, texts_of
from dauys.ledger.published_counts import counts_document
from dauys.ledger.signature_columns import read_columns
from dauys.ledger.signature_runs import BundleReader, Item, Run
from dauys.ledger.standing import Standing, Totals
from dauys.ledger.vault_leaves import TextErased
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn
from dauys.translog.tiles import TILE_WIDTH, entries_path, unbundle


@dataclass
class Petition:
    """One petition as the log tells it: every step with its entry, in order."""

    subject: str
    steps: list[tuple[int, Step | PetitionOpened]] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Its number in the portal."""
        return int(self.subject.rpartition("/")[2])

    @property
    def opened(self) -> PetitionOpened | None:
        """The opening of its signing."""
        return next((leaf for _, leaf in self.steps if isinstance(leaf, PetitionOpened)), None)

    @property
    def own_texts(self) -> list[str]:
        """The hashes of its text as it was handed in and opened, the newest last."""
        return [leaf.text_sha256 for _, leaf in self.steps if isinstance(leaf, PetitionOpened | Submitted)]

    @property
    def text_sha256(self) -> str:
        """The hash of its text as it was last handed in or opened."""
        own = self.own_texts
        return own[-1] if own else ""

    @property
    def removed(self) -> Removed | None:
        """Its removal by moderation, unless an appeal has put it back."""
        found: Removed | None = None
        for _, leaf in self.steps:
            if isinstance(leaf, Removed):
                found = leaf
            elif getattr(leaf, "granted", False):
                found = None
        return found


@dataclass
class Record:
    """Feed it by `catch_up`."""

    size: int = 0
    mode: str = ""
    petitions: dict[str, Petition] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)  # hash → the entry that names it first
    erased: dict[str, tuple[int, str]] = field(
        default_factory=dict
    )  # hash → the entry that erases it, the reason's code
    unknown: int = 0  # entries of kinds that this version does not know
    changed: set[str] = field(default_factory=set)  # subjects, since somebody emptied it
    _standing: Standing = field(default_factory=Standing)
    _reader: BundleReader = field(default_factory=BundleReader)

    def catch_up(self, read: Callable[[str], bytes], size: int, progress: Callable[[int, int], None]) -> None:
        """Reads the entries up to `size` from the copied log."""
        while self.size < size:
            number, first = divmod(self.size, TILE_WIDTH)
            width = min(TILE_WIDTH, size - number * TILE_WIDTH)
            entries = unbundle(read(entries_path(number, width)))[first:width]
            for item in self._reader.read(self.size, read_columns(entries)):
                self._take(item)
            self.size = number * TILE_WIDTH + width
            progress(self.size, size)

    def _take(self, item: Item) -> None:
        if isinstance(item, Run):
            self._standing.sign([item], dict(item.counted))
            self.changed.update(family.subject for family, _ in item.counted)
            return
        try:
            leaf = decode_leaf(item.entry)
        except BadInput:  # a mirror of an older version goes on mirroring
            self.unknown += 1
            return
        if isinstance(leaf, LogOpened):
            self.mode = leaf.mode
        elif isinstance(leaf, SignatureWithdrawn):
            self._standing.withdraw(leaf.subject, leaf.tier)
            self.changed.add(leaf.subject)
        elif isinstance(leaf, ActsConfirmed):
            self.changed |= self._standing.confirm(item.place, leaf).subjects
        elif isinstance(leaf, TextErased):
            self.erased[leaf.text] = item.place, leaf.reason
            self.changed.update(self.petitions)
        elif isinstance(leaf, Step | PetitionOpened):
            self._step(item.place, leaf)

    def _step(self, index: int, leaf: Step | PetitionOpened) -> None:
        self.petitions.setdefault(leaf.subject, Petition(leaf.subject)).steps.append((index, leaf))
        self.changed.add(leaf.subject)
        own = [leaf.text_sha256] if isinstance(leaf, PetitionOpened | Submitted) else []
        for digest in (*own, *texts_of(leaf)):
            self.texts.setdefault(digest, index)

    def own_texts(self) -> set[str]:
        """The hashes of all petitions' own texts."""
        return {digest for petition in self.petitions.values() for digest in petition.own_texts}

    # ---- Counts ----

    def counts(self, subject: str) -> tuple[dict[str, int], dict[str, int]]:
        """Signatures of a subject by tier: those that stand, and the final ones."""
        standing, final = self._both()
        return standing.get(subject, {}), final.get(subject, {})

    def counts_json(self) -> bytes:
        """counts.json for this size, recounted: byte for byte what an honest log publishes."""
        return counts_document(self.size, *self._both())

    def _both(self) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
        return _by_subject(self._standing.counts.standing), _by_subject(self._standing.counts.final)


def _by_subject(totals: Totals) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (subject, tier), count in totals.items():
        if count:
            found[subject][tier] = count
    return dict(found)
