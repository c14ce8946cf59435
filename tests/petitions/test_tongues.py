"""The language a text seems to be written in."""

import pytest

from dauys.petitions.tongues import seems_foreign

KAZAKH = "Ауылдағы құбыр биыл күзде толық ауыстырылады, су тәулік бойы беріледі."
RUSSIAN = "Трубы в ауле Құлан заменят этой осенью, вода будет идти круглые сутки."
ENGLISH = "The pipes of the village are replaced this autumn; water runs day and night."


@pytest.mark.parametrize(("text", "language"), [(KAZAKH, "kk"), (RUSSIAN, "ru"), (ENGLISH, "en")])
def test_each_language_is_foreign_to_the_other_two_alone(text, language):
    assert [each for each in ("kk", "ru", "en") if not seems_foreign(text, each)] == [language]


def test_one_line_in_the_language_is_enough_and_a_short_text_is_never_judged():
    assert not seems_foreign(f"{RUSSIAN}\n\n{KAZAKH}", "kk")
    assert not seems_foreign("Ахметов, министрлік", "ru")
    assert not seems_foreign("", "ru")
