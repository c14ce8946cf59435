"""What the demo's programs say: every word in every language, and none that nobody says."""

import re
from pathlib import Path

import pytest

import dauys.demo
from dauys.demo.screens import Screens
from dauys.errors import LANGUAGES

SAID_BY_CODE = {"phone": {"no_code", "no_answer", "wrong_pin"}, "ncalayer": {"gone", "signed", "cancelled"}}


@pytest.mark.parametrize("program", SAID_BY_CODE)
def test_every_language_has_every_word(program):
    folder = Path(dauys.demo.__file__).parent / program
    words = Screens(folder).words
    assert set(words) == set(LANGUAGES)
    assert words["kk"].keys() == words["ru"].keys() == words["en"].keys()
    used = set()
    for template in (folder / "templates").glob("*.html"):
        used |= set(re.findall(r"\bw\.(\w+)", template.read_text("utf-8")))
    assert used | SAID_BY_CODE[program] == set(words["en"])
