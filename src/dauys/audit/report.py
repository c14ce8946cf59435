"""What an audit found, as plain values (docs/spec/schemas/audit-report.v1.json) and as text for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NotRequired, TypedDict

from dauys.audit import witnesses
from dauys.audit.naming import KIND_WORDS, SOUND, command, titled, when, with_titles
from dauys.audit.witnesses import Witnessed
from dauys.audit.words import STATES, STEPS
from dauys.errors import LANGUAGES, catalogue
from dauys.ledger.findings import ABOUT_LOG, DOMAIN, KINDS, Finding, Kind, said
from dauys.ledger.moments import moment_text
from dauys.translog.tiles import TILE_WIDTH, entries_path

if TYPE_CHECKING:
    from dauys.audit.run import Outcome
    from dauys.ledger.standing import Totals

SHOWN = {"broken": 12, "overdue": 12, "note": 3}  # findings of one code that people are told one by one
REPEAT: Final = said("Anyone can repeat this, with this program or another, and compare this checkpoint with what others were shown:")  # fmt: skip
LONGEST_LINE = 200  # letters of a signature line that people are shown: those of ML-DSA-44 have over 3,000
FORMAT: Final = "dauys-audit-report/v1"
CHECKED: Final = (
    said("Every entry, its form to the byte, its place in the tree, and the root that the log's key signed."),
    said("That no entry is dated before those that stand before it, or after today."),
    said("One person, one signature under a petition; each within its time; withdrawals, paper sheets and confirmations."),
    said("Every step of every petition: whether the rules it began under allowed it, the reason given, its term and its count."),
    said("Threshold, age and ways to sign by the rule pack in force when the petition was handed in."),
    said("Every public text against its hash; for each that is withheld, its mark."),
    said("Every count that is published or shown here, against the log at the same size."),
    said("Who is late as of the moment of this audit, in working days of the country."),
)  # fmt: skip
NOT_CHECKED: Final = (
    said("Whether a signature was made by a real person: the evidence is sealed, an auditor of the vault opens it."),
    said("Whether what officials wrote is true: that a hearing took place, that a promise was kept."),
    said("Whether a petition was turned away before it was handed in, which leaves no entry."),
)  # fmt: skip
SAME_LOG_UNKNOWN: Final = said("Whether you are shown the same log as others: compare the checkpoint below with theirs, or use witnesses.")  # fmt: skip
HEADINGS: Final = {
    Kind.BROKEN: said("Broken rules"), Kind.OVERDUE: said("Who is late"), Kind.NOTE: said("Worth knowing"),
}  # fmt: skip
READ, RECOUNTED, STAND = said("What was read"), said("Signatures recounted"), said("Where petitions stand")
PETITIONS, CHECK = said("Petitions"), said("Check it yourself")
DEMO: Final = said("This is a demo: nothing here is real.")
VERDICTS: Final = {True: said("No rule was broken."), False: said("Rules were broken.")}


class Told(TypedDict):
    """One finding; `{language}` in a link stands for kk, ru or en."""

    kind: Literal["broken", "overdue", "note"]
    code: str
    index: int | None
    subject: str
    facts: dict[str, Any]
    sentence: dict[str, str]
    links: dict[str, str]


class Report(TypedDict):
    """Counts are of all findings; `findings` holds at most a hundred of a code, `more` the number of the rest."""

    format: Literal["dauys-audit-report/v1"]
    sound: bool
    source: str
    portal: str
    origin: str
    mode: str
    size: int
    root: str
    checkpoint: str
    checkpoint_before: str
    keys: list[str]  # of the log, by which the audit believed the checkpoint
    audited: str
    read_before: int
    entries_by_kind: dict[str, int]
    counts: dict[str, int]
    final: dict[str, int]
    portal_counts_compared: int
    known_compared: int
    witnesses: Witnessed | None  # by the auditor's own policy; None where none was given
    petitions: dict[str, str]
    titles: dict[str, str]
    texts: int
    texts_withheld: dict[str, str]
    evidence_erased: int
    evidence_exported: int
    texts_erased: int
    keys_destroyed: list[str]
    broken: int
    overdue: int
    notes: int
    findings: list[Told]
    more: dict[str, int]
    vault: NotRequired[dict[str, Any]]  # of an auditor with the vault


def build(made: Outcome) -> dict[str, Any]:
    """The report as plain values; sentences in each of LANGUAGES."""
    recount = made.recount
    by_kind = Counter(finding.kind for finding in recount.findings)
    for code, count in recount.findings.more.items():
        by_kind[KINDS[code]] += count
    return {
        "format": FORMAT, "sound": not by_kind[Kind.BROKEN], "source": made.source.name, "portal": made.source.portal,
        "origin": made.checkpoint.origin, "mode": recount.mode, "size": made.checkpoint.size,
        "root": made.checkpoint.root.hex(), "checkpoint": made.note, "checkpoint_before": made.before,
        "keys": made.keys,
        "audited": moment_text(made.now), "read_before": made.since,
        "entries_by_kind": dict(recount.kinds), "counts": _totals(recount.counts.standing),
        "final": _totals(recount.counts.final), "portal_counts_compared": made.compared, "known_compared": made.known,
        "witnesses": made.witnesses,
        "petitions": {subject: str(life.state) for subject, life in made.lives.lives.items()},
        "titles": made.lives.titles, "texts": made.texts.hashed, "texts_withheld": dict(made.texts.withheld),
        "evidence_erased": recount.history.erased, "evidence_exported": recount.history.exported,
        "texts_erased": len(recount.history.texts), "keys_destroyed": sorted(recount.history.destroyed),
        "broken": by_kind[Kind.BROKEN], "overdue": by_kind[Kind.OVERDUE], "notes": by_kind[Kind.NOTE],
        "findings": [_finding(finding, made) for finding in sorted(recount.findings, key=_order)], "more": dict(recount.findings.more),
    }  # fmt: skip


def _order(finding: Finding) -> tuple[int, int, int]:
    """The worst first, what is about the whole log before all entries; else as they stand in the log."""
    whole = finding.code not in ABOUT_LOG
    return list(Kind).index(finding.kind), whole, -1 if finding.index is None else finding.index


def _finding(finding: Finding, made: Outcome) -> dict[str, Any]:
    return {
        "kind": str(finding.kind), "code": finding.code, "index": finding.index, "subject": finding.subject,
        "facts": finding.facts, "sentence": {language: finding.explain(language) for language in LANGUAGES},
        "links": dict(_links(finding, made)),
    }  # fmt: skip


def _links(finding: Finding, made: Outcome) -> Iterator[tuple[str, str]]:
    """Where one can look: the petition's page, and the entry's bundle in the log."""
    kind, _, number = finding.subject.partition("/")
    if made.source.portal and number:
        yield "page", f"{made.source.portal}/{{language}}/{kind}s/{number}"
    if finding.index is not None and finding.index < made.checkpoint.size:
        bundle = finding.index // TILE_WIDTH
        path = entries_path(bundle, min(TILE_WIDTH, made.checkpoint.size - bundle * TILE_WIDTH))
        yield "entry", f"{made.source.name}/{path}"


def _totals(counts: Totals) -> dict[str, int]:
    totals = Counter[str]()
    for (subject, _), count in counts.items():
        totals[subject] += count
    return dict(totals)


def shortened(findings: list[dict[str, Any]], more: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Findings of a kind for people: at most SHOWN of a code, the rest as a number; all that are kept stand in the JSON."""
    left = Counter(more)
    seen = Counter[str]()
    for finding in findings:
        seen[finding["code"]] += 1
        if seen[finding["code"]] <= SHOWN[finding["kind"]]:
            yield finding
    for code, count in seen.items():
        if (rest := count - SHOWN[findings[0]["kind"]] + left[code]) > 0:
            rested = Finding(None, "more-findings", {"code": code, "count": rest})
            sentences = {language: rested.explain(language) for language in LANGUAGES}
            yield {
                "kind": findings[0]["kind"],
                "code": "more-findings",
                "index": None,
                "subject": "",
                "sentence": sentences,
                "links": {},
            }


def checked(report: dict[str, Any]) -> list[str]:
    """What this audit checked."""
    return [*CHECKED, witnesses.SAME_LOG] if witnesses.saw_the_same(report) else [*CHECKED]


def not_checked(report: dict[str, Any]) -> list[str]:
    """What it did not."""
    first, *others = NOT_CHECKED
    return [*NOT_CHECKED] if witnesses.saw_the_same(report) else [first, SAME_LOG_UNKNOWN, *others]


def by_number(subject: str) -> int:
    """Order of petitions."""
    return int(subject.rpartition("/")[2])


def as_text(report: dict[str, Any], language: str) -> str:
    """The report for people, in lines."""
    return "\n".join(_lines(report, language)) + "\n"


def _lines(report: dict[str, Any], language: str) -> Iterator[str]:
    say = catalogue(language, DOMAIN).gettext
    yield say("Log {origin} ({mode}): {size} entries, root {root}").format(**report)
    yield when(report, say)
    yield ""
    yield f"{say(SOUND[report['sound']])}: {say(VERDICTS[report['sound']])}"
    yield say("Broken rules: {broken}. Late: {overdue}. Worth knowing: {notes}.").format(**report)
    for kind, heading in HEADINGS.items():
        found = [finding for finding in report["findings"] if finding["kind"] == kind]
        if found:
            yield f"\n{say(heading)}"
            for finding in shortened(found, report["more"]):
                sentence = with_titles(finding["sentence"][language], report, language)
                yield f"  {say(KIND_WORDS[kind])} {_where(finding, say)}{sentence}"
    yield f"\n{say(READ)}"
    for kind_, count in sorted(report["entries_by_kind"].items()):
        yield f"  {count:>9} {say(STEPS[kind_])} ({kind_})" if kind_ in STEPS else f"  {count:>9} {kind_}"
    yield f"\n{say(RECOUNTED)}"
    for subject, count in sorted(report["counts"].items(), key=lambda item: by_number(item[0])):
        final = report["final"].get(subject, 0)
        yield f"  {count:>9} {titled(subject, report, language)}: " + say("{final} of them final").format(final=final)
    yield f"\n{say(STAND)}"
    for state, count in sorted(Counter(report["petitions"].values()).items()):
        yield f"  {count:>9} {say(STATES[state])}"
    yield ""
    yield say("Texts hashed again: {texts}; withheld: {count}.").format(count=len(report["texts_withheld"]), **report)
    yield say(
        "Counts of pages and files compared: {portal_counts_compared}; kept checkpoints and receipts: {known_compared}."
    ).format(**report)
    yield f"\n{say(witnesses.HEADING)}"
    yield from (f"  {line}" for line in witnesses.as_lines(report["witnesses"], report["audited"], say))
    for heading, sentences in (
        (said("What was checked"), checked(report)), (said("What was not checked"), not_checked(report)),
    ):  # fmt: skip
        yield f"\n{say(heading)}"
        yield from (f"  - {say(sentence)}" for sentence in sentences)
    yield f"\n{say(CHECK)}\n{say(REPEAT)}\n"
    for note in notes_of(report):
        yield from (f"    {line}" for line in note.splitlines() if len(line) <= LONGEST_LINE)
    yield f"\n    {command(report)}"


def notes_of(report: dict[str, Any]) -> list[str]:
    """The signed checkpoints that the audit stands on."""
    seen = (report["witnesses"] or {}).get("checkpoint", "")
    return list(dict.fromkeys(note for note in (report["checkpoint"], report["checkpoint_before"], seen) if note))


def _where(finding: dict[str, Any], say: Any) -> str:
    return "" if finding["index"] is None else say("entry {index}: ").format(**finding)
