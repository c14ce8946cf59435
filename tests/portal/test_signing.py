import html
import re
from datetime import timedelta

import pytest

import webworld


@pytest.fixture(autouse=True)
def proposed_citizen(monkeypatch):
    """The demonstration's proposal without its PKI."""
    citizen = {"number": 7, "name": "Айгүл Серікқызы"}
    webworld.installation()
    monkeypatch.setattr("dauys.portal.signing.import_string", lambda _: lambda _request: citizen)


def ask(portal, petition, **form):
    return portal.post(f"/kk/petitions/{petition.pk}/sign", {"declare": "yes"} | form)


def test_declaring_leads_to_the_exact_statement(portal):
    from dauys.portal.signing import signing_requests

    petition = webworld.add_petition()
    answer = ask(portal, petition, region="KZ-71")
    token = re.fullmatch(r"/kk/sign/([\w-]+)", answer.headers["Location"])[1]
    assert answer.status_code == 303
    page = portal.get(answer.headers["Location"])
    asked = signing_requests().open(token, webworld.datetime.now(webworld.UTC))
    shown = re.search(r'<pre class="statement"[^>]*>(.*?)</pre>', page.content.decode(), re.DOTALL)[1]
    assert html.unescape(re.sub(r"</?span[^>]*>", "", shown)) == asked.statement.to_text()
    assert asked.grant.region == "KZ-71"
    assert 'name="citizen" value="7"' in page.content.decode()


def test_the_cookie_is_for_this_browser_alone(portal):
    cookie = ask(portal, webworld.add_petition()).cookies["dauys_sign"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 3600
    assert len(cookie.value) >= 43


def test_without_the_declaration_nothing_is_asked(portal):
    petition = webworld.add_petition()
    answer = portal.post(f"/kk/petitions/{petition.pk}/sign", {"region": "KZ-71"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#declare"' in page
    assert '<option value="KZ-71" selected>' in page
    assert not answer.cookies


def test_an_unknown_region_is_not_taken(portal):
    assert ask(portal, webworld.add_petition(), region="KZ-99").status_code == 400


def test_a_closed_and_an_awaited_petition_say_when(portal):
    closed = webworld.add_petition(closes=timedelta(hours=-1))
    awaited = webworld.add_petition(opened=timedelta(days=-1), closes=timedelta(days=9))
    for petition, code in ((closed, "subject-closed"), (awaited, "subject-not-open")):
        for answer in (portal.get(f"/en/petitions/{petition.pk}/sign"), ask(portal, petition)):
            assert answer.status_code == 409
            assert code in answer.content.decode()


def test_a_shared_computer_forgets_what_was_signed(portal):
    petition = webworld.add_petition()
    address = ask(portal, petition).headers["Location"]
    answer = portal.post(address + "/forget")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/kk/petitions/{petition.pk}")
    assert answer.cookies["dauys_sign"]["max-age"] == 0
    assert portal.get(address + "/forget").status_code == 405


def test_a_forged_token_is_refused_kindly(portal):
    for path in ("", "/done", "/receipt"):
        answer = portal.get(f"/ru/sign/AAAA{path}")
        assert answer.status_code == 403
        assert "request-forged" in answer.content.decode()


def test_an_expired_request_offers_to_start_again(portal, monkeypatch):
    petition = webworld.add_petition()
    address = ask(portal, petition).headers["Location"]
    later = webworld.datetime.now(webworld.UTC) + timedelta(hours=1)
    monkeypatch.setattr("dauys.portal.signing.timezone.now", lambda: later)
    answer = portal.get(address)
    assert answer.status_code == 410
    assert f'href="/kk/petitions/{petition.pk}/sign"' in answer.content.decode()


def test_before_signing_and_in_another_browser_there_is_nothing_to_show(portal):
    from django.test import Client

    address = ask(portal, webworld.add_petition()).headers["Location"]
    for browser in (portal, Client()):
        assert "Әзірге көрсететін ештеңе жоқ" in browser.get(address + "/done").content.decode()
        assert browser.get(address + "/receipt").headers["Location"] == address + "/done"


def test_a_counted_signature_shows_its_entry_and_gives_the_receipt(portal, monkeypatch):
    from dauys.intake.outcome import Outcome

    petition = webworld.add_petition()
    address = ask(portal, petition).headers["Location"]
    monkeypatch.setattr("dauys.portal.signing.find_outcome", lambda *_: Outcome(1234, "receipt\n"))
    assert portal.get(address).headers["Location"] == address + "/done"
    page = portal.get(address + "/done").content.decode()
    assert "№ 1\u00a0234 жазбасы" in page
    assert f'action="/kk/petitions/{petition.pk}/follow"' in page
    answer = portal.get(address + "/receipt")
    assert answer.content == b"receipt\n"
    assert f"dauys-petition-{petition.pk}-1234.tlog-proof" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def error_page(portal, petition, error):
    from django.test import RequestFactory
    from django.urls import resolve
    from django.utils.translation import override

    from dauys.portal.problems import render_error

    address = ask(portal, petition).headers["Location"]
    request = RequestFactory().post(address)
    with override("kk"):
        request.resolver_match = resolve(address)
        return address, render_error(request, error).content.decode()


def test_an_error_while_signing_leads_on(portal):
    from dauys.errors import AlreadySigned, CertificateExpired, RequestExpired

    petition = webworld.add_petition()
    page_of_petition, begin = f"/kk/petitions/{petition.pk}", f"/kk/petitions/{petition.pk}/sign"
    address, page = error_page(portal, petition, CertificateExpired(until="x"))
    assert f'href="{address}"' in page
    assert f'href="{page_of_petition}"' in page
    assert f'href="{begin}"' in error_page(portal, petition, RequestExpired())[1]
    _, page = error_page(portal, petition, AlreadySigned(index=4321, receipt="c2sp.org/tlog-proof@v1\n…"))
    assert "№ 4\u00a0321 жазбасы" in page
    assert "c2sp.org/tlog-proof@v1" in page
    assert begin not in page


def test_who_was_taken_back_is_told_and_may_begin_again(portal, monkeypatch):
    from dauys.intake.outcome import Outcome

    petition = webworld.add_petition()
    address = ask(portal, petition).headers["Location"]
    monkeypatch.setattr("dauys.portal.signing.find_outcome", lambda *_: Outcome(1234, "receipt\n", taken_back=True))
    page = portal.get(address + "/done").content.decode()
    assert "Қолтаңбаңыз кері алынды" in page
    assert f'href="/kk/petitions/{petition.pk}/sign"' in page
