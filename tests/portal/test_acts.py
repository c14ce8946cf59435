"""The pages that sign acts of offices: on this computer as by phone, for the same browser, and back to where it began."""

import html
import re
from base64 import b64decode
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

import webworld

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def petition(portal):
    assert portal  # an empty installation first
    return webworld.add_petition()


@pytest.fixture
def address(portal, petition):
    """The page to sign that a withdrawal leads to."""
    return portal.post(f"/kk/petitions/{petition.pk}/unsign").headers["Location"]


def opened(address):
    from dauys.portal.acts import act_requests

    return act_requests().open(address.rpartition("/")[2])


def data(page):
    """The data- attributes of the panel that the script reads."""
    panel = re.search(r'<section class="panel ncalayer"([^>]*)>', page)[1]
    return {name: html.unescape(value) for name, value in re.findall(r' data-([a-z]+)="([^"]*)"', panel)}


def on_computer(portal, address):
    assert f'href="{address}/computer"' in portal.get(address).content.decode()
    return portal.get(address + "/computer").headers["Location"]


def test_the_same_act_is_asked_for_on_a_computer_in_a_statement_that_says_so(portal, address):
    desktop = on_computer(portal, address)
    mobile, asked = opened(address).grant, opened(desktop).grant
    assert (mobile.tier, asked.tier) == ("mobile", "desktop")
    assert "tier: desktop" in opened(desktop).statement.to_bytes().decode()
    for name in ("kind", "reference", "sha256", "holder", "expires", "language"):
        assert getattr(mobile, name) == getattr(asked, name)
    assert mobile.nonce != asked.nonce
    assert opened(portal.get(desktop + "/phone").headers["Location"]).grant.tier == "mobile"


def test_the_computers_page_has_the_exact_statement_and_may_reach_ncalayer(portal, petition, address):
    desktop = on_computer(portal, address)
    answer = portal.get(desktop)
    page, given = answer.content.decode(), data(answer.content.decode())
    assert b64decode(given["content"]) == opened(desktop).statement.to_bytes()
    assert (given["token"], given["door"]) == (desktop.rpartition("/")[2], "/intake/office-acts")
    assert given["done"] == desktop
    assert f'href="{desktop}/phone"' in page
    assert f'<a class="govuk-back-link" href="/kk/petitions/{petition.pk}/unsign">' in page
    assert "connect-src 'self' wss://127.0.0.1:13579" in answer.headers["Content-Security-Policy"]
    assert "connect-src" not in portal.get(address).headers["Content-Security-Policy"]


def test_the_computers_page_speaks_of_no_count_where_nothing_is_counted(portal, address):
    page = portal.get(on_computer(portal, address).replace("/kk/", "/en/")).content.decode()
    panel = page.partition('class="panel ncalayer"')[2].partition("</section>")[0]
    assert "You did not sign." in panel
    assert "counted" not in panel


def test_once_signed_every_page_of_it_goes_on(portal, petition, address, monkeypatch):
    desktop = on_computer(portal, address)
    nonce = opened(desktop).grant.nonce
    monkeypatch.setattr(
        "dauys.portal.acts.act_of_nonce", lambda _connection, asked: ("x", 1) if asked == nonce else None
    )
    for page in (desktop, desktop + "/phone", desktop + "/computer"):
        assert portal.get(page).headers["Location"].startswith(f"/kk/petitions/{petition.pk}/unsigned?done=")


def test_only_the_browser_that_asked_may_change_the_way(portal, address):
    from django.test import Client

    desktop = on_computer(portal, address)
    assert Client().get(address + "/computer").status_code == 403
    assert Client().get(desktop).status_code == 403
    assert Client().get(desktop + "/phone").status_code == 403


def test_the_page_to_sign_leads_back_to_where_it_began(portal, petition, address):
    link = f'<a class="govuk-back-link" href="/kk/petitions/{petition.pk}/unsign">'
    assert link in portal.get(address).content.decode()


def test_every_kind_of_act_has_a_page_to_go_back_to():
    from django.urls import resolve

    from dauys.petitions.acts import OFFICES
    from dauys.petitions.models import AppealDraft

    filed = webworld.hand_in()
    kept = AppealDraft.objects.create(
        petition=filed, against="refusal", text="Талап бар.", written_at=datetime.now(UTC)
    )
    number = filed.pk
    references = {
        "petition.submission": "draft/1",
        "petition.decision": f"decision/{number}",
        "petition.appeal": f"appeal/{kept.pk}",
    }
    names = {
        kind: resolve(act.origin(references.get(kind, f"petition/{number}"))).url_name for kind, act in OFFICES.items()
    }
    assert names == {
        "petition.submission": "draft-preview",
        "petition.withdrawal": "my-petition",
        "petition.decision": "desk-agency-petition",
        "petition.appeal": "my-petition",
        "petition.signature-withdrawal": "unsign",
    }


@pytest.mark.parametrize("body", ["government", "demo-akimat-sarybel"])
def test_the_demo_offers_a_decision_to_the_head_of_its_body_alone(petition, body):
    from dauys.demo.officials import act_people, head_of

    type(petition).objects.filter(pk=petition.pk).update(body=body)
    asked = SimpleNamespace(grant=SimpleNamespace(kind="petition.decision", reference=f"decision/{petition.pk}"))
    request = SimpleNamespace(COOKIES={}, path="/kk/act/x")
    assert [shown["number"] for shown in act_people(request, asked)] == [head_of(body).number]


def test_the_demo_knows_the_citizen_and_the_official_of_a_browser_apart(petition):
    from dauys.demo.officials import OFFICIAL_COOKIE, act_people, login_people
    from dauys.demo.people import COOKIE
    from dauys.demo.web import proposed_citizen

    type(petition).objects.filter(pk=petition.pk).update(
        body="akimat-abai"
    )  # no head of it is in office from the first
    decision = SimpleNamespace(grant=SimpleNamespace(kind="petition.decision", reference=f"decision/{petition.pk}"))
    appeal = SimpleNamespace(grant=SimpleNamespace(kind="petition.appeal", reference="appeal/1"))
    request = SimpleNamespace(COOKIES={COOKIE: "5", OFFICIAL_COOKIE: "9"}, GET={}, path="/kk/act/x")
    assert act_people(request, decision)[0]["number"] == 9
    assert act_people(request, appeal)[0]["number"] == 5
    assert login_people(request, "citizen")[0]["number"] == 5
    assert proposed_citizen(request)["number"] == 5
