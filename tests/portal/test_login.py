import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

import webworld
from dauys.errors import LANGUAGES


@pytest.fixture(autouse=True)
def nobody_in():
    webworld.installation()
    yield
    from dauys.desk.models import Session

    Session.objects.all().delete()


def browser():
    from django.test import Client

    return Client()


def begin(client, language="en", **form):
    """To the page with the code; its address."""
    answer = client.post(f"/{language}/login/", form)
    assert answer.status_code == 303
    return answer.headers["Location"]


def token_in(address):
    return urlsplit(address).path.split("/")[3]


def signed_by(address, number="1", name="Айгүл С."):
    """What the door keeps when this person has signed."""
    from dauys.desk.transactions import office_transaction
    from dauys.intake.login import open_login
    from dauys.ledger import logins

    _, keys = webworld.installation()
    asked = open_login(keys.request, token_in(address))
    result = logins.LoginResult(keys.person(f"iin|{number}"), logins.wrap_name(keys, asked.grant.nonce, name))
    with office_transaction() as connection:
        logins.keep(connection, asked.grant.nonce, result, asked.expires, webworld.datetime.now(webworld.UTC))


def log_in(client, language="en", number="1", **form):
    """All the way; the answer to "Yes, continue"."""
    address = begin(client, language, **form)
    signed_by(address, number)
    confirm = client.get(address).headers["Location"]
    return client.post(confirm, {"answer": "yes"})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["citizen", "official"])
def test_the_page_shows_code_statement_and_qr(language, role):
    from dauys.intake.login import open_login

    client = browser()
    address = begin(client, language, role=role)
    page = client.get(address).content.decode()
    _, keys = webworld.installation()
    asked = open_login(keys.request, token_in(address))
    assert (asked.grant.role, asked.grant.host, asked.grant.language) == (role, "testserver", language)
    assert f"<strong>{asked.statement.code}</strong>" in page
    shown = re.search(r'<pre class="statement"[^>]*>(.*?)</pre>', page, re.DOTALL)[1]
    assert html.unescape(re.sub(r"</?span[^>]*>", "", shown)) == asked.statement.to_text()
    assert "egov__code" in page
    assert f"mgovSign%2F{asked.token}" in page
    assert f"mgovSign/{asked.token}" not in browser().get(address).content.decode()


def test_only_the_login_sets_a_cookie_and_keeps_it_from_scripts_and_others():
    client = browser()
    assert not client.get("/en/login/").cookies
    cookie = client.post("/en/login/").cookies["dauys_login"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 600)
    assert len(cookie.value) >= 43
    over_tls = browser().post("/en/login/", secure=True).cookies["__Host-dauys_login"]
    assert over_tls["secure"]


def test_from_the_signature_to_the_account_and_out_again():
    client = browser()
    address = begin(client)
    assert client.get(address + "/state").status_code == 200
    signed_by(address)
    assert client.get(address + "/state").headers["HX-Redirect"] == address + "/confirm"
    assert client.get(address).headers["Location"] == address + "/confirm"
    page = client.get(address + "/confirm").content.decode()
    assert "Айгүл С." in page
    assert "dauys_session" not in client.cookies  # not before it is confirmed
    answer = client.post(address + "/confirm", {"answer": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/account/")
    assert answer.cookies["dauys_login"]["max-age"] == 0
    account = client.get("/en/account/")
    assert "Айгүл С." in account.content.decode()
    assert account.headers["Cache-Control"] == "no-store"
    assert client.get(address).headers["Location"] == "/en/account/"  # the browser's Back does no harm
    assert client.post("/en/account/log-out").headers["Location"] == "/en/"
    assert "/login/" in client.get("/en/account/").headers["Location"]


def test_a_signed_code_gives_nothing_to_a_browser_without_the_secret():
    owner, stranger, other = browser(), browser(), browser()
    address = begin(owner)
    begin(other)  # a secret, but of another request
    signed_by(address)
    for client in (stranger, other):
        for path in ("", "/state", "/confirm"):
            answer = client.get(address + path)
            assert answer.status_code == 403
            assert "Айгүл" not in answer.content.decode()
            assert "HX-Redirect" not in answer.headers
        assert client.post(address + "/confirm", {"answer": "yes"}).status_code == 403
        assert "dauys_session" not in client.cookies
    assert owner.post(address + "/confirm", {"answer": "yes"}).status_code == 303


def test_whoever_finds_another_name_says_no_and_nobody_is_in():
    client = browser()
    address = begin(client, role="official", next="/en/log")
    signed_by(address, name="Мошенник М.")
    answer = client.post(address.replace("?", "/confirm?"), {"answer": "no"})
    assert answer.headers["Location"] == "/en/login/?next=%2Fen%2Flog&role=official"
    assert "dauys_session" not in client.cookies
    assert client.get(address).status_code == 403  # this code is done with


def test_a_session_planted_before_is_not_the_one_after():
    client = browser()
    client.cookies["dauys_session"] = "planted"
    log_in(client)
    assert client.cookies["dauys_session"].value != "planted"
    thief = browser()
    thief.cookies["dauys_session"] = "planted"
    assert thief.get("/en/account/").status_code == 303


def test_a_stolen_cookie_is_worth_nothing_after_log_out():
    client, thief = browser(), browser()
    log_in(client)
    thief.cookies["dauys_session"] = client.cookies["dauys_session"].value
    assert thief.get("/en/account/").status_code == 200
    client.post("/en/account/log-out")
    assert thief.get("/en/account/").status_code == 303


def test_log_out_everywhere():
    one, other = browser(), browser()
    log_in(one)
    log_in(other)
    one.post("/en/account/log-out", {"everywhere": "yes"})
    assert other.get("/en/account/").status_code == 303


def test_the_way_back_is_kept_to_the_end_and_stays_on_this_site():
    client = browser()
    sent = client.get("/kk/account/").headers["Location"]
    assert parse_qs(urlsplit(sent).query) == {"next": ["/kk/account/"]}
    assert log_in(browser(), next="/kk/log?x=1").headers["Location"] == "/kk/log?x=1"
    for evil in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert log_in(browser(), next=evil).headers["Location"] == "/en/account/"
        client = browser()
        address = begin(client)
        signed_by(address)
        confirmed = client.post(f"{address}/confirm?next={evil}", {"answer": "yes"})
        assert confirmed.headers["Location"] == "/en/account/"


def test_an_expired_login_offers_to_start_again(monkeypatch):
    client = browser()
    address = begin(client)
    later = webworld.datetime.now(webworld.UTC) + timedelta(minutes=6)
    monkeypatch.setattr("dauys.portal.login.timezone.now", lambda: later)
    answer = client.get(address)
    assert answer.status_code == 410
    assert 'href="/en/login/"' in answer.content.decode()
    assert client.get(address + "/state").headers["HX-Redirect"] == address


def test_forged_and_foreign_tokens_are_refused_kindly():
    client = browser()
    petition = webworld.add_petition()
    act = client.post(f"/en/petitions/{petition.pk}/sign", {"declare": "yes"}).headers["Location"].rpartition("/")[2]
    login = token_in(begin(client))
    for address in (f"/en/login/{act}", "/en/login/login.AAAA", f"/en/login/{act}/confirm", f"/en/sign/{login}"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "request-forged" in answer.content.decode()
    webworld.clear()


def test_who_is_no_official_is_told_so():
    answer = log_in(browser(), role="official", number="nobody")
    assert answer.status_code == 403
    assert "not-official" in answer.content.decode()
    assert "dauys_session" not in answer.cookies


def test_an_official_sees_task_and_body():
    from dauys.demo.people import citizen
    from dauys.desk.models import Mailbox
    from dauys.desk.services import appoint, dismiss
    from dauys.identity.iin import Iin

    _, keys = webworld.installation()
    iin, now = citizen(77).iin, webworld.datetime.now(webworld.UTC)
    official = appoint(keys, Iin.parse(iin), "reviewer", "Серікова А.", "Апелляция", now)
    client = browser()
    log_in(client, "ru", role="official", number=iin)
    page = client.get("/ru/account/").content.decode()
    assert "Рассматривает жалобы" in page
    assert "Апелляция" in page
    assert client.post("/ru/account/mailbox", {"address": "nobody"}).status_code == 400
    assert client.post("/ru/account/mailbox", {"address": "a@gov.example.kz"}).status_code == 303
    assert 'value="a@gov.example.kz"' in client.get("/ru/account/").content.decode()
    client.post("/ru/account/mailbox", {"address": ""})
    assert "a@gov.example.kz" not in client.get("/ru/account/").content.decode()
    browser().post("/ru/account/mailbox", {"address": "b@gov.example.kz"})  # a stranger
    assert not Mailbox.objects.exists()
    dismiss(official.person, now)
    assert client.get("/ru/account/").status_code == 303


def test_another_site_can_neither_begin_nor_confirm_nor_log_out():
    client = browser()
    address = begin(client)
    signed_by(address)
    for path in ("/en/login/", address + "/confirm", "/en/account/log-out"):
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            answer = client.post(path, {"answer": "yes"}, headers=headers)
            assert (answer.status_code, "cross-site" in answer.content.decode()) == (403, True)
    assert "dauys_session" not in client.cookies


def test_public_pages_do_not_know_who_reads():
    client, stranger = browser(), browser()
    log_in(client)
    for path in ("/en/", "/en/petitions/", "/en/log", "/en/privacy"):
        mine, other = client.get(path), stranger.get(path)
        assert mine.content == other.content
        assert not mine.cookies
        assert "public" in mine.headers["Cache-Control"]
        assert "Cookie" not in mine.headers.get("Vary", "")
        assert 'href="/en/account/"' in mine.content.decode()


def test_the_time_left_is_told_at_each_look(monkeypatch):
    client = browser()
    address = begin(client)
    now = webworld.datetime.now(webworld.UTC).replace(microsecond=0) + timedelta(minutes=3)
    monkeypatch.setattr("dauys.portal.login.timezone.now", lambda: now)
    assert re.fullmatch(r"Time left: (2:00|1:5\d)", client.get(address + "/state").content.decode().strip())


def test_without_script_the_page_loads_itself_again_unless_told_not_to():
    client = browser()
    address = begin(client, next="/en/log")
    page = client.get(address).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    still = client.get(address + "&still=1").content.decode()
    assert "http-equiv" not in still
    assert f'href="{address.replace("?", "/confirm?")}"' in still
    assert "style=" not in page.partition("<main")[2]


def test_on_a_computer_the_same_request_is_signed_with_ncalayer():
    from base64 import b64decode

    from dauys.intake.login import open_login

    client = browser()
    address = begin(client, role="official", next="/en/log")
    page = client.get(address).content.decode()
    on_computer = address.replace("?", "/computer?")
    assert f'href="{on_computer}"' in page
    answer = client.get(on_computer)
    page = html.unescape(answer.content.decode())
    panel = dict(re.findall(r'data-(\w+)="([^"]*)"', page))
    _, keys = webworld.installation()
    assert b64decode(panel["content"]) == open_login(keys.request, token_in(address)).statement.to_bytes()
    assert (panel["token"], panel["door"]) == (token_in(address), "/intake/logins")
    assert panel["done"] == address.replace("?", "/confirm?")
    assert "wss://127.0.0.1:13579" in answer.headers["Content-Security-Policy"]
    assert 'href="/en/login/?next=%2Fen%2Flog&role=official"' in page
    assert browser().get(on_computer).status_code == 403
    signed_by(address)
    assert client.get(on_computer).headers["Location"] == panel["done"]


def test_who_is_in_already_need_not_log_in_again():
    client = browser()
    log_in(client)
    assert client.get("/en/login/").headers["Location"] == "/en/account/"
    assert client.get("/en/login/?next=/en/log").headers["Location"] == "/en/log"
    assert client.get("/en/login/?next=//evil.example").headers["Location"] == "/en/account/"
    assert client.get("/en/login/?role=official").status_code == 200  # that is another matter
