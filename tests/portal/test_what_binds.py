"""What pages and letters say that an addressee owes: what the rules say, which on an independent site is nothing."""

import re

import pytest
from django.conf import settings

from deskworld import words
from webworld import add_petition

BINDS = re.compile(
    r"must consider|must decide|oblige[sd]? it to (consider|answer)|обязан (рассмотреть|решить|ответить)|обяж|қарауға міндетті|шешуге міндетті"
)


@pytest.fixture
def site(portal, monkeypatch):
    """The portal of an independent site."""
    monkeypatch.setattr(settings, "DAUYS_JURISDICTION", "site")
    return portal


def pages(client, language):
    client.post(f"/{language}/petitions/new/title", {"title": "Ауылға таза су керек", "written": "kk"})
    client.post(f"/{language}/petitions/draft/addressee", {"body": "government"})
    for path in ("", "petitions/new", "petitions/draft/addressee", "petitions/draft/preview"):
        answer = client.get(f"/{language}/{path}")
        assert answer.status_code == 200, path
        yield " ".join(words(answer).split())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_independent_site_says_of_nobody_that_they_must(site, language):
    for page in pages(site, language):
        assert not BINDS.search(page), BINDS.search(page)


@pytest.mark.parametrize(
    ("language", "said"), [("kk", "қарауға міндетті"), ("ru", "обязан рассмотреть"), ("en", "must consider it")]
)
def test_where_the_law_binds_the_home_page_says_so(portal, language, said):
    assert said in words(portal.get(f"/{language}/"))


@pytest.mark.parametrize(("rules", "asked"), [("kz/2024-04-04", False), ("site/2026-01-01", True)])
@pytest.mark.usefixtures("portal")
def test_the_letter_about_a_reached_threshold_says_what_the_rules_say(rules, asked):
    from dauys.petitions.notice_texts import compose
    from dauys.petitions.notices import Notice

    petition = add_petition()
    petition.rules = rules
    _, letter = compose(Notice(petition=petition, kind="petition.registered", turn="body"), None, "ru")
    assert ("Закон его не обязывает" in letter, bool(BINDS.search(letter))) == (asked, not asked)
