"""What an audit remembers between two runs: the log it has read so far, folded. One file, and beside it all leaf hashes.

FILE is replaced whole and durably; FILE.leaves only grows and is cut to what FILE says. Killed at any moment, the next
run goes on from the last FILE. Both are the auditor's own: whoever can write them can spoil the audit.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from dauys.audit.lives import Lives, Named, Reached
from dauys.errors import StateUnreadable
from dauys.ledger.durable import write_durably
from dauys.ledger.findings import Finding, Found
from dauys.ledger.key_history import KeyHistory
from dauys.ledger.opened import Opened
from dauys.ledger.recount import Recount
from dauys.ledger.signature_runs import Family, Run, hour_of
from dauys.ledger.signers import Signers
from dauys.ledger.standing import Counts, Standing, Totals
from dauys.ledger.vault_history import VaultHistory
from dauys.ledger.withdrawal_leaves import Withdrawals
from dauys.petitions.life import Life
from dauys.translog.frontier import Frontier
from dauys.translog.merkle import HASH_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = 2  # of the file; another program's state is not guessed at
MODE = 0o600  # of both files
NAME = 43  # characters of a pseudonym as it is written
Table: TypeAlias = list[tuple[str, str, int]]  # totals by subject and tier


class KeptSubject(msgspec.Struct):
    """An `Opened`; pseudonyms of a tier stand one after another."""

    opens: int
    closes: int
    ends: int
    seen: dict[str, bytes]
    hours: list[tuple[str, int, int]]
    hidden: dict[bytes, str]
    opened: list[bytes]
    paper: int


class KeptRun(msgspec.Struct):
    """A `Run`; its families by their place in the list of all."""

    start: int
    hour: bytes
    families: list[int]
    which: bytes
    names: bytes


class Kept(msgspec.Struct):
    """Everything; `note` is the newest checkpoint that the log signed for us, `source` where it was read.

    A killed run may have read fewer entries than the note is over; the next one proves them all together.
    """

    format: int
    source: str
    origin: str
    note: str
    levels: list[bytes]
    findings: list[tuple[int | None, str, dict[str, Any]]]
    more: dict[str, int]
    subjects: dict[str, KeptSubject]
    counts: list[Table]
    next: int
    families: list[tuple[str, str]]
    runs: list[KeptRun]
    kinds: dict[str, int]
    mode: str
    latest: int
    lives: dict[str, Life]
    texts: dict[str, Named]
    titles: dict[str, str]
    public: dict[str, int]
    steps: dict[int, tuple[str, str]]
    reached: dict[str, Reached]
    history: VaultHistory = msgspec.field(default_factory=VaultHistory)
    keys: KeyHistory = msgspec.field(default_factory=KeyHistory)
    bodies: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)


_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Kept)


class StateFile:
    """FILE and FILE.leaves."""

    def __init__(self, path: Path) -> None:
        self.path, self._leaves = path, path.with_name(f"{path.name}.leaves")

    def load(self) -> Kept | None:
        """What was kept, or None where there is nothing yet; StateUnreadable."""
        try:
            kept = _decoder.decode(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, OSError) as error:
            raise StateUnreadable(file=self.path, what=error) from None
        if kept.format != FORMAT:
            raise StateUnreadable(file=self.path, what=f"its format is {kept.format}, not {FORMAT}")
        return kept

    def save(self, kept: Kept, fresh: Iterable[bytes]) -> None:
        """Keeps more, with the leaf hashes since the last time."""
        size = Frontier(kept.levels).size * HASH_SIZE
        data = b"".join(fresh)
        with self._leaves.open("ab") as file:
            os.fchmod(file.fileno(), MODE)
            file.truncate(size - len(data))  # what a killed run wrote after its last FILE
            file.seek(0, os.SEEK_END)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        write_durably(self.path, _encoder.encode(kept), mode=MODE)

    def leaves(self, size: int) -> bytes:
        """The leaf hashes of the first entries; StateUnreadable where they are not all there."""
        try:
            data = self._leaves.read_bytes()[: size * HASH_SIZE]
        except OSError as error:
            raise StateUnreadable(file=self._leaves, what=error.strerror) from None
        if len(data) < size * HASH_SIZE:
            raise StateUnreadable(file=self._leaves, what="it is cut short")
        return data


def keep(frontier: Frontier, recount: Recount, lives: Lives, **facts: str) -> Kept:
    """The folded log as it stands."""
    families: dict[Family, int] = {}
    runs = [_kept_run(run, families) for run in recount.standing.provisional]
    counts, seen = recount.counts, recount.signers.by_subject()
    return Kept(
        format=FORMAT, levels=frontier.dump(),
        findings=[(each.index, each.code, each.facts) for each in recount.findings], more=recount.findings.more,
        subjects={name: _kept_subject(subject, seen[name]) for name, subject in recount.subjects.items()},
        counts=[_table(totals) for totals in (counts.standing, counts.confirmed, counts.withdrawn)],
        next=recount.standing.next, runs=runs,
        families=[(family.subject, family.tier) for family in families],
        kinds=recount.kinds, mode=recount.mode, latest=recount.latest, lives=lives.lives, texts=lives.texts,
        titles=lives.titles, public=lives.public, steps=lives.steps, reached=lives.reached, history=recount.history,
        keys=recount.keys, bodies=lives.bodies, **facts,
    )  # fmt: skip


def restore(kept: Kept, recount: Recount, lives: Lives) -> None:
    """Brings both to where they were kept."""
    recount.findings = lives.findings = Found((Finding(*each) for each in kept.findings), kept.more)
    recount.subjects = {name: _subject(each) for name, each in kept.subjects.items()}
    recount.signers = _signers(kept)
    families = [Family(*family) for family in kept.families]
    runs = deque(_run(run, families) for run in kept.runs)
    recount.standing = Standing(Counts(*map(_totals, kept.counts)), kept.next, runs)
    recount.kinds, recount.mode, recount.latest = Counter(kept.kinds), kept.mode, kept.latest
    recount.history = kept.history
    recount.keys = kept.keys
    lives.lives, lives.texts, lives.titles = kept.lives, kept.texts, kept.titles
    lives.bodies = kept.bodies
    lives.public, lives.steps, lives.reached = kept.public, kept.steps, kept.reached


def _kept_subject(subject: Opened, seen: dict[str, list[bytes]]) -> KeptSubject:
    return KeptSubject(
        subject.opens, subject.closes, subject.ends, {tier: b"".join(names) for tier, names in seen.items()},
        [(*key, count) for key, count in subject.hours.items()],
        subject.withdrawals.hidden, list(subject.withdrawals.opened), subject.paper,
    )  # fmt: skip


def _subject(kept: KeptSubject) -> Opened:
    return Opened(
        kept.opens, kept.closes, kept.ends,
        defaultdict(int, {(tier, hour): count for tier, hour, count in kept.hours}),
        Withdrawals(kept.hidden, set(kept.opened)), kept.paper,
    )  # fmt: skip


def _signers(kept: Kept) -> Signers:
    signers = Signers()
    for subject, each in kept.subjects.items():
        for tier, names in each.seen.items():
            signers.hold(Family(subject, tier), _names(names))
    return signers


def _kept_run(run: Run, families: dict[Family, int]) -> KeptRun:
    places = [families.setdefault(family, len(families)) for family in run.families]
    return KeptRun(run.start, run.hour.text.encode(), places, run.which, b"".join(run.names))


def _run(kept: KeptRun, families: list[Family]) -> Run:
    own = [families[place] for place in kept.families]
    return Run(kept.start, hour_of(kept.hour), own, kept.which, _names(kept.names))


def _names(data: bytes) -> list[bytes]:
    return [data[start : start + NAME] for start in range(0, len(data), NAME)]


def _table(totals: Totals) -> Table:
    return [(*key, count) for key, count in totals.items()]


def _totals(table: Table) -> Totals:
    return Counter({(subject, tier): count for subject, tier, count in table})
