"""Signing by e-mail under the rules of an independent site: the letter, the click, the limits, and what stays of it."""

import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

import webworld
from dauys.ledger import sqlite
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from webworld import MODERATOR, evidence, installation

ADDRESS = "ai.gul+x@gmail.com"


@pytest.fixture
def portal(monkeypatch, tmp_path):
    webworld.installation()
    from django.conf import settings
    from django.test import Client

    from dauys.desk.models import Mail
    from dauys.petitions.models import Quota

    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", tmp_path / "mail")
    yield Client()
    Mail.objects.all().delete()
    Quota.objects.all().delete()
    webworld.clear()


@pytest.fixture
def petition(portal):  # noqa: ARG001 - the installation it stands on
    """Open for signing, under the rules that promise to count e-mail."""
    from dauys.petitions.services import authoring, moderation
    from dauys.rules.pack import load_pack

    _, keys = installation()
    now = datetime.now(UTC)
    rules = load_pack("site", date(2026, 11, 21))
    handed_in = authoring.submit(keys, rules, webworld.submission(level="country"), evidence(), now - timedelta(days=2))
    return moderation.accept(keys, handed_in.pk, MODERATOR, now - timedelta(days=1))


def letters(portal):
    """What the worker handed over."""
    from dauys.desk.mail import send_due

    send_due(installation()[1], datetime.now(UTC) + timedelta(seconds=1))
    return portal.get("/kk/demo/mail").content.decode()


def ask(portal, petition, address=ADDRESS, language="kk"):
    return portal.post(f"/{language}/petitions/{petition.pk}/sign/email", {"address": address, "declare": "yes"})


def link(page):
    return re.search(r"/(?:kk|ru)/petitions/email/[A-Za-z0-9:_-]+", page)[0]


def signatures(petition):
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        entries = sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)
    leaves = map(decode_leaf, entries)
    return [x for x in leaves if isinstance(x, PetitionSignature) and x.subject == petition.subject_name]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_letter_a_click_and_it_counts_once(portal, petition, language):
    assert (
        f"/{language}/petitions/{petition.pk}/sign/email"
        in portal.get(f"/{language}/petitions/{petition.pk}").content.decode()
    )
    assert ask(portal, petition, language=language).status_code == 200
    address = link(letters(portal))
    page = portal.get(address).content.decode()
    assert "tier: email" in page
    assert signatures(petition) == []  # a mail program that looks signs nothing
    answers = [portal.post(address) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [leaf.tier for leaf in signatures(petition)] == ["email"]
    receipt = portal.post(f"{address}/receipt").content.decode()
    assert receipt.startswith("c2sp.org/tlog-proof")


def test_another_spelling_of_the_same_mailbox_counts_no_second_time(portal, petition):
    for address in (ADDRESS, "AIGUL@googlemail.com"):
        ask(portal, petition, address)
        assert portal.post(link(letters(portal))).status_code == 200
    assert len(signatures(petition)) == 1


def test_nothing_of_the_address_stays(portal, petition):
    places, _ = installation()
    ask(portal, petition, "very.special.person@example.kz")
    portal.post(link(letters(portal)))
    for file in places.database.parent.glob("dauys.sqlite3*"):
        content = file.read_bytes()
        assert b"very.special.person" not in content
        assert b"veryspecialperson" not in content


def test_bad_links_and_late_ones_sign_nothing(portal, petition):
    ask(portal, petition)
    address = link(letters(portal))
    assert portal.post(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 403
    assert portal.get("/kk/petitions/email/nonsense").status_code == 403
    from dauys.errors import RequestExpired
    from dauys.petitions.services import email_signing

    with pytest.raises(RequestExpired):
        email_signing.confirm(installation()[1], address.rpartition("/")[2], datetime.now(UTC) + timedelta(days=3))
    assert signatures(petition) == []


@pytest.mark.parametrize(("address", "status"), [("a@mailinator.com", 400), ("nobody", 400), ("", 400)])
def test_an_unfit_address_is_told_on_the_form_and_kept_there(portal, petition, address, status):
    answer = ask(portal, petition, address)
    assert answer.status_code == status
    assert f'value="{address}"' in answer.content.decode()


def test_a_mailbox_is_not_flooded_and_a_domain_is_limited(portal, petition):
    from dauys.petitions.addresses import letters_an_hour
    from dauys.petitions.services.email_signing import LETTERS_A_DAY

    assert [ask(portal, petition).status_code for _ in range(LETTERS_A_DAY + 1)] == [200] * LETTERS_A_DAY + [429]
    limit = letters_an_hour("a@small.kz")
    answers = [ask(portal, petition, f"a{n}@small.kz").status_code for n in range(limit + 1)]
    assert answers[-1] == 429 or answers.count(429) <= 1  # an hour may end between two


def test_the_law_of_the_country_admits_no_e_mail(portal):
    petition = webworld.add_petition()
    assert ask(portal, petition).status_code == 409
    assert "sign/email" not in portal.get(f"/kk/petitions/{petition.pk}").content.decode()
