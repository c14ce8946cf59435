"""Two petitions ask for the same: a moderator lets one go on for both, and whoever signed the other signs again there."""

import pytest

from journeys.citizens import sign
from journeys.offices import FIRST
from journeys.public import PublicPage, audited, citizens_sign

pytestmark = pytest.mark.browser

WORDS = {
    "kk": ("Екеуі де бір нәрсені сұрайды.", "сонда қайта қол қойыңыз"),
    "ru": ("Обе просят об одном и том же.", "подпишите, пожалуйста, и там"),
}


@pytest.fixture
def popular(scene, portal, installation, someone):
    """The number of a petition that has found its first supporters."""
    number = scene("gathering")
    citizens_sign(installation, portal, number, 50, 1_000_000)
    PublicPage(someone(), "en", number).wait_for("collecting")
    return number


@pytest.mark.parametrize(("language", "width", "citizen"), [("kk", 360, 20_000_001), ("ru", 1280, 20_000_002)])
def test_who_signed_a_merged_petition_signs_again(
    language, citizen, someone, official, scene, popular, portal, installation
):
    why, again = WORDS[language]
    number, into = scene("gathering"), popular
    page = someone()
    sign(page, language, number, citizen)
    desk = official(FIRST, f"/{language}/desk/moderation/{number}")
    desk.locator("#merge summary").first.click()
    desk.locator("#into").fill(str(into))
    desk.locator("#merge form[method=get] button").click()
    desk.locator("#merge input[type=radio]").check()
    desk.locator("#merge [name=explanation]").fill(why)
    desk.locator("button[value=merge]").click()
    ended, goes_on = PublicPage(page, language, number), PublicPage(page, language, into)
    assert ended.wait_for("merged")["turn"] == "nobody"
    assert why in ended.text()
    assert again in ended.text()
    assert page.locator("a[href$='/sign']").count() == 0
    goes_on.standing()
    before = goes_on.count()
    ended.standing()
    page.locator(f"main .lead a[href='/{language}/petitions/{into}']").click()
    sign(page, language, into, citizen)
    goes_on.wait_for_count(before + 1)
    ended.standing()
    assert ended.count() == 1  # nothing moves by itself
    assert audited(installation, portal)["sound"]
