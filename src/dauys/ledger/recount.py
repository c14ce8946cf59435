"""Replays the public log's entries by the rules and recounts: schemas, order, one person one act, windows, counts.

Pure: entries come in by index; what the operator published or showed is compared afterwards by tree size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from dauys.errors import BadInput
from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.leaves import AnyLeaf, LogOpened, PetitionOpened, PetitionSignature, decode_leaf, from_text
from dauys.ledger.moments import from_unix, moment_text, parse_hour, parse_moment
from dauys.ledger.paper_leaf import PaperEntered
from dauys.ledger.petition_leaves import AppealDecided, Decided, Merged, Removed, Step, Stopped, Withdrawn
from dauys.ledger.standing import Counts, Standing, Totals
from dauys.ledger.subjects import from_leaf
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn, Withdrawals, WithdrawalsOpened

MOST_FINDINGS = 100  # a log that breaks more rules than this is broken enough to say so


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: the entry's index (or None for a published number) and a sentence."""

    index: int | None
    sentence: str


ENDINGS = (Withdrawn, Stopped, Merged, Removed, Decided)  # steps that end signing before its time


@dataclass
class Opened:
    """What the replay knows of a subject; `ends` is `closes`, or the moment signing was ended before it."""

    opens: int
    closes: int
    ends: int
    seen: dict[str, str] = field(default_factory=dict)  # tiers by pseudonym
    withdrawals: Withdrawals = field(default_factory=Withdrawals)
    paper: int = 0  # signatures that no sheet accounts for yet


@dataclass
class Recount:
    """Feed `entry` in order; `sizes` are the tree sizes whose counts will be asked for.

    `steps` gets every opening and step with its index and the counts before it: whoever knows the lives judges them.
    """

    sizes: frozenset[int]
    origin: str
    steps: Callable[[int, Step | PetitionOpened, Counts], None] = lambda *_: None
    findings: list[Finding] = field(default_factory=list)
    subjects: dict[str, Opened] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)
    kinds: Counter[str] = field(default_factory=Counter)
    at_size: dict[int, Counts] = field(default_factory=dict)
    mode: str = ""

    @property
    def counts(self) -> Counts:
        """Signatures so far."""
        return self.standing.counts

    def entry(self, index: int, data: bytes) -> None:
        """One entry of the log; broken rules become findings."""
        if index in self.sizes:
            self.at_size[index] = self.counts.copy()
        try:
            leaf = decode_leaf(data)
        except BadInput as error:
            self._find(index, str(error))
            return
        self.kinds[type(leaf).__struct_config__.tag] += 1  # type: ignore[index]
        self._judge(index, leaf)
        if index + 1 in self.sizes:
            self.at_size[index + 1] = self.counts.copy()

    def _judge(self, index: int, leaf: AnyLeaf) -> None:
        if isinstance(leaf, LogOpened):
            self._judge_opening(index, leaf)
        elif index == 0:
            self._find(index, "the first entry does not open the log")
        elif isinstance(leaf, PetitionOpened):
            self._judge_petition(index, leaf)
            self.steps(index, leaf, self.counts)
        elif isinstance(leaf, PetitionSignature):
            self._judge_signature(index, leaf)
        elif isinstance(leaf, SignatureWithdrawn):
            self._judge_withdrawal(index, leaf)
        elif isinstance(leaf, WithdrawalsOpened):
            self._judge_openings(index, leaf)
        elif isinstance(leaf, PaperEntered):
            self._judge_sheet(index, leaf)
        elif isinstance(leaf, ActsConfirmed):
            self._judge_confirmation(index, leaf)
        else:
            self._judge_step(index, leaf)
            self.steps(index, leaf, self.counts)

    def _judge_opening(self, index: int, leaf: LogOpened) -> None:
        self.mode = self.mode or leaf.mode
        if index:
            self._find(index, "the log is opened a second time")
        if leaf.origin != self.origin:
            self._find(index, f"the log was opened as {leaf.origin}, its checkpoint says {self.origin}")

    def _judge_petition(self, index: int, leaf: PetitionOpened) -> None:
        if leaf.subject in self.subjects:
            self._find(index, f"{leaf.subject} is opened a second time")
            return
        try:
            _, opens, closes = from_leaf(leaf)
        except ValueError:
            self._find(index, f"{leaf.subject} names a moment that does not exist")
            return
        self.subjects[leaf.subject] = Opened(opens, closes, closes)

    def _judge_signature(self, index: int, leaf: PetitionSignature) -> None:
        subject = self.subjects.get(leaf.subject)
        if subject is None:
            self._find(index, f"a signature under {leaf.subject}, which was never opened")
            return
        if leaf.pseudonym in subject.seen:
            self._find(index, f"the same person counted twice under {leaf.subject}")
        subject.seen[leaf.pseudonym] = leaf.tier
        subject.paper += leaf.tier == "paper"
        self.standing.sign(index, leaf)
        self._judge_hour(index, leaf, subject)

    def _judge_hour(self, index: int, leaf: PetitionSignature | SignatureWithdrawn, subject: Opened) -> None:
        try:
            start = parse_hour(leaf.hour) * 3600
        except ValueError:
            self._find(index, "an hour that does not exist")
            return
        if start + 3600 <= subject.opens or start >= subject.ends:
            self._find(index, f"a signature of {leaf.hour}, outside the window of {leaf.subject}")

    def _judge_withdrawal(self, index: int, leaf: SignatureWithdrawn) -> None:
        subject = self.subjects.get(leaf.subject)
        if subject is None or not self.standing.withdraw(leaf.subject, leaf.tier):
            self._find(index, f"a withdrawal under {leaf.subject}, where no {leaf.tier} signature stands")
            return
        self._judge_hour(index, leaf, subject)
        for problem in subject.withdrawals.hide(from_text(leaf.withdrawn), leaf.tier):
            self._find(index, problem)

    def _judge_sheet(self, index: int, leaf: PaperEntered) -> None:
        subject = self.subjects.get(leaf.subject)
        if subject is None or subject.paper != leaf.signatures or leaf.signatures > leaf.rows:
            held = subject.paper if subject else 0
            self._find(
                index, f"a sheet of {leaf.rows} rows accounts for {leaf.signatures} signatures; the log holds {held}"
            )
        if leaf.officials[0] == leaf.officials[1]:
            self._find(index, "one official entered a sheet twice")
        if subject is not None:
            subject.paper = 0

    def _judge_openings(self, index: int, leaf: WithdrawalsOpened) -> None:
        """Nothing is opened while it can be signed; each opening fits one withdrawal of one signature that stands."""
        subject = self.subjects.get(leaf.subject)
        if subject is None:
            self._find(index, f"withdrawals under {leaf.subject}, which was never opened")
            return
        if leaf.moment < moment_text(from_unix(subject.ends)):
            self._find(index, f"withdrawals are opened while {leaf.subject} can still be signed")
        for each in leaf.opened:
            pseudonym, salt = from_text(each.pseudonym), from_text(each.salt)
            for problem in subject.withdrawals.open(pseudonym, salt, subject.seen.get(each.pseudonym)):
                self._find(index, problem)

    def _judge_confirmation(self, index: int, leaf: ActsConfirmed) -> None:
        """Who was taken back may sign again, with a key that is good."""
        taken, problems = self.standing.confirm(index, leaf)
        for signature in taken:
            self.subjects[signature.subject].seen.pop(signature.pseudonym, None)
        for problem in problems:
            self._find(index, problem)

    def _judge_step(self, index: int, leaf: Step) -> None:
        """When signing is ended early, and goes on again; whether the step was allowed, `steps` judges."""
        try:
            moment = int(parse_moment(leaf.moment).timestamp())
        except ValueError:
            self._find(index, "a moment that does not exist")
            return
        subject = self.subjects.get(leaf.subject)
        if subject is not None and isinstance(leaf, ENDINGS):
            subject.ends = min(subject.ends, moment)
        elif subject is not None and isinstance(leaf, AppealDecided) and leaf.granted:
            subject.ends = subject.closes

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
                self._find(
                    None, f"{what} shows {there} {_word(final)} for {subject} at size {size}; the log holds {here}"
                )

    def compare_total(self, what: str, subject: str, size: int, shown: int, *, final: bool = False) -> None:
        """Compares one shown total with the recount."""
        counted = self._counted(what, size, final=final)
        if counted is None:
            return
        mine = sum(count for (name, _), count in counted.items() if name == subject)
        if mine != shown:
            self._find(None, f"{what} shows {shown} {_word(final)} for {subject} at size {size}; the log holds {mine}")

    def _counted(self, what: str, size: int, *, final: bool) -> Totals | None:
        counts = self.at_size.get(size)
        if counts is None:
            self._find(None, f"{what} speaks of size {size}, which the log has not")
            return None
        return counts.final if final else counts.standing

    def _find(self, index: int | None, sentence: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(index, sentence))


def _word(final: bool) -> str:
    return "final signatures" if final else "signatures"
