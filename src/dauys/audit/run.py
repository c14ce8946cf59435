"""One audit: the whole public log, or what is new in it since the last one, against its rules and what is shown of it."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from dauys.audit import shown
from dauys.audit.duties import overdue
from dauys.audit.folder import FolderSource
from dauys.audit.history import what_changed
from dauys.audit.known import Known, check_known, check_ring, check_succession, is_prefix
from dauys.audit.lives import Lives
from dauys.audit.looking import looking_at
from dauys.audit.state import Kept, StateFile, keep, restore
from dauys.audit.succession import with_successors
from dauys.audit.texts import Texts, check_texts
from dauys.audit.witnesses import Witnessed, check_witnesses
from dauys.audit.words import step_word
from dauys.errors import BadInput, StateUnreadable
from dauys.ledger.findings import told
from dauys.ledger.recount import Recount
from dauys.ledger.signature_columns import read_columns
from dauys.translog.audit import Bundle, looking_by, walk
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.frontier import Frontier, split_hashes
from dauys.translog.note import open_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dauys.audit.source import Shown, Source
    from dauys.ledger.signature_columns import Columns
    from dauys.translog.keyring import Keyring
    from dauys.translog.note import Verifier
    from dauys.translog.policy import Policy

SAVE_EVERY, SHARE = 5.0, 20  # seconds between two savings at least, and times their own cost
TOGETHER = 16  # bundles judged at once
NAMED = 3  # entries that a finding about history names one by one


@dataclass
class Outcome:
    """What an audit read and found."""

    source: Source
    note: str
    checkpoint: Checkpoint
    recount: Recount
    lives: Lives
    now: datetime
    keys: list[str]  # of those that are believed, which signed the checkpoint
    since: int = 0  # entries that an earlier audit had read
    before: str = ""  # the signed checkpoint of that audit, where the log is another one now
    compared: int = 0
    known: int = 0
    texts: Texts = Texts(0, {})  # noqa: RUF009 - a constant
    witnesses: Witnessed | None = None  # None where no policy was given


@dataclass
class Audit:
    """`run` does it all; `progress` gets entries done and their number."""

    source: Source
    verifiers: Sequence[Verifier]
    state: StateFile | None = None
    known: Sequence[Known] = ()
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    progress: Callable[[int, int], None] = lambda _done, _all: None
    save_every: float = SAVE_EVERY
    beside: bool = True  # with a second process where that is worth it
    policy: Policy | None = None  # whose cosignatures to look for
    ring: Keyring | None = None  # for which sizes the verifiers are believed, as far as that is known

    def run(self) -> Outcome:
        """DauysError where the log cannot be read at all; all else becomes a finding."""
        gc.disable()  # nothing here is a cycle, and each collection would walk every pseudonym there is
        try:
            return self._run()
        finally:
            gc.enable()

    def _run(self) -> Outcome:
        counts = shown.published_counts(self.source)
        pages = dict(zip(counts["subjects"], self.source.gather(self.source.shown, counts["subjects"]), strict=True))
        note = self.source.read("checkpoint").decode(errors="replace")
        self.verifiers = with_successors(self.source.read, self.verifiers)
        checkpoint = open_checkpoint(note, self.verifiers)
        kept = self._kept(checkpoint)
        made = self._made(note, checkpoint, frozenset(shown.sizes(counts, pages)))
        if not (kept and self._went_on(made, kept)):
            made = self._made(note, checkpoint, made.recount.sizes)
            self._anew(made, kept)
        self._look_beside(made, counts, pages)
        return made

    def _made(self, note: str, checkpoint: Checkpoint, sizes: frozenset[int]) -> Outcome:
        lives = Lives()
        recount = Recount(
            sizes, checkpoint.origin, lives.take, lives.confirmed, int(self.now.timestamp()), findings=lives.findings
        )
        keys = [each.verifier.vkey for each in open_note(note, self.verifiers).signatures]
        return Outcome(self.source, note, checkpoint, recount, lives, self.now, keys)

    def _kept(self, checkpoint: Checkpoint) -> Kept | None:
        kept = self.state.load() if self.state else None
        names = {checkpoint.origin, *(verifier.name for verifier in self.verifiers)}  # a successor's auditor knows both
        if kept is not None and self.state is not None and kept.origin not in names:
            raise StateUnreadable(file=self.state.path, what=f"it is of {kept.origin}, not of {checkpoint.origin}")
        return kept

    # ---- Reading ----

    def _went_on(self, made: Outcome, kept: Kept) -> bool:
        """Reads what is new; false where the log is not the one of before, so that it must be read anew."""
        frontier = Frontier(kept.levels)
        if frontier.size > made.checkpoint.size or kept.origin != made.checkpoint.origin or self._changed(made, kept):
            return False
        made.since = frontier.size
        restore(kept, made.recount, made.lives)
        made.recount.resume(frontier.size)
        try:
            self._walk(made, frontier)
        except BadInput:  # what was read in between never was of a signed tree, or a file is broken
            return False
        return True

    def _anew(self, made: Outcome, kept: Kept | None) -> None:
        """Reads the whole log, and tells how it differs from the one that was read before."""
        code, leaves = self._changed(made, kept) if kept else "", list[bytes]()
        try:
            self._walk(made, Frontier(), leaves, saves=not code)  # what was kept of another log is evidence
        except BadInput as error:
            made.recount.findings.first(None, "tree", why=told(error))
        if kept and code:
            self._tell_history(made, kept, code, b"".join(leaves))

    def _changed(self, made: Outcome, kept: Kept) -> str:
        """The code of a finding where the log is not one that grew from what it was; else empty."""
        seen = open_checkpoint(kept.note, self.verifiers)
        if made.checkpoint.size < seen.size:
            return "log-shrunk"
        return "" if is_prefix(seen, made.checkpoint, self.source.read) else "forked"

    def _walk(
        self, made: Outcome, frontier: Frontier, leaves: list[bytes] | None = None, *, saves: bool = True
    ) -> None:
        """Feeds the recount; keeps the state on the way and at the end. ProofInvalid where the tree fails."""
        size, fresh, saved, cost = made.checkpoint.size, list[bytes](), time.monotonic(), 0.0
        looking = looking_by(self.source.gather)
        if isinstance(self.source, FolderSource):
            looking = looking_at(size - frontier.size, beside=self.beside)
        walked = walk(made.checkpoint, self.source.read, frontier, read_columns, looking)
        while found := _judge_some(walked, made.recount):
            fresh += [bundle.leaves for bundle in found]
            if leaves is not None:
                leaves += [bundle.leaves for bundle in found]
            self.progress(found[-1].end, size)
            if saves and self.state and time.monotonic() - saved > max(self.save_every, SHARE * cost):
                cost = self._save(made, frontier, fresh)
                saved = time.monotonic()
        if saves:
            self._save(made, frontier, fresh)

    def _save(self, made: Outcome, frontier: Frontier, fresh: list[bytes]) -> float:
        """Keeps the state; the seconds it took."""
        began = time.monotonic()
        if self.state is not None:
            facts = {"source": made.source.name, "origin": made.checkpoint.origin, "note": made.note}
            self.state.save(keep(frontier, made.recount, made.lives, **facts), fresh)
            fresh.clear()
        return time.monotonic() - began

    # ---- What is beside the entries ----

    def _look_beside(self, made: Outcome, counts: dict[str, Any], pages: dict[str, list[Shown]]) -> None:
        found = made.recount.findings
        signers = [line.verifier.vkey for line in open_note(made.note, self.verifiers).signatures]
        made.recount.keys.compare(signers, found)
        check_ring(self.ring, made.checkpoint.size, signers, found)
        made.compared = shown.compare(made.recount, counts, pages)
        names = check_succession(made.checkpoint, self.source.read, found)
        for each in self.known:
            check_known(each, made.checkpoint, self.source.read, found, names)
            made.known += 1
        made.texts = check_texts(made.lives, made.recount.history.texts, found, self.source)
        for place, digest in made.recount.history.still_shown(self.source.text, self.source.gather):
            found.add(place, "text-still-shown", text=digest)
        for index, code, facts in overdue(made.lives, made.recount, self.now):
            found.add(index, code, **facts)
        if self.policy is not None:
            read = self.source.read
            made.witnesses = check_witnesses(made.note, self.policy, self.verifiers, read, self.now, found)

    def _tell_history(self, made: Outcome, kept: Kept, code: str, leaves: bytes) -> None:
        """What was deleted, put in, replaced or moved since the audit before."""
        assert self.state is not None
        before, found = open_checkpoint(kept.note, self.verifiers).size, made.recount.findings
        change = what_changed(split_hashes(self.state.leaves(Frontier(kept.levels).size)), split_hashes(leaves))
        if change is not None:
            found.first(change.index, change.code, count=change.count, was=_was(kept, change.index, change.count))
        facts = {"before": before, "size": made.checkpoint.size} if code == "log-shrunk" else {"size": before}
        found.first(None, code, source=str(self.state.path), **facts)
        made.before = kept.note


def _judge_some(walked: Iterator[Bundle], recount: Recount) -> list[Bundle]:
    """The next bundles, which the recount reads as they come and judges together: what they have in common, once."""
    found = list[Bundle]()

    def come() -> Iterator[tuple[int, Columns]]:
        for bundle in islice(walked, TOGETHER):
            found.append(bundle)
            yield bundle.start, bundle.told

    recount.bundles(come())
    return found


def _was(kept: Kept, index: int, count: int) -> Any:
    """The entries of before as a fact: steps by name, all else by number."""
    places = [place for place in range(index, index + min(count, 1000)) if place in kept.steps]
    named = [step_word(kept.steps[place][0]) | {"of": kept.steps[place][1]} for place in places[:NAMED]]
    others = count - len(named)
    return {"list": [*named, *([{"count": others}] if others else [])]}
