import html
import re
import subprocess
import sys
from base64 import b64decode
from datetime import timedelta

import pytest

import webworld

CONNECT = re.compile("connect-src ([^;]*)")


@pytest.fixture(autouse=True)
def proposed_citizen(monkeypatch):
    """The demonstration's proposal without its PKI."""
    webworld.installation()
    citizen = {"number": 7, "name": "Айгүл Серікқызы"}
    monkeypatch.setattr("dauys.portal.signing.import_string", lambda _: lambda _request: citizen)


def ask(portal, language="kk", **form):
    petition = webworld.add_petition()
    return portal.post(f"/{language}/petitions/{petition.pk}/sign", {"declare": "yes"} | form).headers["Location"]


def opened(address):
    from dauys.portal.signing import signing_requests

    return signing_requests().open(address.rpartition("/")[2], webworld.datetime.now(webworld.UTC))


def data(page):
    """The data- attributes of the panel that the script reads."""
    panel = re.search(r'<section class="panel ncalayer"([^>]*)>', page)[1]
    return {name: html.unescape(value) for name, value in re.findall(r' data-([a-z]+)="([^"]*)"', panel)}


def test_the_same_choices_stand_in_a_statement_of_the_desktop_tier(portal):
    address = ask(portal, region="KZ-71")
    answer = portal.get(address + "/computer")
    mobile, desktop = opened(address), opened(answer.headers["Location"])
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"
    assert (mobile.grant.tier, desktop.grant.tier) == ("mobile", "desktop")
    assert "tier: desktop" in desktop.statement.to_text()
    for name in ("subject", "language", "region", "holder"):
        assert getattr(mobile.grant, name) == getattr(desktop.grant, name)
    assert mobile.grant.nonce != desktop.grant.nonce
    assert answer.cookies["dauys_sign"].value == portal.cookies["dauys_sign"].value
    back = portal.get(answer.headers["Location"] + "/phone").headers["Location"]
    assert opened(back).grant.tier == "mobile"
    assert "egov__code" in portal.get(back).content.decode()


def test_the_page_gives_the_script_the_exact_statement_and_the_time_left(portal):
    address = portal.get(ask(portal, "ru") + "/computer").headers["Location"]
    page = portal.get(address).content.decode()
    given = data(page)
    asked = opened(address)
    assert b64decode(given["content"]) == asked.statement.to_bytes()
    assert given["token"] == asked.token
    assert given["done"] == address + "/done"
    assert 800 < int(given["seconds"]) <= 900
    assert given["socket"] == "wss://127.0.0.1:13579"
    assert " data-stamp" not in page
    assert asked.statement.to_text() == html.unescape(
        re.sub(r"</?span[^>]*>", "", re.search(r'<pre class="statement"[^>]*>(.*?)</pre>', page, re.DOTALL)[1])
    )


def test_a_time_stamp_is_asked_for_where_the_operator_wants_it(portal, settings_of, monkeypatch):
    monkeypatch.setattr(settings_of, "DAUYS_NCALAYER_TIMESTAMP", True)
    page = portal.get(portal.get(ask(portal) + "/computer").headers["Location"]).content.decode()
    assert " data-stamp " in page


@pytest.fixture
def settings_of():
    from django.conf import settings

    return settings


def connections(answer):
    found = CONNECT.search(answer.headers["Content-Security-Policy"])
    return found[1].split() if found else None


def test_only_the_page_to_sign_on_a_computer_may_connect_elsewhere(portal, settings_of, monkeypatch):
    address = ask(portal)
    desktop = portal.get(address + "/computer").headers["Location"]
    assert connections(portal.get(address)) is None
    assert connections(portal.get("/kk/")) is None
    assert connections(portal.get(desktop)) == ["'self'", "wss://127.0.0.1:13579"]
    monkeypatch.setattr(settings_of, "DAUYS_DEMO_NCALAYER", "http://127.0.0.1:8020")
    page = portal.get(desktop)
    assert connections(page) == ["'self'", "wss://127.0.0.1:13579", "ws://127.0.0.1:8020"]
    assert data(page.content.decode())["socket"] == "ws://127.0.0.1:8020"
    assert 'href="http://127.0.0.1:8020/?language=kk"' in page.content.decode()


def test_the_script_finds_every_word_it_says(portal):
    from django.conf import settings

    page = portal.get(portal.get(ask(portal) + "/computer").headers["Location"]).content.decode()
    script = (settings.HERE / "static/sign-ncalayer.js").read_text("utf-8")
    said = set(re.findall(r'(?:say|Trouble|after)\((?:[\w]+, )?"([a-z]+)"', script))
    assert said == set(re.findall(r'<template data-say="([a-z]+)">', page))


def test_what_was_signed_or_is_late_goes_no_other_way(portal, monkeypatch):
    from dauys.intake.outcome import Outcome

    address = ask(portal)
    with monkeypatch.context() as patch:
        patch.setattr("dauys.portal.signing.find_outcome", lambda *_: Outcome(1, "receipt\n"))
        for end in ("/computer", "/phone"):
            assert portal.get(address + end).headers["Location"] == address + "/done"
    later = webworld.datetime.now(webworld.UTC) + timedelta(hours=1)
    monkeypatch.setattr("dauys.portal.signing.timezone.now", lambda: later)
    answer = portal.get(address + "/computer")
    assert answer.status_code == 410
    assert "request-expired" in answer.content.decode()
    assert portal.get("/kk/sign/AAAA/computer").status_code == 403


def test_another_browser_goes_another_way_without_the_secret(portal):
    from django.test import Client

    address = ask(portal)
    answer = Client().get(address + "/computer")
    assert not answer.cookies
    assert opened(answer.headers["Location"]).grant.holder == opened(address).grant.holder


def test_production_knows_no_demo(tmp_path):
    look = (
        "import dauys.portal.settings as s; from django import setup; setup();"
        "from dauys.portal.desktop_way import connections; print(*connections(), s.DAUYS_NCALAYER_TIMESTAMP)"
    )
    environment = {
        "DAUYS_VAR": str(tmp_path),
        "DAUYS_MODE": "production",
        "DAUYS_DEMO_NCALAYER": "http://127.0.0.1:8020",
        "DAUYS_NCALAYER_TIMESTAMP": "on",
        "DJANGO_SETTINGS_MODULE": "dauys.portal.settings",
    }
    run = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "wss://127.0.0.1:13579 True"
