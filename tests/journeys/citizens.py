"""What citizens click to sign, and to read the letters of the demo country."""

import re
import time

from journeys.public import PATIENCE


def sign(page, language, number, citizen=None):
    """From the petition's page to "signed"; as a demo citizen of that number, or as whom the page proposes."""
    page.goto(f"/{language}/petitions/{number}")
    page.locator("a[href$='/sign']").first.click()
    page.locator("input[name=declare]").check()
    page.locator("main form button").first.click()
    if citizen is not None:
        page.locator("input[name=citizen]").evaluate("(field, number) => field.value = number", str(citizen))
    page.locator("form[action$='/demo'] button").first.click()
    page.wait_for_url(re.compile(r"/done$"))


def letters_to(page, language, address):
    """Letters of the demo country to an address, the newest first: a locator."""
    page.goto(f"/{language}/demo/mail")
    return page.locator("article.letter", has_text=address)


def letter_to(page, language, address, words):
    """The newest letter with these words to an address, once the worker has sent it: a locator."""
    until = time.monotonic() + PATIENCE
    while not (found := letters_to(page, language, address).filter(has_text=words)).count():
        assert time.monotonic() < until, f"no letter to {address} says {words!r}"
        time.sleep(0.5)
    return found.first
