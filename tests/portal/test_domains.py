"""The page of true addresses: the signed list in three languages, and what it says of the reader's own address."""

from datetime import UTC, datetime

import pytest

import webworld
from dauys.ledger.true_addresses import ADDRESSES, publish_addresses


@pytest.fixture
def sign(portal):  # noqa: ARG001 - the scratch installation must stand
    places, keys = webworld.installation()
    yield lambda *listed: publish_addresses(places, keys, [keys.log.verifier], listed, datetime.now(UTC))
    (places.log / ADDRESSES).unlink(missing_ok=True)


def page(portal, language="en"):
    answer = portal.get(f"/{language}/domains")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_page_leads_there_and_without_a_list_it_says_so(portal):
    assert '/en/domains"' in portal.get("/en/").content.decode()
    assert "No list of addresses is signed yet." in page(portal)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_list_by_kinds(portal, sign, language):
    sign(("site", "https://new.example"), ("mirror", "https://mirror.example"), ("gone", "https://old.example"))
    text = page(portal, language)
    assert 'href="https://new.example"' in text
    assert 'href="https://mirror.example"' in text
    assert 'href="https://old.example"' not in text
    assert "https://old.example</del>" in text
    assert "demo.example/log" in text
    assert datetime.now(UTC).date().isoformat() not in text  # its day stands in words


def test_what_the_list_says_of_this_address(portal, sign):
    sign(("site", "http://testserver"))
    assert "which is in the list" in page(portal)
    sign(("site", "https://new.example"), ("gone", "http://testserver"))
    assert "Do not sign here." in page(portal)


def test_a_list_that_does_not_hold_is_not_shown(portal, sign):
    sign(("site", "https://new.example"))
    file = webworld.installation()[0].log / ADDRESSES
    file.write_text(file.read_text().replace("new.example", "bad.example"))
    text = page(portal)
    assert "bad.example" not in text
    assert "No list of addresses is signed yet." in text
