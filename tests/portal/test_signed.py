"""What one signed: for this browser while it is logged in, for nobody else, and without a word of a withdrawal."""

from datetime import UTC, datetime

import pytest

import webworld
from petitions.test_unsigning import sign, take
from webworld import installation

PERSON, OTHER = "iin|850101300019", "iin|900202400028"


def logged_in(person, role="citizen"):
    from django.test import Client

    from dauys.desk.sessions import open_session
    from dauys.desk.transactions import office_transaction

    client, (_, keys) = Client(), installation()
    with office_transaction():
        token = open_session(keys.person(person), role, "Айгүл С.", datetime.now(UTC), person)
    client.cookies["dauys_session"] = token
    return client


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_list_holds_ones_own_signatures_with_receipts_and_nobody_elses(portal, language):
    mine, others = webworld.add_petition(), webworld.add_petition()
    sign(mine, PERSON, OTHER)
    sign(others, OTHER)
    page = logged_in(PERSON).get(f"/{language}/account/signed")
    assert page.headers["Cache-Control"] == "no-store"
    html = page.content.decode()
    assert f"/{language}/petitions/{mine.pk}/unsign" in html
    assert f"/petitions/{others.pk}" not in html
    receipt = logged_in(PERSON).post(f"/{language}/account/signed/{mine.pk}/receipt")
    assert receipt.content.decode().startswith("c2sp.org/tlog-proof")
    assert logged_in(PERSON).post(f"/{language}/account/signed/{others.pk}/receipt").status_code == 409
    assert portal.get(f"/{language}/account/signed").status_code == 303


def test_a_withdrawal_changes_nothing_that_can_be_seen(portal):  # noqa: ARG001 - the installation it stands on
    petition = webworld.add_petition()
    sign(petition, PERSON)
    client = logged_in(PERSON)
    before = client.get("/kk/account/signed").content
    take(petition, PERSON)
    assert client.get("/kk/account/signed").content == before


def test_the_number_is_sealed_under_the_token(portal):  # noqa: ARG001 - the installation it stands on
    from cryptography.exceptions import InvalidTag

    from dauys.desk.models import Session
    from dauys.desk.sessions import number_of

    client = logged_in(PERSON)
    session = Session.objects.order_by("-pk").first()
    assert PERSON.encode() not in bytes(session.sealed)
    assert number_of(session, client.cookies["dauys_session"].value) == PERSON
    with pytest.raises(InvalidTag):
        number_of(session, "another token")
