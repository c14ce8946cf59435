"""What is judged of signatures that follow one another: a known subject, one person once, in the subject's time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from itertools import chain

from dauys.ledger.findings import Found
from dauys.ledger.opened import Opened
from dauys.ledger.signature_runs import HOUR, Family, Run, groups_of, place_of

Families = dict[Family, list[bytes]]  # pseudonyms


def judge_signatures(
    runs: list[Run], subjects: Mapping[str, Opened], destroyed: Container[str], findings: Found
) -> tuple[Families, Families]:
    """(all, those of known subjects), which the subjects have taken in; broken rules become findings."""
    groups, known = groups_of(runs), Families()
    for family, names in groups.items():
        subject = subjects.get(family.subject)
        if subject is None:
            findings.add(_first(runs, family), "not-opened", subject=family.subject)
            continue
        if family.subject in destroyed:
            findings.add(_first(runs, family), "signed-without-keys", subject=family.subject)
        _take(runs, family, names, subject, findings)
        known[family] = names
    _judge_hours(runs, known, subjects, findings)
    return groups, known


def _take(runs: list[Run], family: Family, names: list[bytes], subject: Opened, findings: Found) -> None:
    seen, fresh = subject.seen.setdefault(family.tier, set()), set(names)
    if len(fresh) < len(names) or not all(fresh.isdisjoint(others) for others in subject.seen.values()):
        twice = {name for name, count in Counter(names).items() if count > 1}
        for name in twice.union(*(others.intersection(fresh) for others in subject.seen.values())):
            findings.add(_last(runs, family.subject, name), "counted-twice", subject=family.subject)
    seen |= fresh
    if family.tier == "paper":
        subject.paper += len(names)


def _judge_hours(runs: list[Run], known: Container[Family], subjects: Mapping[str, Opened], findings: Found) -> None:
    """Counts signatures by hour; an hour out of the window becomes a finding."""
    for shape, count in Counter(chain.from_iterable(run.shapes for run in runs)).items():
        since = shape.since
        if since is None or shape.family not in known:
            continue
        subject = subjects[shape.subject]
        subject.hours[shape.tier, since] += count
        if since + HOUR <= subject.opens or since >= subject.ends:
            place = place_of(runs, lambda one, _, shape=shape: one is shape)  # type: ignore[misc]
            findings.add(place, "outside-window", subject=shape.subject, hour=shape.hour)


def _first(runs: list[Run], family: Family) -> int:
    return place_of(runs, lambda shape, _: shape.family is family)


def _last(runs: list[Run], subject: str, name: bytes) -> int:
    return place_of(runs, lambda shape, own: own == name and shape.subject == subject, last=True)
