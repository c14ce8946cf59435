"""The demo petitions keep the law's measures and speak all three languages."""

from datetime import date

import pytest

from dauys.demo.country import load_petitions
from dauys.demo.people import citizen
from dauys.rules.pack import load_pack

RULES = load_pack("kz", date(2026, 11, 1))
PETITIONS = load_petitions()
every_petition = pytest.mark.parametrize("petition", PETITIONS, ids=lambda petition: petition.slug)


def test_there_are_ten_with_their_own_names():
    assert len({petition.slug for petition in PETITIONS}) == len(PETITIONS) == 10


@every_petition
def test_every_language_has_a_title_and_a_text_of_the_right_size(petition):
    for language in ("kk", "ru", "en"):
        assert 10 <= len(petition.title[language]) <= 120
        assert 600 <= len(petition.text[language]) <= 1500
        assert petition.addressee[language]
    assert len(set(petition.text.values())) == 3


@every_petition
def test_the_rule_pack_knows_the_level_and_the_region_fits_it(petition):
    assert RULES.threshold(petition.level, petition.population) > 0
    assert (petition.region is None) == (petition.level == "government")


@every_petition
def test_the_addressee_is_a_body_of_the_rules_or_a_district_of_the_demo(petition):
    from dauys.rules.bodies import body

    if not petition.body.startswith("demo-"):
        assert body("kz", petition.body) is not None
    else:
        assert "district" in petition.level


def test_the_country_is_small_enough_to_seed_and_shows_every_stage():
    assert sum(petition.signatures for petition in PETITIONS) <= 6_000
    counts = [(petition.signatures, RULES.threshold(petition.level, petition.population)) for petition in PETITIONS]
    assert (2_431, 2_500) in counts
    assert any(0 <= signed - needed < 10 for signed, needed in counts)
    assert any(signed == 12 for signed, _ in counts)


def test_both_languages_of_signing_and_regions_of_citizens_occur():
    assert {petition.language for petition in PETITIONS} == {"kk", "ru"}
    regions = {citizen(number).region for number in range(2_000)}
    assert {petition.region for petition in PETITIONS} - {None} <= regions


@every_petition
def test_texts_hold_paragraphs_and_no_stray_spaces(petition):
    for text in petition.text.values():
        assert len(text.split("\n\n")) == 3
        assert "  " not in text
