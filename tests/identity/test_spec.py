"""The written specification names every code that a verification can end with, and no other."""

import re
from pathlib import Path

from dauys.errors import SignatureRejected, error_classes
from dauys.identity.verdict import CLAUSES, Stage

TEXT = (Path(__file__).parents[2] / "docs" / "spec" / "signature.md").read_text(encoding="utf-8")


def test_codes():
    known = {code for code, kind in error_classes().items() if issubclass(kind, SignatureRejected)}
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", TEXT))
    assert named == known - {SignatureRejected.code}


def test_stages_stand_in_their_order():
    assert re.findall(r"^\| (\w+) \|", TEXT, re.MULTILINE)[1 : len(Stage) + 1] == list(Stage)


def test_clauses_are_those_of_the_verdict():
    """The table of the order, clause by clause, and the one that verdicts are marked by."""
    order = TEXT[TEXT.index("## The verification order") :]
    told = {stage: set() for stage in CLAUSES}
    for clauses, stages in re.findall(r"^\| ([0-9., ]+) \| [^|]+ \| ([a-z, ]+)[;:|]?", order, re.MULTILINE):
        for stage in stages.strip().split(", "):
            told[Stage(stage)] |= set(clauses.split(", "))
    assert told == {stage: set(clauses.split(", ")) for stage, clauses in CLAUSES.items()}
