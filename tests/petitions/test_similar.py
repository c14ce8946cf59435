"""Similar titles: what the measure promises, how well it finds paraphrases, and what a look-up costs."""

import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import webworld
from dauys.demo.country import load_petitions
from dauys.petitions.similar import prefixes, ranked, rarity, similarity, trigrams

SET = tomllib.loads((Path(__file__).parent / "paraphrases.toml").read_text("utf-8"))
TITLES = st.text(st.sampled_from("аәбвгқдеңүсуАӘҚ -,.1\u0306й"), max_size=40)


@given(TITLES, TITLES)
def test_similarity_is_a_symmetric_share(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    if prefixes(one):
        assert similarity(one, one) == 1


@given(TITLES, st.randoms())
def test_case_order_and_punctuation_change_little(title, rng):
    words = title.split()
    rng.shuffle(words)
    assert prefixes(" ".join(words)) == prefixes(title)
    assert trigrams(title.upper().lower()) == trigrams(title.lower())


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_rarer_word_weighs_more(documents, having):
    assert rarity(documents, having) >= rarity(documents, having + 1) >= 0


@given(TITLES, st.lists(TITLES, max_size=8))
def test_ranking_is_in_order_and_keeps_to_its_least(title, others):
    found = ranked(title, enumerate(others), lambda _prefix: 1.0, 0.2)
    assert [score for score, _ in found] == sorted((score for score, _ in found), reverse=True)
    assert all(score >= 0.2 for score, _ in found)


def standing(language):
    """Titles of the demo's petitions by slug, and others about something else."""
    titles = {petition.slug: petition.title[language] for petition in load_petitions()}
    return titles | {f"other {number}": title for number, title in enumerate(SET["others"][language])}


def measured(language, scored):
    """(found first, found among three, of how many)."""
    titles = standing(language)
    places = []
    for slug, paraphrases in SET[language].items():
        for paraphrase in paraphrases:
            order = sorted(titles, key=lambda key: -scored(paraphrase, titles[key]))
            places.append(order.index(slug))
    return sum(place == 0 for place in places), sum(place < 3 for place in places), len(places)


def weight_among(titles):
    counts = {}
    for title in titles:
        for prefix in prefixes(title):
            counts[prefix] = counts.get(prefix, 0) + 1
    return lambda prefix: rarity(len(titles), counts.get(prefix, 0))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_most_paraphrases_are_found(language):
    weight = weight_among(standing(language).values())
    first, three, all_of_them = measured(language, lambda one, other: similarity(one, other, weight))
    words = measured(language, lambda one, other: len(set(one.lower().split()) & set(other.lower().split())))
    print(language, "first", first, "among three", three, "of", all_of_them, "; whole words:", *words[:2])
    assert (first, three) >= (16, 18)
    assert first > words[0]


@pytest.fixture
def country(portal):
    """The demo's petitions, all open for signing."""
    assert portal
    from dauys.petitions.models import Petition

    for petition in load_petitions():
        texts = {code: (petition.title[code], petition.text[code]) for code in petition.title}
        webworld.add_petition(60, texts=texts, language=petition.language)
    return {petition.slug: row for petition, row in zip(load_petitions(), Petition.objects.order_by("pk"), strict=True)}


def test_the_look_up_finds_petitions_in_either_language(country):
    from dauys.petitions.lookup import similar_to

    found = [
        similar_to(paraphrase)[:1] and similar_to(paraphrase)[0].petition == country[slug]
        for language in ("kk", "ru")
        for slug, paraphrases in SET[language].items()
        for paraphrase in paraphrases
    ]
    print(sum(map(bool, found)), "of", len(found))
    assert sum(map(bool, found)) >= 34
    unrelated = [similar_to(title) for title in (*SET["others"]["ru"], *SET["others"]["kk"])]
    print(
        "shown for unrelated titles:", sum(map(len, unrelated)), "in", sum(map(bool, unrelated)), "of", len(unrelated)
    )
    assert sum(map(bool, unrelated)) <= len(unrelated) // 2


@pytest.mark.usefixtures("portal")
def test_what_is_not_public_is_not_shown():
    from dauys.petitions.lookup import similar_to
    from dauys.petitions.models import Petition

    petition = webworld.add_petition(60)
    title = webworld.TEXTS["ru"][0]
    assert [each.way for each in similar_to(title)] == ["sign"]
    assert similar_to(title, but=petition.pk) == []
    for state in ("gathering", "removed"):
        Petition.objects.filter(pk=petition.pk).update(state=state, text_public=state == "gathering")
        assert similar_to(title) == []
    Petition.objects.filter(pk=petition.pk).update(state="refused", text_public=True)
    assert [each.way for each in similar_to(title)] == ["refused"]


@pytest.mark.usefixtures("portal")
def test_a_look_up_costs_no_more_than_its_bounds(request):
    """Among many petitions: a fixed number of queries, and of titles that are compared."""
    from time import perf_counter

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from dauys.petitions.lookup import MOST_PREFIXES, similar_to
    from dauys.petitions.models import Petition, PetitionText, TitlePrefix

    count = 10_000 if request.config.getoption("--long") else 1_000
    rng, pattern = random.Random(5), webworld.add_petition(60)
    words = [word for title in (*SET["others"]["ru"], *SET["others"]["kk"]) for word in title.split()]
    Petition.objects.bulk_create(
        Petition(
            **{field.attname: getattr(pattern, field.attname) for field in Petition._meta.concrete_fields}
            | {"id": None}
        )
        for _ in range(count)
    )
    rows = [
        PetitionText(
            petition_id=pk,
            language=code,
            title=" ".join(rng.choices(words, k=7)),
            text="т",
            is_signed=code == "kk",
            search="",
        )
        for pk in Petition.objects.exclude(pk=pattern.pk).values_list("pk", flat=True)
        for code in ("kk", "ru", "en")
    ]
    PetitionText.objects.bulk_create(rows)
    TitlePrefix.objects.bulk_create(
        (TitlePrefix(version=row, prefix=prefix) for row in PetitionText.objects.exclude(petition=pattern) for prefix in prefixes(row.title)),
        batch_size=5_000,
    )  # fmt: skip
    took = []
    for _ in range(20):
        title = " ".join(rng.choices(words, k=7))
        began = perf_counter()
        with CaptureQueriesContext(connection) as captured:
            similar_to(title)
        took.append(perf_counter() - began)
        assert len(captured) <= MOST_PREFIXES + 3
    print(f"among {count} petitions: {sorted(took)[10] * 1000:.0f} ms in the middle, {max(took) * 1000:.0f} ms at most")
