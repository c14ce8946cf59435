"""A new user signs as a demo citizen in at most five clicks, sees the count rise, takes the receipt and has it checked."""

import re
import time

import pytest

from offline_check import verify

pytestmark = pytest.mark.browser


class Clicks:
    """Counts what the user does with the mouse or a finger."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, selector):
        self.count += 1
        self.page.locator(selector).first.click()


def shown_count(page):
    return int(re.sub(r"\D", "", page.locator(".count strong").first.inner_text()))


def sign(page, language):
    """From the home page to the last step; (clicks, count before)."""
    user = Clicks(page)
    page.goto(f"/{language}/")
    user.click(".card a, a.card")
    before = shown_count(page)
    user.click("a[href$='/sign']")
    user.click("input[name=declare]")
    user.click("main form button[type=submit], main form button:not([type])")
    assert "dauys-statement/v1" in page.locator("pre.statement").inner_text()
    user.click("form[action$='/demo'] button")
    page.wait_for_url(re.compile(r"/done$"))
    return user.count, before


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_five_clicks_from_home_to_a_receipt_that_verifies(page, portal, tmp_path, language):
    clicks, before = sign(page, language)
    assert clicks <= 5
    assert page.locator("html").get_attribute("lang") == language
    with page.expect_download() as download:
        page.locator("main a[download]").first.click()
    file = tmp_path / "mine.tlog-proof"
    download.value.save_as(file)
    assert download.value.suggested_filename.endswith(".tlog-proof")
    verify(portal, file, expected=0)
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 3] ^= 1
    file.write_bytes(damaged)
    verify(portal, file, expected=(1, 2))
    page.goto(page.url.partition("/sign/")[0] + f"/petitions/{petition_of(download.value.suggested_filename)}")
    until = time.monotonic() + 10
    while shown_count(page) <= before and time.monotonic() < until:
        time.sleep(0.3)
        page.reload()
    assert shown_count(page) > before


def petition_of(name):
    return re.search(r"petition-(\d+)", name)[1]


def test_it_works_without_javascript(plain_page):
    clicks, _ = sign(plain_page, "kk")
    assert clicks <= 5
    assert plain_page.locator("main a[download]").count()


def test_a_second_signature_of_the_same_citizen_is_told_kindly(browser, portal):
    context = browser.new_context(base_url=portal.base_url)
    page = context.new_page()
    statuses = []
    for _ in range(2):
        page.goto("/ru/petitions/10/sign")
        page.locator("input[name=declare]").check()
        page.locator("main form button").first.click()
        page.locator("input[name=citizen]").evaluate("field => field.value = '123456789'")
        with page.expect_navigation() as navigation:
            page.locator("form[action$='/demo'] button").click()
        statuses.append(navigation.value.status)
    assert statuses == [200, 409]
    assert "уже" in page.locator("main").inner_text()
    context.close()


def test_another_browser_does_not_see_the_outcome(plain_page, browser, portal):
    sign(plain_page, "en")
    stranger = browser.new_context(base_url=portal.base_url)
    other = stranger.new_page()
    other.goto(plain_page.url)
    assert other.locator("main a[download]").count() == 0
    stranger.close()


def test_the_text_comes_before_the_procedure_and_past_appeals(page, width):
    page.goto("/kk/petitions/10")
    text, past, path = (page.locator(each).bounding_box()["y"] for each in (".text", "#appeal1", ".next"))
    assert text < 2 * 800  # the second screen of a phone
    assert text < past
    assert width > 1000 or text < path < past


@pytest.mark.parametrize(
    "path", ["", "petitions/", "petitions/6", "petitions/6/sign", "receipt", "log", "privacy", "accessibility"]
)
def test_no_page_is_wider_than_the_screen_or_complains(page, path, width):
    complaints = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"/kk/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    assert page.context.cookies() == []
