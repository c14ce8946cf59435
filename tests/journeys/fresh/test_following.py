"""Following a petition: a letter to confirm, news in one's own language, and an end to them with a click."""

import pytest

from journeys.citizens import letter_to, letters_to
from journeys.offices import FIRST

pytestmark = pytest.mark.browser

# By the language of the letters: the invitation and the news that it went to another body.
LETTERS = {
    "kk": ("жіберіп тұру сұралды", "жауапты органға"),
    "ru": ("хочет узнавать", "передана органу"),
}


def follow(page, site, language, number, address):
    """From the petition's page, in the language of the site, to letters in another."""
    page.goto(f"/{site}/petitions/{number}")
    page.locator("#follow-address").fill(address)
    page.locator("#follow-language").select_option(language)
    page.locator("form[action$='/follow'] button").click()
    page.wait_for_url("**/follow?sent=1")
    letter_to(page, site, address, LETTERS[language][0]).locator("a[href*='/follow/']").click()
    page.wait_for_url(f"**/{language}/petitions/follow/*")
    page.locator("main form button").click()
    page.locator(".verdict--yes").wait_for()


def hand_over(desk, body, words):
    """A moderator hands the petition to another body."""
    desk.locator("#transfer summary").first.click()
    desk.locator("#transfer select").select_option(body)
    desk.locator("#transfer [name=explanation]").fill(words)
    desk.locator("button[value=transfer]").click()
    desk.locator("main").get_by_text(words).or_(desk.locator("[role=status]")).first.wait_for()


@pytest.mark.parametrize(("site", "width"), [("kk", 360), ("ru", 1280)])
def test_letters_come_in_ones_language_and_end_with_a_click(site, someone, official, scene):
    number = scene("gathering")
    page, mine, other = someone(script=False), f"men-{site}@example.kz", f"basqa-{site}@example.kz"
    follow(page, site, "ru", number, mine)
    follow(page, site, "kk", number, other)
    desk = official(FIRST, f"/{site}/desk/moderation/{number}")
    hand_over(desk, "ministry-health", "Денсаулық сақтау министрлігінің ісі.")
    letter = letter_to(page, site, mine, LETTERS["ru"][1])
    assert "Селу нужна чистая вода" in letter.inner_text()
    leave = letter.locator("a[href*='/leave']").get_attribute("href")
    assert "Ауылға таза су керек" in letter_to(page, site, other, LETTERS["kk"][1]).inner_text()
    page.goto(leave)
    page.locator("main form button").click()
    page.locator(".verdict--yes").wait_for()
    kept = letters_to(page, site, mine).count(), letters_to(page, site, other).count()
    desk.goto(f"/{site}/desk/moderation/{number}")
    hand_over(desk, "government", "Үкіметтің ісі.")
    while letters_to(page, site, other).count() == kept[1]:
        page.wait_for_timeout(500)
    assert letters_to(page, site, mine).count() == kept[0]
