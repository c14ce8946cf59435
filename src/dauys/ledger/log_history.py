"""Judges what a log says about itself: changes of keys, evidence lost, names that follow one another. Pure; for the recount."""

from __future__ import annotations

from collections import Counter

from dauys.ledger.findings import Found
from dauys.ledger.key_history import KeyHistory
from dauys.ledger.log_leaves import LogClosed, LogKeys, LogRestored, LogSucceeded

LogLeaf = LogKeys | LogRestored | LogClosed | LogSucceeded


def judge_log(index: int, leaf: LogLeaf, origin: str, keys: KeyHistory, findings: Found) -> None:
    """One entry; `origin` is the name on the checkpoint, which is that of the last successor."""
    if isinstance(leaf, LogKeys):
        keys.changed(index, _name(origin, findings), leaf, findings)
    elif isinstance(leaf, LogRestored):
        code = "evidence-lost" if leaf.first <= leaf.last < index else "restored-range"
        findings.add(index, code, first=leaf.first, last=leaf.last)
    elif isinstance(leaf, LogSucceeded):
        _judge_succession(index, leaf, origin, findings)
        keys.succeeded(leaf)


def is_closed(kinds: Counter[str]) -> bool:
    """Whether the last entry ended the log, by how many there are of each kind: only a successor's first may follow."""
    return kinds["log.closed"] > kinds["log.succeeded"]


def _name(origin: str, findings: Found) -> str:
    """What the log is called so far: until a successor bears the checkpoint's name, another one stands as a finding."""
    return next((str(each.facts["opened"]) for each in findings if each.code == "other-origin"), origin)


def _judge_succession(index: int, leaf: LogSucceeded, origin: str, findings: Found) -> None:
    before = findings.take("other-origin")
    if before is None or before.facts["opened"] != leaf.final.origin:
        findings.add(index, "succeeds-another", named=leaf.final.origin)
    if leaf.origin != origin:
        findings.add(0, "other-origin", opened=leaf.origin, origin=origin)
    lost = max(0, leaf.final.size - index)
    facts = {"named": leaf.final.origin, "size": leaf.final.size, "root": leaf.final.root, "vkey": leaf.final.vkey}
    findings.add(index, "entries-lost" if lost else "succeeds", count=lost, **facts)
