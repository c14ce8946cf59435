from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import webworld


def titles(portal, query=""):
    html = portal.get(f"/en/petitions/{query}").content.decode()
    return [piece.partition(">")[2].partition("<")[0] for piece in html.split('class="card__title"><a')[1:]]


def named(name, signatures=0, **options):
    return webworld.add_petition(signatures, texts={"kk": (f"{name} kk", "мәтін"), "en": (name, "text")}, **options)


@pytest.fixture
def four(portal):
    named("old", 100, opened=timedelta(days=90), closes=timedelta(days=2))
    named("reached", 60_000, opened=timedelta(days=30), closes=timedelta(days=60))
    named("closed", 200, opened=timedelta(days=60), closes=timedelta(days=-1))
    named("new", 300, opened=timedelta(days=1), closes=timedelta(days=90))
    named("tomorrow", opened=timedelta(days=-1), closes=timedelta(days=90))
    return portal


def test_sorting_and_filtering(four):
    assert titles(four) == ["new", "reached", "closed", "old"]
    assert titles(four, "?sort=most") == ["reached", "new", "closed", "old"]
    assert titles(four, "?sort=closing") == ["closed", "old", "reached", "new"]
    assert titles(four, "?state=open") == ["new", "reached", "old"]
    assert titles(four, "?state=closed") == ["closed"]
    assert titles(four, "?state=nonsense&sort=nonsense&page=nonsense") == titles(four)


def test_a_petition_by_direct_link_only_stands_in_no_list(portal):
    petition = named("hidden", listed=False)
    assert titles(portal) == []
    html = portal.get(f"/en/petitions/{petition.pk}").content.decode()
    assert "direct link only" in html


def test_what_nobody_has_moderated_yet_has_no_public_text(portal):
    petition = webworld.hand_in()
    for path in (f"/petitions/{petition.pk}/text.txt", f"/en/petitions/{petition.pk}/sign"):
        assert portal.get(path).status_code == 404
    html = portal.get(f"/en/petitions/{petition.pk}").content.decode()
    assert "It waits for its check" in html
    assert webworld.TEXTS["kk"][0] not in html


def test_search_folds_kazakh_letters_and_looks_in_every_language(portal):
    webworld.add_petition()
    for query in ("ауылға ТАЗА", "ҚҰБЫР", "чистая", "Worn pipe"):
        assert titles(portal, f"?q={query}") == ["Our village needs clean water"], query
    for query in ("ауылға чистая", "bread", "100%", "_"):
        assert titles(portal, f"?q={query}") == [], query


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=40))
def test_no_query_breaks_the_list(portal, query):
    assert portal.get("/kk/petitions/", {"q": query, "page": query}).status_code == 200


def queries_of(portal, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert portal.get(path).status_code == 200
    return len(captured)


def test_lists_and_pages_ask_the_same_few_queries_however_much_there_is(portal):
    from dauys.petitions.models import Petition, PetitionText

    petition = webworld.add_petition(40_000, opened=timedelta(days=170))
    for _ in range(9):
        webworld.add_petition(10)
    paths = (
        "/kk/",
        "/kk/petitions/",
        "/kk/petitions/?q=су&sort=most",
        f"/kk/petitions/{petition.pk}",
        f"/kk/petitions/{petition.pk}/count",
    )
    few = [queries_of(portal, path) for path in paths]
    assert few == [7, 5, 5, 7, 2]
    facts = {
        field.attname: getattr(petition, field.attname)
        for field in Petition._meta.concrete_fields
        if field.attname != "id"
    }
    many = Petition.objects.bulk_create([Petition(**facts) for _ in range(1000)])
    PetitionText.objects.bulk_create(
        [
            PetitionText(petition=each, language="kk", title="t", text="t", is_signed=True, search="су t")
            for each in many
        ]
    )
    assert [queries_of(portal, path) for path in paths] == few


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("ауылдарға", 1),
        ("Үкіметі", 1),
        ("правительства", 1),
        ("governments", 1),
        ("сел", 1),
        ("ела", 0),
        ("ater", 0),
        ("waters", 1),
    ],
)
def test_search_finds_beginnings_of_words_whatever_their_endings_and_the_addressee(portal, query, finds):
    webworld.add_petition()
    assert len(titles(portal, f"?q={query}")) == finds
