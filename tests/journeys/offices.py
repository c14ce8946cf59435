"""Officials of the demo country, by their places on its log-in page (dauys.demo.officials), and how they log in."""

import re

FIRST, SECOND, REVIEWER, CLERK, HEAD = range(5)
DISTRICT_CLERK, DISTRICT_HEAD = 7, 8  # of the akimat of Akzhailau: 1,800 people, whose 90 signatures oblige it


def log_in(page, who, path):
    """Logs an official in and opens a page of their desk, which must fit the screen."""
    page.goto(f"{path[:4]}login/?role=official&next={path}")
    page.locator("main form button").first.click()
    page.locator("#demo form button").nth(who).click()
    page.locator("button[value=yes]").click()
    page.wait_for_url(re.compile(re.escape(path) + "$"))
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
