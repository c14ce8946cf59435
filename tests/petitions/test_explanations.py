"""Ready texts of moderators: the dots that are left in them are found, a person's own dots are not."""

import pytest

from dauys.petitions.explanations import explanations, is_unfinished

READY = [text for texts in explanations().values() for text in texts.values() if "…" in text]


@pytest.mark.parametrize("text", READY)
def test_a_ready_text_is_unfinished_until_its_dots_are_filled(text):
    assert is_unfinished(f"First. {text}")
    assert not is_unfinished(text.replace("…", "Астана әкімдігі"))


def test_dots_of_ones_own_are_fine():
    assert not is_unfinished("We read it twice… and found no demand.")
