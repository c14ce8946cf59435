"""Which letters an author gets, and that nobody reads where they go."""

import re
from datetime import UTC, datetime

import pytest

from petitions.test_mine import digest, logged_in
from petitions.test_notices import ADDRESS, forget, post, received, recipients, take_a_step, told_already
from webworld import add_petition, installation


@pytest.fixture
def portal(monkeypatch, tmp_path):
    installation()
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", tmp_path / "mail")
    forget()
    yield Client()
    forget()


def author_letters_after(petition, kind, tmp_path):
    """How many letters an author gets of one notice of this kind."""
    from dauys.petitions.models import Notice
    from dauys.petitions.services.noticing import _tell_author

    notice = Notice(petition=petition, kind=kind, moment=datetime.now(UTC), turn="moderator", due=None)
    before = len(received(tmp_path))
    _tell_author(installation()[1], notice)
    post()
    return len(received(tmp_path)) - before


@pytest.mark.usefixtures("portal")
def test_an_authors_address_is_sealed_at_rest():
    places, _ = installation()
    add_petition(email="quite.special.author@example.kz")
    for file in places.database.parent.glob("dauys.sqlite3*"):
        assert b"quite.special.author" not in file.read_bytes()


def test_an_author_leaves_what_is_not_essential_with_one_click(portal, tmp_path):
    from dauys.petitions.models import Author

    petition = add_petition(listed=False, email=ADDRESS)
    told_already()
    take_a_step(petition)
    post()
    (letter,) = received(tmp_path)
    address = re.search(r"/[a-z]{2}/petitions/letters/\S+/leave", letter.text)[0]
    assert portal.get(address).status_code == 200
    assert Author.objects.get(petition=petition).only_essential is False  # a mail program that looks ends nothing
    left = portal.post(address, {"List-Unsubscribe": "One-Click"})
    assert left.status_code == 200
    assert f'/petitions/mine/{petition.pk}"' in left.content.decode()  # there is a way on
    assert author_letters_after(petition, "petition.grouped", tmp_path) == 0
    assert author_letters_after(petition, "petition.refused", tmp_path) == 1
    assert portal.post(address[:-8] + "x/leave").status_code == 200


@pytest.mark.usefixtures("portal")
def test_an_author_chooses_letters_on_their_own_desk(tmp_path):
    from dauys.petitions.models import Author

    petition = add_petition(listed=False, email=ADDRESS)
    told_already()
    Author.objects.filter(petition=petition).update(person=digest("author"))
    portal = logged_in("author")
    page, desk = f"/kk/petitions/mine/{petition.pk}", f"/kk/petitions/mine/{petition.pk}/letters"
    assert ADDRESS not in portal.get(page).content.decode()
    assert portal.post(desk, {"wish": "all", "address": "no address"}).status_code == 400
    assert portal.post(desk, {"wish": "essential", "address": ""}).status_code == 303
    assert author_letters_after(petition, "petition.grouped", tmp_path) == 0
    assert portal.post(desk, {"wish": "none", "address": ""}).status_code == 303
    assert author_letters_after(petition, "petition.refused", tmp_path) == 0
    assert portal.post(desk, {"wish": "all", "address": ""}).status_code == 400  # there is nowhere to write
    assert portal.post(desk, {"wish": "all", "address": "new@example.kz"}).status_code == 303
    assert author_letters_after(petition, "petition.grouped", tmp_path) == 1
    assert recipients(tmp_path) == ["new@example.kz"]


@pytest.mark.usefixtures("portal")
def test_nobody_else_chooses_an_authors_letters():
    petition = add_petition(listed=False, email=ADDRESS)
    answer = logged_in("stranger").post(f"/kk/petitions/mine/{petition.pk}/letters", {"wish": "none", "address": ""})
    assert answer.status_code == 403
