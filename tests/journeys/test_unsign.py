"""A citizen signs, withdraws in the same browser, sees the count fall, and nothing else that tells."""

import re
import time

import pytest

from journeys.test_citizen_signs import shown_count, sign

pytestmark = pytest.mark.browser


def settled(page, address, count):
    """The count of a petition once it is this one, or whatever it is ten seconds later."""
    until = time.monotonic() + 10
    while True:
        page.goto(address)
        if shown_count(page) == count or time.monotonic() > until:
            return shown_count(page)
        time.sleep(0.3)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_signature_is_taken_back(page, language):
    _, before = sign(page, language)
    page.get_by_role("link").filter(has=page.locator("xpath=self::a[contains(@href, '/petitions/')]")).last.click()
    petition = re.sub(r"\?.*", "", page.url)
    assert settled(page, petition, before + 1) == before + 1
    page.locator("a[href$='/unsign']").click()
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/act/"))
    assert "petition.signature-withdrawal" in page.locator("pre.statement").inner_text()
    page.locator("form[action$='/demo'] button").first.click()
    page.wait_for_url(re.compile(r"/unsigned\?done="))
    assert page.locator("html").get_attribute("lang") == language
    assert settled(page, petition, before) == before
