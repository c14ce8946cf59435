"""An author without script: finds the petition under "Account", sees the clock, withdraws it with a signature."""

import re

import pytest

from dauys.demo.people import author_number

pytestmark = pytest.mark.browser

WORDS = {
    "kk": ("Менің петицияларым", "Енді не істей аласыз", "Авторы қайтарып алды"),
    "ru": ("Мои петиции", "Что вы можете сделать сейчас", "Отозвана автором"),
}


@pytest.mark.parametrize(("language", "slug"), [("kk", "night-buses"), ("ru", "village-library-books")])
def test_an_author_withdraws_a_petition(plain_page, portal, language, slug):
    mine, now, withdrawn = WORDS[language]
    plain_page.context.add_cookies(
        [{"name": "dauys_demo_person", "value": str(author_number(slug)), "url": portal.base_url}]
    )
    plain_page.goto(f"/{language}/account/")
    plain_page.locator("main form button").first.click()
    plain_page.locator("#demo form button").first.click()
    plain_page.locator("button[value=yes]").click()
    plain_page.wait_for_url(re.compile(rf"/{language}/account/$"))
    assert mine in plain_page.locator("main").inner_text()
    plain_page.locator(".mine a").first.click()
    assert now in plain_page.locator("main").inner_text()
    number = plain_page.url.rpartition("/")[2]
    plain_page.locator("summary", has_text=re.compile("қайтарып|Отозвать")).click()
    plain_page.locator(f"form[action$='/{number}/withdraw'] button").click()
    assert f"petition/{number}\n" in plain_page.locator("pre.statement").inner_text()
    plain_page.locator("#demo form button").first.click()
    plain_page.wait_for_url(re.compile(rf"/{language}/petitions/{number}$"), timeout=20_000)
    assert withdrawn in plain_page.locator("main").inner_text()
    assert plain_page.locator(".timeline li").first.get_attribute("data-kind") == "withdrawn"
    assert plain_page.locator("a[href$='/sign']").count() == 0
