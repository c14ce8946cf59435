"""The demo phone against a real door, both in one loop: the phone's HTTP goes straight into the application."""

import re
from typing import get_args
from urllib.parse import urlencode

import httpx
import pytest
from starlette.routing import Mount

from asgi_client import running
from dauys.demo.phone import app as phone_app
from dauys.demo.phone import protocol
from dauys.demo.pki import DemoPki
from dauys.demo.screens import MAX_FORM
from dauys.intake.app import create_app
from dauys.intake.egov import Auth, Egov, app_link, business_link, invitation_url, qr_text
from dauys.intake.egov_documents import Method
from dauys.ledger import sqlite
from small_country import install

HERE = "http://127.0.0.1"


class Phone:
    """The phone, and the portal it speaks to."""

    def __init__(self, client, places):
        self.client, self.places = client, places

    def code(self):
        asked = {"subject": "petition/1", "language": "kk", "tier": "mobile", "declared": True}
        token = self.client.post("/intake/requests", json=asked).json()["token"]
        return qr_text(invitation_url(HERE, token))

    def look(self, code="", **fields):
        return self.client.get("/phone/?" + urlencode({"code": code, "language": "en"} | fields))

    def send(self, action, code, **fields):
        body = urlencode({"code": code, "language": "en"} | fields)
        return self.client.post(f"/phone/{action}", content=body)

    def signatures(self):
        connection = sqlite.connect(self.places.database)
        try:
            return connection.execute("SELECT count(*) FROM ledger_admission").fetchone()[0]
        finally:
            connection.close()


WAYS = [(auth, "CMS_SIGN_ONLY") for auth in get_args(Auth)] + [("Eds", method) for method in get_args(Method)[1:]]


@pytest.fixture(params=[("Token", "CMS_SIGN_ONLY")], ids="-".join)
def phone(tmp_path, authorities, monkeypatch, request):
    places, _ = install(tmp_path / "var", authorities)
    auth, method = request.param
    egov = Egov.from_environment({"DAUYS_EGOV_AUTH": auth, "DAUYS_EGOV_METHOD": method})
    screen = phone_app.create_app(DemoPki.load(places.demo_pki))
    portal = create_app(places, "demo", routes=[Mount("/phone", screen)], egov=egov)

    def client(language):
        return httpx.AsyncClient(transport=httpx.ASGITransport(portal), headers={"accept-language": language})

    monkeypatch.setattr(protocol, "client", client)
    with running(portal) as spoken:
        yield Phone(spoken, places)


def number_on(page):
    return re.search(r'name="citizen" value="(\d+)"', page.text)[1]


@pytest.mark.parametrize("phone", WAYS, indirect=True, ids="-".join)
def test_a_code_is_read_signed_and_counted_once(phone):
    code = phone.code()
    page = phone.look(code)
    assert page.status_code == 200
    assert "МЕН ОСЫ ПЕТИЦИЯҒА ҚОЛ ҚОЯМЫН" in page.text
    assert "dauys-statement/v1" in page.text
    assert ">Dauys<" in page.text
    assert "Statement of signing a petition" in page.text
    for _ in range(2):
        answer = phone.send("sign", code, pin="1234", citizen=number_on(page))
        assert (answer.status_code, "answer--yes" in answer.text) == (200, True)
    assert phone.signatures() == 1


def test_the_phone_keeps_its_citizen_until_another_is_asked_for(phone):
    code = phone.code()
    page = phone.look(code)
    assert number_on(page) == number_on(phone.look(phone.code()))
    another = re.search(r"citizen=(\d+)", page.text)[1]
    assert number_on(phone.look(code, citizen=another)) == another == str(int(number_on(page)) + 1)
    assert number_on(phone.look(phone.code())) == number_on(phone.look(code, citizen="-1")) == another


def test_who_signs_for_an_office_is_not_taken_for_the_citizen_afterwards(phone):
    mine = number_on(phone.look(phone.code()))
    code = phone.code()
    page = phone.look(code, citizen="7", once="1")
    assert number_on(page) == "7"
    assert "citizen=7&amp;once=1" in page.text  # of the links to other languages
    phone.send("sign", code, pin="1", citizen="7", once="1")
    assert number_on(phone.look(phone.code())) == mine


def test_the_link_of_the_same_phone_is_understood_too(phone):
    code = phone.code()
    for link in (app_link, business_link):
        assert "dauys-statement/v1" in phone.look(link(code.removeprefix("mobileSign:"))).text
    assert "dauys-statement/v1" in phone.look(f"  {code}\n").text


@pytest.mark.parametrize("pin", ["", "123", "12345", "abcd", "١٢٣٤"])
def test_a_pin_has_four_digits(phone, pin):
    answer = phone.send("sign", phone.code(), pin=pin)
    assert answer.status_code == 400
    assert "The PIN has four digits." in answer.text
    assert "dauys-statement/v1" in answer.text
    assert phone.signatures() == 0


def test_what_the_portal_says_is_shown_in_the_phones_language(phone):
    first, second = phone.code(), phone.code()
    phone.send("sign", first, pin="1234", citizen="7")
    assert "You have already signed this." in phone.send("sign", second, pin="1234", citizen="7").text
    assert "уже подписал кто-то другой" in phone.send("sign", first, pin="1234", citizen="8", language="ru").text
    assert "передумаете" in phone.send("cancel", second, language="ru").text
    assert "not made by this portal" in phone.look(f"mobileSign:{HERE}/intake/mgovSign/AAAA").text
    assert phone.signatures() == 1


@pytest.mark.parametrize("code", [
    "x", "mobileSign:", f"{HERE}/intake/mgovSign/AAAA", "mobileSign:https://dauys.example/mgovSign/A", f"mobileSign:{HERE}/other",
    "mobileSign:http://[/mgovSign", "mobileSign:http://127.0.0.1:99999/mgovSign", "mobileSign:file://localhost/mgovSign",
    f"mobileSign:{HERE}/mgov Sign/mgovSign", "https://m.egov.kz/mobileSign/?link=", "https://m.egov.kz/mobileSign/?link=http%3A%2F%2Fother.example%2FmgovSign",
])  # fmt: skip
def test_what_is_no_code_of_this_computer_is_said_so(phone, code):
    for answer in (phone.look(code), phone.send("sign", code, pin="1234"), phone.send("cancel", code)):
        assert answer.status_code == 400
        assert "This is no code of a portal on this computer." in answer.text


def test_what_is_no_portal_is_said_so(phone, monkeypatch):
    assert "The portal did not answer." in phone.look(f"mobileSign:{HERE}/intake/stages?mgovSign").text
    assert "HTTP 404" in phone.look(f"mobileSign:{HERE}/phone/nothing/mgovSign").text

    def refuse(_request):
        raise httpx.ConnectError("nobody there")

    silent = lambda _language: httpx.AsyncClient(transport=httpx.MockTransport(refuse))  # noqa: E731
    monkeypatch.setattr(protocol, "client", silent)
    assert "The portal did not answer." in phone.look(f"mobileSign:{HERE}/mgovSign/A").text


def test_what_is_sent_to_the_phone_is_shown_as_text(phone):
    page = phone.look("<script>alert(1)</script>", language='"><b>')
    assert "<script>" not in page.text
    assert "<b>" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'self'")


def test_a_form_larger_than_any_code_is_not_read(phone):
    answer = phone.send("sign", phone.code(), pin="1234", more="x" * MAX_FORM)
    assert answer.status_code == 400
    assert phone.signatures() == 0
