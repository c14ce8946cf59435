import html
import re
import subprocess
import sys
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno

import webworld

NCALAYER = "portal/sign/ways/ncalayer.html"


@pytest.fixture(autouse=True)
def proposed_citizen(monkeypatch):
    """The demonstration's proposal without its PKI."""
    webworld.installation()
    citizen = {"number": 7, "name": "Айгүл Серікқызы"}
    monkeypatch.setattr("dauys.portal.signing.import_string", lambda _: lambda _request: citizen)


def ask(portal, language="kk"):
    petition = webworld.add_petition()
    return portal.post(f"/{language}/petitions/{petition.pk}/sign", {"declare": "yes"}).headers["Location"]


def drawn(page):
    """The squares of the page's SVG, as rows of booleans without the quiet zone."""
    size, path = re.search(r'viewBox="0 0 (\d+) \1".*?<path stroke="#000" d="([^"]*)"', page).groups()
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        dark |= {(int(y) - 4, int(x) - 4 + n) for n in range(int(length))}
    side = int(size) - 8
    assert all(0 <= y < side and 0 <= x < side for y, x in dark)
    return [[(y, x) in dark for x in range(side)] for y in range(side)]


def test_the_page_draws_the_code_of_api_1_and_links_to_the_app(portal):
    address = ask(portal)
    page = portal.get(address).content.decode()
    text = f"mobileSign:http://testserver/intake/mgovSign/{address.rpartition('/')[2]}"
    expected = [[bool(cell) for cell in row] for row in segno.make_qr(text, error="l", mask=3).matrix]
    assert drawn(page) == expected
    link = re.search(r'href="(https://m\.egov\.kz/[^"]*)"', page)[1]
    shown = unquote(html.unescape(link))
    assert shown.startswith(f"https://m.egov.kz/mobileSign/?link={text.removeprefix('mobileSign:')}&isi=")
    assert "style=" not in page.partition("<main")[2]


def test_a_public_address_that_was_set_stands_in_the_code(portal, settings_of, monkeypatch):
    from dauys.intake.egov import Egov

    monkeypatch.setattr(settings_of, "DAUYS_EGOV", Egov.from_environment({"DAUYS_PUBLIC_URL": "https://dauys.example"}))
    page = portal.get(ask(portal)).content.decode()
    assert "link=https%3A%2F%2Fdauys.example%2Fintake%2FmgovSign%2F" in page


@pytest.fixture
def settings_of():
    webworld.installation()
    from django.conf import settings

    return settings


def test_the_demo_phone_is_offered_where_it_runs(portal, settings_of, monkeypatch):
    assert "egov__demo" not in portal.get(ask(portal)).content.decode()
    monkeypatch.setattr(settings_of, "DAUYS_DEMO_PHONE", "http://127.0.0.1:8010")
    address = ask(portal, "ru")
    page = portal.get(address).content.decode()
    link = html.unescape(re.search(r'egov__demo"><a[^>]* href="([^"]*)"', page)[1])
    query = parse_qs(urlsplit(link).query)
    assert link.startswith("http://127.0.0.1:8010/?")
    assert query["language"] == ["ru"]
    assert (query["citizen"], "once" in query) == (["7"], False)  # whom the page itself proposes
    assert "m.egov.kz" not in page  # the real application cannot reach a demonstration
    assert query["code"] == [f"mobileSign:http://testserver/intake/mgovSign/{address.rpartition('/')[2]}"]


@pytest.mark.parametrize("end", ["", "/done"])
def test_the_server_says_how_often_to_look(portal, settings_of, monkeypatch, end):
    monkeypatch.setattr(settings_of, "DAUYS_POLL_SECONDS", 41)
    monkeypatch.setattr(settings_of, "DAUYS_RELOAD_SECONDS", 42)
    address = ask(portal)
    page = portal.get(address + end).content.decode()
    assert f'hx-get="{address}/state?told=0" hx-trigger="every 41s"' in page
    assert '<noscript><meta http-equiv="refresh" content="42"></noscript>' in page
    still = portal.get(f"{address}{end}?still=1").content.decode()
    assert "http-equiv" not in still
    assert f'href="{address}/done"' in still


def test_an_open_page_is_told_where_to_go(portal, monkeypatch):
    from dauys.intake.outcome import Outcome

    address = ask(portal)
    waiting = portal.get(address + "/state")
    assert re.fullmatch(r"Қалған уақыт: 1[45]:\d\d", waiting.content.decode().strip())
    assert waiting.headers["Cache-Control"] == "no-store"
    with monkeypatch.context() as patch:
        patch.setattr("dauys.portal.signing.find_outcome", lambda *_: Outcome(1234, "receipt\n"))
        told = portal.get(address + "/state")
        assert (told.status_code, told.headers["HX-Redirect"]) == (200, address + "/done")
    later = webworld.datetime.now(webworld.UTC) + timedelta(hours=1)
    monkeypatch.setattr("dauys.portal.signing.timezone.now", lambda: later)
    assert portal.get(address + "/state").headers["HX-Redirect"] == address
    assert portal.get(address).status_code == 410
    assert "http-equiv" not in portal.get(address + "/done").content.decode()
    assert portal.get("/kk/sign/AAAA/state").status_code == 403


def test_another_browser_learns_nothing(portal, monkeypatch):
    from django.test import Client

    from dauys.intake.outcome import Outcome

    address = ask(portal)
    monkeypatch.setattr(
        "dauys.portal.signing.find_outcome", lambda _requests, _token, secret, _now: Outcome(1, "") if secret else None
    )
    assert portal.get(address + "/state").status_code == 200
    assert "HX-Redirect" not in Client().get(address + "/state").headers


@pytest.mark.parametrize(("said", "ways"), [
    ({}, NCALAYER),
    ({"DAUYS_PUBLIC_URL": "https://dauys.example"}, NCALAYER),
    ({"DAUYS_PUBLIC_URL": "https://dauys.example", "DAUYS_ORGANISATION_BIN": "000740000728"}, f"portal/sign/ways/egov.html {NCALAYER}"),
])  # fmt: skip
def test_production_offers_the_app_once_it_knows_who_asks_and_where(said, ways, tmp_path):
    look = "import dauys.portal.settings as s; print(*s.DAUYS_SIGN_WAYS)"
    environment = {"DAUYS_VAR": str(tmp_path), "DAUYS_MODE": "production"} | said
    run = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ways
