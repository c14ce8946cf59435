"""Ready texts of moderators: there is one for every reason, and the dots that are left in them are found."""

from datetime import date

import pytest

from dauys.errors import LANGUAGES
from dauys.petitions.explanations import explanations, is_unfinished
from dauys.rules.pack import load_pack

READY = [
    text for step in explanations().values() for by_code in step.values() for text in by_code.values() if "…" in text
]
PACKS = [load_pack(jurisdiction, date(2026, 11, 22)) for jurisdiction in ("kz", "site")]


@pytest.mark.parametrize("text", READY)
def test_a_ready_text_is_unfinished_until_its_dots_are_filled(text):
    assert is_unfinished(f"First. {text}")
    assert not is_unfinished(text.replace("…", "Астана әкімдігі"))
    changed = (
        text.replace("…", "\0").translate({ord(letter): "о" for letter in "аәеиіоөуұүыэюяaeiouy"}).replace("\0", "…")
    )
    assert is_unfinished(changed)  # whatever words around them were changed


@pytest.mark.parametrize(
    "text", ["We read it twice… and found no demand.", "“…the pipe is worn”, they write", "Ұзақ күттік…"]
)
def test_dots_of_ones_own_are_fine(text):
    assert not is_unfinished(text)


@pytest.mark.parametrize("text", ["№ ...", "Бұл мәселені … шешеді.", "…"])
def test_dots_by_themselves_are_a_gap(text):
    assert is_unfinished(text)


def reasons_of(pack):
    topics = {topic.code for topic in pack.announced}
    return {"refuse": {*pack.refusal_reasons} | topics, "stop": {*pack.stop_reasons}, "remove": {*pack.removal_reasons}}


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_reason_has_ready_words_in_every_language(pack):
    ready = explanations()
    for step, codes in reasons_of(pack).items():
        assert codes - ready[step].keys() == set()
        assert all(set(ready[step][code]) == set(LANGUAGES) and all(ready[step][code].values()) for code in codes)


@pytest.mark.parametrize("step", ["merge", "transfer"])
def test_what_has_no_coded_reason_has_ready_words_too(step):
    ready = explanations()[step]
    assert len(ready) >= 3
    assert all(set(words) == set(LANGUAGES) for words in ready.values())
    assert all(is_unfinished(text) for words in ready.values() for text in words.values())  # why is theirs to say


def test_no_ready_words_are_left_of_reasons_that_are_gone():
    for step in ("refuse", "stop", "remove"):
        ready = explanations()[step]
        assert ready.keys() <= set().union(*(reasons_of(pack)[step] for pack in PACKS))
