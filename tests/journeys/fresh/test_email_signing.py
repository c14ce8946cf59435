"""An independent site, whose rules admit signatures by e-mail: written, accepted, signed by letter, counted apart."""

import re

import pytest

from journeys import writing
from journeys.citizens import letter_to, sign
from journeys.offices import FIRST
from journeys.public import PublicPage, audited

pytestmark = pytest.mark.browser

WORDS = {
    "kk": ("Ауылға интернет тартыңыздар", "Интернет жоқ.\n\nКабель тартыңыздар.", "үкімет", "Электрондық поштамен расталған"),
    "ru": ("Проведите интернет в аул", "Интернета нет.\n\nПроложите кабель.", "правительство", "Подтверждено по электронной почте"),
}  # fmt: skip


@pytest.fixture(scope="module")
def rules():
    """Those of an independent site."""
    return "site"


def hand_in(author, official, language):
    """A petition written and let through; its number."""
    title, text, body, _ = WORDS[language]
    writing.start(author, language, title)
    writing.choose_whom_to_ask(author, body)
    writing.write(author, language, text)
    writing.hand_in(author)
    desk = official(FIRST, f"/{language}/desk/moderation/")
    desk.get_by_text(title).click()
    desk.wait_for_url(re.compile(r"/moderation/\d+$"))
    number = int(desk.url.rpartition("/")[2])
    desk.locator("button[value=accept]").click()
    desk.wait_for_url(re.compile(r"/moderation/\?done="))
    return number


def ask_for_a_letter(page, language, number, address):
    """The form, filled and sent."""
    page.goto(f"/{language}/petitions/{number}")
    page.locator("a[href$='/sign/email']").click()
    page.locator("#address").fill(address)
    page.locator("#declare").check()
    page.locator("main form button").click()


def sign_by_letter(page, language, number, address):
    """From the petition's page over the letter to "counted"."""
    ask_for_a_letter(page, language, number, address)
    page.locator("main .lead", has_text=address).wait_for()
    page.locator("a[href$='/demo/mail']").click()
    letter_to(page, language, address, WORDS[language][0]).locator("a[href*='/petitions/email/']").click()
    assert "kind: petition.signature" in page.locator("pre.statement").inner_text()
    page.locator("main form button").click()
    page.locator(".verdict--yes.done").wait_for()


@pytest.mark.parametrize(("language", "width"), [("kk", 360), ("ru", 1280)])
def test_signatures_by_letter_are_counted_apart(language, someone, official, portal, installation):
    number = hand_in(someone(), official, language)
    page = someone(script=False)
    ask_for_a_letter(page, language, number, "someone@mailinator.com")
    assert "mailinator.com" in page.locator("#address-error").inner_text()
    assert page.locator("#address").input_value() == "someone@mailinator.com"
    sign_by_letter(page, language, number, f"aigul.{language}@gmail.com")
    sign_by_letter(page, language, number, f"a.i.g.u.l.{language}+petition@gmail.com")  # the same mailbox
    public = PublicPage(page, language, number)
    public.wait_for_count(1)
    for name in ("arman", "dana", "erlan"):
        sign_by_letter(page, language, number, f"{name}.{language}@example.kz")
    sign(someone(), language, number)
    assert public.wait_for("collecting")["turn"] == "supporters"  # five: four letters and one e-signature
    assert public.count() == 5
    tiers = page.locator(".tiers").inner_text()
    assert re.search(WORDS[language][3] + r"\s+4\b", tiers)
    assert audited(installation, portal)["sound"]
