"""A sheet signed on paper: two moderators enter it, blind to each other; who signed on the phone as well counts once."""

import re

import pytest

from dauys.demo.people import citizen
from journeys.citizens import sign
from journeys.offices import FIRST, SECOND
from journeys.public import PublicPage, audited

pytestmark = pytest.mark.browser

SIGNER = 30_000_000  # who signs on the phone and stands on the sheet too
TIER = {"kk": "Қағаз жүзінде", "ru": "На бумаге"}


@pytest.mark.parametrize(("language", "width"), [("kk", 360), ("ru", 1280)])
def test_a_sheet_counts_once_two_moderators_agree(language, someone, official, scene, portal, installation, tmp_path):
    number = scene("gathering")
    rows = [citizen(SIGNER + n).iin for n in range(3)]
    scan = tmp_path / "парақ.pdf"
    scan.write_bytes(f"a scan of petition {number}".encode())
    reader = someone()
    sign(reader, language, number, SIGNER)
    public = PublicPage(reader, language, number)
    public.wait_for_count(1)

    first = official(FIRST, f"/{language}/desk/moderation/{number}")
    first.locator(f"a[href$='/{number}/paper']").click()
    first.locator("#scan").set_input_files(scan)
    first.locator("#numbers").fill("\n".join(rows))
    first.locator("form[enctype] button").click()
    first.locator("section.panel code.long").wait_for()
    assert first.locator("[name=numbers]").count() == 1  # the first may begin another sheet, not enter this one again

    second = official(SECOND, f"/{language}/desk/moderation/{number}/paper")
    assert not any(row in second.locator("body").inner_text() for row in rows)
    second.locator("section.panel [name=numbers]").fill("\n".join([rows[0], citizen(SIGNER + 9).iin, rows[2]]))
    second.locator("section.panel button").first.click()
    second.locator(".govuk-error-summary", has_text=re.compile(r"\b2\b")).wait_for()
    assert second.locator("section.panel [name=numbers]").input_value().split()[0] == rows[0]  # nothing typed is lost
    assert second.evaluate("document.documentElement.scrollWidth") <= second.viewport_size["width"]
    second.locator("section.panel [name=numbers]").fill("\n".join(rows))
    second.locator("section.panel button").first.click()
    second.locator("main ul.govuk-list code.long").wait_for()
    public.wait_for_count(3)
    assert TIER[language] in public.text()
    assert audited(installation, portal)["sound"]
