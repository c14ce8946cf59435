"""A citizen declares on the page, scans its code with a phone, signs there, and the page goes on to the receipt by itself."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from offline_check import verify

pytestmark = pytest.mark.browser

SIGNED = {"kk": "Қол қойылды", "ru": "Подписано", "en": "Signed"}


def declare(page, language, petition=7):
    """To the page with the code."""
    page.goto(f"/{language}/petitions/{petition}/sign")
    page.locator("input[name=declare]").check()
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/sign/[\w-]+$"))


def sign_on(phone):
    phone.locator("#pin").fill("1234")
    phone.locator("form[action='/sign'] button").click()


@pytest.fixture
def phone_page(browser):
    """A phone of one's own: its browser shares nothing with the one that asked."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_from_the_code_to_a_receipt_that_verifies(page, portal, width, phone_page, language, tmp_path):
    complaints = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    declare(page, language)
    assert page.locator("svg.egov__code").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    phone_page.goto(page.locator(".egov__demo a").get_attribute("href"))
    shown = page.locator("pre.statement").inner_text()
    assert phone_page.locator("pre").inner_text().split() == shown.split()
    sign_on(phone_page)
    assert SIGNED[language] in phone_page.locator("main").inner_text()
    page.wait_for_url(re.compile(r"/done$"))
    assert page.locator("html").get_attribute("lang") == language
    with page.expect_download() as download:
        page.locator("main a[download]").first.click()
    download.value.save_as(tmp_path / "mine.tlog-proof")
    verify(portal, tmp_path / "mine.tlog-proof", expected=0)
    assert complaints == []


def test_without_javascript_the_page_goes_on_by_itself_too(plain_page, phone_page, phone):
    declare(plain_page, "kk")
    link = plain_page.locator(".egov__demo a").get_attribute("href")
    phone_page.goto(f"{phone}/?language=kk")
    phone_page.locator("#code").fill(parse_qs(urlsplit(link).query)["code"][0])  # as if scanned from the screen
    phone_page.locator("main button").click()
    sign_on(phone_page)
    plain_page.wait_for_url(re.compile(r"/done$"), timeout=20_000)
    assert plain_page.locator("main a[download]").count()


def test_who_keeps_the_page_still_goes_on_with_a_click(plain_page, phone_page):
    declare(plain_page, "ru")
    plain_page.locator("a[href='?still=1']").click()
    phone_page.goto(plain_page.locator(".egov__demo a").get_attribute("href"))
    sign_on(phone_page)
    assert SIGNED["ru"] in phone_page.locator("main").inner_text()
    plain_page.wait_for_timeout(7_000)  # longer than a reload would take
    assert "still" in plain_page.url
    plain_page.locator("noscript a, a[href$='/done']").first.click()
    assert plain_page.locator("main a[download]").count()


DECLINED = {"kk": "Сіз телефонда бас тарттыңыз", "ru": "Вы отказались на телефоне"}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_who_declines_is_told_kindly_here_and_there_and_may_still_sign(page, phone_page, language, width):
    declare(page, language)
    phone_page.goto(page.locator(".egov__demo a").get_attribute("href"))
    phone_page.locator("form[action='/cancel'] button").click()
    assert {"kk": "ойыңыз өзгерсе", "ru": "передумаете"}[language] in phone_page.locator("main").inner_text().lower()
    page.locator("#phone-said").wait_for(timeout=8_000)  # by itself, within a few questions of the page
    assert DECLINED[language] in page.locator("#phone-said").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#phone-said").evaluate("e => e.getBoundingClientRect().top < innerHeight")  # in view
    phone_page.go_back()
    sign_on(phone_page)
    page.wait_for_url(re.compile(r"/done$"))


def test_without_javascript_a_refusal_on_the_phone_is_told_too(plain_page, phone_page):
    declare(plain_page, "kk")
    phone_page.goto(plain_page.locator(".egov__demo a").get_attribute("href"))
    phone_page.locator("form[action='/cancel'] button").click()
    plain_page.locator("#phone-said").wait_for(timeout=20_000)
    assert DECLINED["kk"] in plain_page.locator("#phone-said").inner_text()
