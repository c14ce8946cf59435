"""A page that waits for the phone learns that the phone said no: to sign, to log in, to sign an act; for the browser that asked alone."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

import webworld
from dauys.errors import SignatureInvalid, SigningCancelled
from dauys.intake.phone_answers import ANSWERS

DECLINED = {"kk": "Сіз телефонда бас тарттыңыз", "ru": "Вы отказались на телефоне", "en": "You declined on the phone"}


@pytest.fixture(autouse=True)
def proposed_citizen(monkeypatch):
    """The demonstration's proposal without its PKI."""
    webworld.installation()
    citizen = {"number": 7, "name": "Айгүл Серікқызы"}
    monkeypatch.setattr("dauys.portal.signing.import_string", lambda _: lambda _request: citizen)


def to_sign(client, language):
    return client.post(f"/{language}/petitions/{webworld.add_petition().pk}/sign", {"declare": "yes"})


def to_log_in(client, language):
    return client.post(f"/{language}/login/", {"next": f"/{language}/petitions/"})


def to_act(client, language):
    return client.post(f"/{language}/petitions/{webworld.add_petition().pk}/unsign")


def nonce_of(address):
    from dauys.intake.login import open_login
    from dauys.portal.acts import act_requests
    from dauys.portal.login import keys
    from dauys.portal.signing import signing_requests

    kind, token = urlsplit(address).path.split("/")[2:4]
    if kind == "login":
        return open_login(keys().request, token).grant.nonce
    return (
        act_requests().open(token) if kind == "act" else signing_requests().open(token, datetime.now(UTC))
    ).grant.nonce


def asks(address):
    """The address that the open page's script asks."""
    path, _, query = address.partition("?")
    return f"{path}/state?{query}"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("begin", [to_sign, to_log_in, to_act])
def test_the_page_says_so_once_and_goes_on_waiting(portal, begin, language):
    address = begin(portal, language).headers["Location"]
    assert DECLINED[language] not in portal.get(address).content.decode()
    assert "HX-Redirect" not in portal.get(asks(address)).headers
    ANSWERS.note(nonce_of(address), SigningCancelled(), datetime.now(UTC))
    onward = portal.get(asks(address)).headers["HX-Redirect"]
    assert onward.endswith("told=1#phone-said")
    page = portal.get(onward.partition("#")[0]).content.decode()
    assert DECLINED[language] in page
    assert 'id="phone-said"' in page
    assert "egov__code" in page  # the same code is still there to be scanned
    assert "told=1" in page.partition("hx-get=")[2].partition(">")[0]
    assert "HX-Redirect" not in portal.get(asks(onward.partition("#")[0])).headers  # told already
    ANSWERS.note(nonce_of(address), SignatureInvalid(), datetime.now(UTC))
    assert portal.get(asks(onward.partition("#")[0])).headers["HX-Redirect"].endswith("told=2#phone-said")
    assert DECLINED[language] not in portal.get(address).content.decode()


def test_where_to_go_afterwards_is_not_lost(portal):
    address = to_log_in(portal, "en").headers["Location"]
    ANSWERS.note(nonce_of(address), SigningCancelled(), datetime.now(UTC))
    assert "next=%2Fen%2Fpetitions%2F&told=1" in portal.get(asks(address)).headers["HX-Redirect"]


def test_another_browser_with_the_address_is_told_nothing(portal):
    from django.test import Client

    address = to_sign(portal, "ru").headers["Location"]
    ANSWERS.note(nonce_of(address), SigningCancelled(), datetime.now(UTC))
    assert DECLINED["ru"] in portal.get(address).content.decode()
    stranger = Client()
    assert DECLINED["ru"] not in stranger.get(address).content.decode()
    assert "HX-Redirect" not in stranger.get(asks(address)).headers


def test_without_script_the_page_that_loads_itself_again_says_it_too(portal):
    address = to_sign(portal, "kk").headers["Location"]
    ANSWERS.note(nonce_of(address), SigningCancelled(), datetime.now(UTC))
    for page in (address, address + "/done"):
        shown = portal.get(page).content.decode()
        assert '<meta http-equiv="refresh"' in shown
        assert DECLINED["kk"] in shown
