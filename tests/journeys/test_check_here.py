"""A receipt checked in the reader's own browser: with the network off, from a saved file, from a code's address."""

import pytest

from dauys.translog.compact import to_compact
from dauys.translog.proof import Receipt

VERDICTS = {"kk": "Иә, бұл түбіртек жарамды", "ru": "Да, квитанция действительна", "en": "Yes, this receipt holds"}


@pytest.fixture(scope="module")
def receipt(portal):
    """Of the log's first step of a petition."""
    import httpx

    steps = httpx.get(f"{portal.base_url}/petitions.json").json()["petitions"]
    petition = httpx.get(f"{portal.base_url}/petitions/{steps[0]['number']}.json").json()
    index = petition["steps"][0]["index"]
    return httpx.get(f"{portal.base_url}/petitions/{steps[0]['number']}/steps/{index}.tlog-proof").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_with_the_network_off(page, receipt, language):
    page.goto(f"/{language}/receipt")
    page.locator(f'a[href="/{language}/receipt/here"]').click()
    page.context.set_offline(True)
    page.locator("#text").fill(receipt)
    page.locator("#check").click()
    page.get_by_role("heading", name=VERDICTS[language]).wait_for()
    assert page.locator("#verdict [data-outcome]:visible").count() == 1


def test_from_a_saved_file_and_one_changed_letter(page, receipt, tmp_path):
    page.goto("/en/receipt/here")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save this page as a file").click()
    saved, file = tmp_path / "check.html", tmp_path / "mine.tlog-proof"
    download.value.save_as(saved)
    file.write_text(receipt)
    page.context.set_offline(True)
    page.goto(saved.as_uri())
    page.locator("#file").set_input_files(file)
    page.get_by_role("heading", name="Yes, this receipt holds").wait_for()
    index = next(line for line in receipt.splitlines() if line.startswith("index "))
    page.locator("#text").fill(receipt.replace(index, f"{index}0"))
    page.locator("#check").click()
    page.get_by_role("heading", name="No, this receipt does not hold").wait_for()


def test_from_the_address_of_a_code(page, receipt):
    page.goto(f"/en/receipt/here#r={to_compact(Receipt.parse(receipt))}")
    page.get_by_role("heading", name="Yes, this receipt holds").wait_for()
    page.get_by_text("The entry itself").click()
    assert "petition/" in page.locator("#entry").inner_text()


def test_the_page_can_reach_nobody(page):
    page.goto("/en/receipt/here")
    said = page.evaluate("fetch('/petitions.json').then(() => 'sent', () => 'refused')")
    assert said == "refused"
