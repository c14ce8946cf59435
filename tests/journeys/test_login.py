"""A citizen logs in by the code on the page and a phone; an official without script; a stranger's name is turned down."""

import re

import pytest

from dauys.demo.people import visitor

pytestmark = pytest.mark.browser

CONFIRMED = re.compile(r"/confirm(\?.*)?$")
GREETING = {"kk": "Сіз мына атпен кірдіңіз", "ru": "Вы вошли как", "en": "You are logged in as"}


@pytest.fixture
def phone_page(browser):
    """A phone of one's own: its browser shares nothing with the one that asked."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def begin(page, path):
    page.goto(path)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/login/login\."))


def sign(page, phone, citizen=None):
    """Signs on the phone what the page's code leads to, as that citizen or whom the page proposes; the name of who signed."""
    phone.goto(page.locator(".egov__demo a").get_attribute("href") + (f"&citizen={citizen}" if citizen else ""))
    assert phone.locator("pre").inner_text().split() == page.locator("pre.statement").inner_text().split()
    assert page.locator(".code strong").inner_text() in phone.locator("pre").inner_text()
    name = phone.locator("main strong").first.inner_text()
    phone.locator("#pin").fill("1234")
    phone.locator("form[action='/sign'] button").click()
    return name


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_citizen_logs_in_by_phone_and_out(page, width, phone_page, language):
    complaints = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.goto(f"/{language}/")
    page.locator(".masthead a[href$='/account/']").click()
    begin(page, page.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    surname, given, *_ = sign(page, phone_page).split()
    page.wait_for_url(CONFIRMED)
    assert page.locator(".whose__name").inner_text() == f"{given} {surname[0]}."
    page.locator("button[value=yes]").click()
    page.wait_for_url(re.compile(rf"/{language}/account/$"))
    assert GREETING[language] in page.locator("main").inner_text()
    assert page.evaluate("document.cookie") == ""  # no script gets at it
    page.locator("form[action$='/log-out'] button").first.click()
    page.wait_for_url(re.compile(rf"/{language}/$"))
    page.goto(f"/{language}/account/")
    assert "/login/" in page.url
    assert complaints == []


def test_an_official_logs_in_without_script(plain_page):
    begin(plain_page, "/ru/login/?role=official")
    plain_page.locator("#demo form button").first.click()
    plain_page.locator("button[value=yes]").click()
    plain_page.wait_for_url(re.compile("/ru/account/$"))
    assert "Модератор" in plain_page.locator("main").inner_text()


def test_without_script_the_page_goes_on_by_itself(plain_page, phone_page):
    begin(plain_page, "/kk/login/")
    sign(plain_page, phone_page)
    plain_page.wait_for_url(CONFIRMED, timeout=20_000)


def test_a_citizen_is_no_official(plain_page, phone_page):
    begin(plain_page, "/kk/login/?role=official")
    sign(plain_page, phone_page, citizen=7)
    plain_page.wait_for_url(CONFIRMED, timeout=20_000)
    plain_page.locator("button[value=yes]").click()
    assert "not-official" in plain_page.locator("main").inner_text()


def test_who_finds_a_strangers_name_does_not_go_on(page, phone_page):
    begin(page, "/en/login/")
    sign(page, phone_page)
    page.wait_for_url(CONFIRMED)
    page.locator("button[value=no]").click()
    page.wait_for_url(re.compile("/en/login/$"))
    page.goto("/en/account/")
    assert "/login/" in page.url


def test_an_address_that_somebody_sent_shows_no_code(page, phone_page):
    begin(page, "/en/login/")
    phone_page.goto(page.url)
    assert phone_page.locator("svg.egov__code").count() == 0
    assert "login-not-yours" in phone_page.locator("main").inner_text()


def test_an_official_logs_in_with_ncalayer(page, browser, ncalayer):
    begin(page, "/kk/login/?role=official")
    page.locator("a[href*='/computer']").click()
    page.locator("[data-socket] button").click()
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(f"{ncalayer}/?language=en&citizen={visitor('official reviewer')}")
    assert "kind: login" in window.locator("pre").first.inner_text()
    window.locator("button").first.click()
    context.close()
    page.wait_for_url(CONFIRMED)
    page.locator("button[value=yes]").click()
    page.wait_for_url(re.compile("/kk/account/$"))
    assert "Шағымдарды қараушы" in page.locator("main").inner_text()
