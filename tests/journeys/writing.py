"""What an author clicks from the home page to a petition in moderation, with and without script."""

import re


def start(page, language, title):
    """From the home page to the draft's first page; what the portal found similar to the title, in small letters."""
    page.goto(f"/{language}/")
    page.locator("a[href$='/petitions/new']").first.click()
    page.locator(".actions a").click()
    page.locator("#title").fill(title)
    page.locator("form[method=get] button").last.click()
    similar = page.locator("#alike").inner_text().lower()
    page.locator("#alike form button").click()
    page.wait_for_url(re.compile(r"/draft/addressee$"))
    return similar


def choose_whom_to_ask(page, word):
    """The first body that the search finds."""
    page.locator("#q").fill(word)
    page.locator("form[role=search] button").click()
    page.locator("button.body").first.click()
    page.wait_for_url(re.compile(r"/draft/text$"))


def write(page, language, text):
    """The text and how its author is shown; ends at the preview."""
    page.locator(f"#text-{language}").fill(text)
    page.locator("button[value=next]").click()
    page.locator("button[value=next]").click()
    page.wait_for_url(re.compile(r"/draft/preview$"))


def hand_in(page):
    """From the preview to the page that waits for moderators."""
    page.locator("form button.govuk-button--sign").click()
    page.wait_for_url(re.compile(r"/act/"))
    assert "kind: petition.submission" in page.locator("pre.statement").inner_text()
    page.locator("form[action$='/demo'] button").first.click()
    page.wait_for_url(re.compile(r"/draft/handed-in$"))
