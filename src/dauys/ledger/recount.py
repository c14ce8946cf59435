"""Replays the public log's entries by the rules and recounts: schemas, order, one person one act, windows, counts.

Pure: entries come in by index; what the operator published or showed is compared afterwards by tree size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dauys.errors import BadInput
from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.findings import MOST_FINDINGS, Finding, Found, said, told, word
from dauys.ledger.key_history import KeyHistory
from dauys.ledger.leaves import AnyLeaf, LogOpened, PetitionOpened, PetitionSignature, decode_leaf, from_text
from dauys.ledger.log_history import LogLeaf, is_closed, judge_log
from dauys.ledger.log_leaves import LogSucceeded
from dauys.ledger.moments import from_unix, moment_text, unix_of
from dauys.ledger.opened import Opened
from dauys.ledger.paper_leaf import PaperEntered
from dauys.ledger.petition_leaves import AppealDecided, Decided, Merged, Removed, Step, Stopped, Withdrawn
from dauys.ledger.signature_columns import Columns
from dauys.ledger.signature_rules import judge_signatures
from dauys.ledger.signature_runs import (
    HOUR,
    BundleReader,
    Item,
    Run,
    Single,
    run_of,
    since_of,
)
from dauys.ledger.signers import Signers
from dauys.ledger.standing import Counts, Standing, Totals
from dauys.ledger.vault_history import VaultHistory
from dauys.ledger.vault_leaves import VaultLeaf
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn, WithdrawalsOpened

__all__ = ["MOST_FINDINGS", "Finding", "Opened", "Recount"]

FINAL, ALL = said("final signatures"), said("signatures")
NEVER = 1 << 62
TOLERANCE = HOUR  # seconds by which clocks may differ, and an act may wait before it is written
WITHDRAWAL = b'"kind":"petition.signature-withdrawn"'
ENDINGS = (Withdrawn, Stopped, Merged, Removed, Decided)  # steps that end signing before its time


@dataclass
class Recount:
    """Feed `bundles` or `entry` in order; `sizes` are the tree sizes whose counts will be asked for, `now` unix seconds.

    `steps` gets every opening and step with its index, `confirmed` the subjects that a confirmation reached, both with the
    recount before it or after it: whoever knows the lives judges them.
    """

    sizes: frozenset[int]
    origin: str
    steps: Callable[[int, Step | PetitionOpened, Recount], None] = lambda *_: None
    confirmed: Callable[[int, set[str], Recount], None] = lambda *_: None
    now: int = NEVER
    findings: Found = field(default_factory=Found)
    subjects: dict[str, Opened] = field(default_factory=dict)
    signers: Signers = field(default_factory=Signers)
    standing: Standing = field(default_factory=Standing)
    kinds: Counter[str] = field(default_factory=Counter)
    at_size: dict[int, Counts] = field(default_factory=dict)
    mode: str = ""
    since: int = 0  # entries whose counts at smaller sizes are not known any more
    keys: KeyHistory = field(default_factory=KeyHistory)
    latest: int = 0  # the latest moment that an entry named, unix seconds
    history: VaultHistory = field(default_factory=VaultHistory)
    _reader: BundleReader = field(default_factory=BundleReader)

    @property
    def counts(self) -> Counts:
        """Signatures so far."""
        return self.standing.counts

    def resume(self, size: int) -> None:
        """Goes on after so many entries, whose state was brought back."""
        self.since = size
        self._mark(size)

    def bundles(self, several: Iterable[tuple[int, Columns]]) -> None:
        """Bundles one after another, the first entry of each at an index, judged together as far as nobody asks between."""
        waiting = list[Run]()
        for start, columns in several:
            for item in self._reader.read(start, columns):
                self._take(item, waiting)
        self._sign(waiting)

    def _take(self, item: Item, waiting: list[Run]) -> None:
        """Signatures wait until something is read that asks for their counts."""
        if not isinstance(item, Run):
            if not self._withdrawn_meanwhile(item):
                self._sign(waiting)
                self.entry(item.place, item.entry)
            return
        for run in item.parts(self.sizes):
            if run.start in self.sizes:
                self._sign(waiting)
                self._mark(run.start)
            self._judge_age(run)
            waiting.append(run)

    def entry(self, index: int, data: bytes) -> None:
        """One entry of the log; broken rules become findings."""
        self._mark(index)
        closed = is_closed(self.kinds)
        try:
            leaf = decode_leaf(data)
        except BadInput as error:
            self.findings.add(index, "leaf-unreadable", why=told(error))
            return
        if isinstance(leaf, PetitionSignature):
            run = run_of(index, leaf)
            self._judge_age(run)
            self._sign([run])
        else:
            self.kinds[type(leaf).__struct_config__.tag] += 1  # type: ignore[index]
            self._judge(index, leaf)
            if closed and not isinstance(leaf, LogSucceeded):
                self.findings.add(index, "after-closing")
            self._mark(index + 1)

    def _withdrawn_meanwhile(self, item: Single) -> bool:
        """Takes a withdrawal for which enough signatures stand, whatever still waits: it need not end a run."""
        if (
            is_closed(self.kinds)
            or WITHDRAWAL not in item.entry
            or item.place in self.sizes
            or item.place + 1 in self.sizes
        ):
            return False
        try:
            leaf = decode_leaf(item.entry)
        except BadInput:
            return False
        if not isinstance(leaf, SignatureWithdrawn) or self.counts.standing[leaf.subject, leaf.tier] < 1:
            return False
        self.kinds["petition.signature-withdrawn"] += 1
        self._judge_withdrawal(item.place, leaf)
        return True

    def _mark(self, size: int) -> None:
        if size in self.sizes and size not in self.at_size:
            self.at_size[size] = self.counts.copy()

    def _judge(self, index: int, leaf: AnyLeaf) -> None:
        if isinstance(leaf, LogOpened):
            self._judge_opening(index, leaf)
        elif index == 0:
            self.findings.add(index, "no-opening")
        elif isinstance(leaf, PetitionOpened):
            self._judge_petition(index, leaf)
            self.steps(index, leaf, self)
        elif isinstance(leaf, Step):
            self._judge_step(index, leaf)
            self.steps(index, leaf, self)
        else:
            self._judge_act(index, leaf)

    def _judge_act(self, index: int, leaf: AnyLeaf) -> None:
        if isinstance(leaf, SignatureWithdrawn):
            self._judge_withdrawal(index, leaf)
        elif isinstance(leaf, WithdrawalsOpened):
            self._judge_openings(index, leaf)
        elif isinstance(leaf, PaperEntered):
            self._judge_sheet(index, leaf)
        elif isinstance(leaf, ActsConfirmed):
            self._judge_confirmation(index, leaf)
        elif isinstance(leaf, LogLeaf):
            self._judge_log(index, leaf)
        elif isinstance(leaf, VaultLeaf):
            self._judge_vault(index, leaf)

    def _judge_opening(self, index: int, leaf: LogOpened) -> None:
        self.mode = self.mode or leaf.mode
        self.keys.opened(leaf)
        self._moment(index, leaf.opened)
        if index:
            self.findings.add(index, "log-opened-twice")
        if leaf.origin != self.origin:
            self.findings.add(index, "other-origin", opened=leaf.origin, origin=self.origin)

    def _judge_log(self, index: int, leaf: LogLeaf) -> None:
        """What the log says about itself."""
        self._moment(index, leaf.moment)
        judge_log(index, leaf, self.origin, self.keys, self.findings)

    def _judge_petition(self, index: int, leaf: PetitionOpened) -> None:
        opens, closes = self._moment(index, leaf.opens), unix_of(leaf.closes)
        if leaf.subject in self.subjects:
            self.findings.add(index, "opened-twice", subject=leaf.subject)
        elif opens is not None and closes is not None:
            self.subjects[leaf.subject] = Opened(opens, closes, closes)
        elif opens is not None:
            self.findings.add(index, "moment-impossible", subject=leaf.subject)

    # ---- Time: no entry is older than those before it ----

    def _moment(self, index: int, text: str) -> int | None:
        """Unix seconds of a step's moment, judged against those before it; None where there is no such moment."""
        moment = unix_of(text)
        if moment is None:
            self.findings.add(index, "moment-impossible")
        else:
            self._written(index, moment, moment, text)
        return moment

    def _written(self, index: int, since: int, until: int, text: str) -> None:
        """An entry says that it was written between two moments."""
        if until + TOLERANCE < self.latest:
            self.findings.add(index, "backdated", said=text, latest=moment_text(from_unix(self.latest)))
        if since > self.now + TOLERANCE:
            self.findings.add(index, "from-the-future", said=text)
        else:
            self.latest = max(self.latest, since)

    # ---- Signatures ----

    def _sign(self, runs: list[Run]) -> None:
        """Signatures of stretches that follow one another, judged by what they have in common; takes them all."""
        if not runs:
            return
        if runs[0].start == 0:
            self.findings.add(0, "no-opening")
        if is_closed(self.kinds):
            self.findings.add(runs[0].start, "after-closing")
        self.kinds["petition.signature"] += sum(len(run.names) for run in runs)
        known = judge_signatures(runs, self.subjects, self.history.destroyed, self.signers, self.findings)
        self.standing.sign(*known)
        end = runs[-1].end
        runs.clear()
        self._mark(end)

    def _judge_age(self, run: Run) -> None:
        """The hour of a run: at a glance where nothing is wrong with it, else one signature after another."""
        text, since = run.hour
        if since is not None and self.latest - since <= HOUR + TOLERANCE and since <= self.now:
            self.latest = max(since, self.latest)
            return
        for place, family, _ in run.each():
            if since is None:
                self.findings.add(place, "moment-impossible", subject=family.subject)
            else:
                self._written(place, since, since + HOUR, text)

    def _judge_hour(self, index: int, hour: str, since: int | None, subject: Opened, name: str) -> None:
        if since is None:
            self.findings.add(index, "moment-impossible", subject=name)
            return
        if since + HOUR <= subject.opens or since >= subject.ends:
            self.findings.add(index, "outside-window", subject=name, hour=hour)
        self._written(index, since, since + HOUR, hour)

    # ---- Withdrawals, paper, confirmations ----

    def _judge_withdrawal(self, index: int, leaf: SignatureWithdrawn) -> None:
        subject = self.subjects.get(leaf.subject)
        if subject is None or not self.standing.withdraw(leaf.subject, leaf.tier):
            self.findings.add(index, "withdrawal-of-none", subject=leaf.subject, tier=leaf.tier)
            return
        since = since_of(leaf.hour)
        self._judge_hour(index, leaf.hour, since, subject, leaf.subject)
        subject.hours[leaf.tier, since or 0] -= 1
        for code, facts in subject.withdrawals.hide(from_text(leaf.withdrawn), leaf.tier):
            self.findings.add(index, code, subject=leaf.subject, **facts)

    def _judge_openings(self, index: int, leaf: WithdrawalsOpened) -> None:
        """Nothing is opened while it can be signed; each opening fits one withdrawal of one signature that stands."""
        subject = self.subjects.get(leaf.subject)
        moment = self._moment(index, leaf.moment)
        if subject is None:
            self.findings.add(index, "not-opened", subject=leaf.subject)
            return
        if moment is not None and moment < subject.ends:
            self.findings.add(index, "opened-too-early", subject=leaf.subject)
        for each in leaf.opened:
            tier = self.signers.tier_of(leaf.subject, each.pseudonym.encode())
            for code, facts in subject.withdrawals.open(from_text(each.pseudonym), from_text(each.salt), tier):
                self.findings.add(index, code, subject=leaf.subject, **facts)

    def _judge_sheet(self, index: int, leaf: PaperEntered) -> None:
        subject = self.subjects.get(leaf.subject)
        self._moment(index, leaf.moment)
        held = subject.paper if subject else 0
        if subject is None or held != leaf.signatures or leaf.signatures > leaf.rows:
            self.findings.add(
                index, "sheet-differs", subject=leaf.subject, rows=leaf.rows, signatures=leaf.signatures, held=held
            )
        if leaf.officials[0] == leaf.officials[1]:
            self.findings.add(index, "one-official-twice", subject=leaf.subject)
        if subject is not None:
            subject.paper = 0

    def _judge_confirmation(self, index: int, leaf: ActsConfirmed) -> None:
        """Who was taken back may sign again, with a key that is good."""
        settled = self.standing.confirm(index, leaf)
        for hour, family, name in settled.taken:
            subject = self.subjects[family.subject]
            self.signers.discard(family.subject, name)
            subject.hours[family.tier, hour.since or 0] -= 1
        for code, facts in settled.problems:
            self.findings.add(index, code, **facts)
        self.confirmed(index, settled.subjects, self)

    def _judge_vault(self, index: int, leaf: VaultLeaf) -> None:
        moment = self._moment(index, leaf.moment)
        ends = {name: subject.ends for name, subject in self.subjects.items()}
        for code, facts in self.history.take(index, leaf, moment, ends):
            self.findings.add(index, code, **facts)

    def _judge_step(self, index: int, leaf: Step) -> None:
        """When signing is ended early, and goes on again; whether the step was allowed, `steps` judges."""
        subject, moment = self.subjects.get(leaf.subject), self._moment(index, leaf.moment)
        if subject is None or moment is None:
            return
        if isinstance(leaf, ENDINGS):
            subject.ends = min(subject.ends, moment)
        elif isinstance(leaf, AppealDecided) and leaf.granted:
            subject.ends = subject.closes

    # ---- What was published ----

    def compare(self, what: str, size: int, shown: dict[str, dict[str, int]], *, final: bool = False) -> None:
        """Compares counts by subject and tier that `what` shows for a tree size (of all, or final ones) with the recount."""
        counted = self._counted(what, size, final=final)
        if counted is None:
            return
        mine: dict[str, dict[str, int]] = {}
        for (subject, tier), count in counted.items():
            if count:
                mine.setdefault(subject, {})[tier] = count
        for subject in sorted(mine.keys() | shown.keys()):
            here, there = mine.get(subject, {}), shown.get(subject, {})
            if here != there:
                self._differs(what, subject, size, _listed(there), _listed(here), final=final)

    def compare_total(self, what: str, subject: str, size: int, shown: int, *, final: bool = False) -> None:
        """Compares one shown total with the recount."""
        counted = self._counted(what, size, final=final)
        if counted is None:
            return
        mine = sum(count for (name, _), count in counted.items() if name == subject)
        if mine != shown:
            self._differs(what, subject, size, str(shown), str(mine), final=final)

    def _differs(self, what: str, subject: str, size: int, shown: str, held: str, *, final: bool) -> None:
        which = word(FINAL if final else ALL)
        self.findings.add(
            None, "count-differs", what=what, subject=subject, size=size, shown=shown, held=held, which=which
        )

    def _counted(self, what: str, size: int, *, final: bool) -> Totals | None:
        counts = self.at_size.get(size)
        if counts is None:
            self.findings.add(None, "older-than-read" if size < self.since else "size-unknown", what=what, size=size)
            return None
        return counts.final if final else counts.standing


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {tier}" for tier, count in sorted(counts.items())) or "0"
