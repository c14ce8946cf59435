"""What is judged of signatures that follow one another: a known subject, one person once, in the subject's time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping

from dauys.ledger.findings import Found
from dauys.ledger.opened import Opened
from dauys.ledger.signature_runs import HOUR, Family, Run
from dauys.ledger.signers import Signers

Counted = dict[Family, int]


def counted(runs: Iterable[Run]) -> Counted:
    """How many signatures there are of each family, in the order of their first."""
    totals: Counted = defaultdict(int)
    for run in runs:
        for family, count in run.counted:
            totals[family] += count
    return totals


def judge_signatures(
    runs: list[Run], subjects: Mapping[str, Opened], destroyed: Container[str], signers: Signers, findings: Found
) -> tuple[list[Run], Counted]:
    """Those of known subjects, which have taken them in, and how many of each family; broken rules become findings."""
    totals = counted(runs)
    for family in totals:
        if family.subject not in subjects:
            findings.add(_first(runs, family), "not-opened", subject=family.subject)
        elif family.subject in destroyed:
            findings.add(_first(runs, family), "signed-without-keys", subject=family.subject)
    known = {family: subjects[family.subject] for family in totals if family.subject in subjects}
    runs = runs if len(known) == len(totals) else _only(runs, known)
    for run in runs:
        for index in signers.take(run):
            findings.add(index, "counted-twice", subject=run.at(index)[0].subject)
    for family, subject in known.items():
        if family.tier == "paper":
            subject.paper += totals[family]
    _judge_hours(runs, known, findings)
    return runs, {family: totals[family] for family in known}


def _judge_hours(runs: list[Run], known: Mapping[Family, Opened], findings: Found) -> None:
    """Counts signatures by hour; an hour out of the window becomes a finding."""
    begin, end = (
        max((each.opens for each in known.values()), default=0),
        min((each.ends for each in known.values()), default=0),
    )
    for run in runs:
        since = run.hour.since
        if since is None:
            continue
        for family, count in run.counted:
            known[family].hours[family.tier, since] += count
        if not begin < since + HOUR <= end:  # not within everybody's window
            _judge_windows(run, since, known, findings)


def _judge_windows(run: Run, since: int, known: Mapping[Family, Opened], findings: Found) -> None:
    for family, _ in run.counted:
        if since + HOUR <= known[family].opens or since >= known[family].ends:
            place = _first([run], family)
            findings.add(place, "outside-window", subject=family.subject, hour=run.hour.text)


def _only(runs: list[Run], known: Container[Family]) -> list[Run]:
    """Signatures of known families, each by itself."""
    return [
        Run(index, run.hour, [family], b"\0", [name])
        for run in runs
        for index, family, name in run.each()
        if family in known
    ]


def _first(runs: list[Run], wanted: Family) -> int:
    return next(index for run in runs for index, family, _ in run.each() if family is wanted)
