"""The written specification names every code that a verification can end with, and no other."""

import re
from pathlib import Path

from dauys.errors import SignatureRejected, error_classes
from dauys.identity.verdict import Stage

TEXT = (Path(__file__).parents[2] / "docs" / "spec" / "signature.md").read_text(encoding="utf-8")


def test_codes():
    known = {code for code, kind in error_classes().items() if issubclass(kind, SignatureRejected)}
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", TEXT))
    assert named == known - {SignatureRejected.code}


def test_stages_stand_in_their_order():
    assert re.findall(r"^\| (\w+) \|", TEXT, re.MULTILINE)[1 : len(Stage) + 1] == list(Stage)
