"""Somebody who needs letters twice as large, on a narrow phone: nothing leaves the screen to the side."""

import pytest

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "petitions/",
    "petitions/?state=decided",
    "petitions/3",
    "petitions/22/sign",
    "log",
    "receipt",
    "login/",
    "petitions/new",
    "account/",
)

# Whichever states the petitions of a list are in, theirs may be the one with the longest name.
LONGEST = "document.querySelectorAll('.tag').forEach(each => each.textContent = 'Қанағаттандырылды')"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_letters_twice_as_large_fit_a_phone(browser, portal, language):
    context = browser.new_context(viewport={"width": 360, "height": 800}, base_url=portal.base_url, bypass_csp=True)
    page = context.new_page()
    for path in PAGES:
        page.goto(f"/{language}/{path}")
        page.evaluate(LONGEST)
        page.add_style_tag(content="html { font-size: 200% !important }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    context.close()
