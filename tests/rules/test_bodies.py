from datetime import date

import pytest

from dauys.errors import LANGUAGES, PopulationNeeded, RulesMissing
from dauys.rules.bodies import bodies, body, sources_of_bodies
from dauys.rules.pack import load_pack
from rules_folder import changed

TODAY = date(2026, 11, 21)
PACK = load_pack("kz", TODAY)
TOWN = """
[[unit]]
code = "town"
kind = "district"
name = { kk = "Қала", ru = "Город", en = "Town" }
population = { value = 50_000, source = "a count", verified = true }

[[unit]]
code = "uncounted"
kind = "district"
name = { kk = "Аудан", ru = "Район", en = "District" }
"""
OF_TOWN = """
[[body]]
code = "{code}"
unit = "{unit}"
organ = "{organ}"
name = {{ kk = "Орган", ru = "Орган", en = "Organ" }}
since = 2026-01-01
source = "a list"
verified = true
"""


@pytest.fixture
def with_town(tmp_path):
    folder = changed(tmp_path, "kz", "bodies.toml")
    with (folder / "kz/bodies.toml").open("a", encoding="utf-8") as file:
        file.write(TOWN)
        for unit in ("town", "uncounted"):
            for organ in ("akimat", "maslikhat"):
                file.write(OF_TOWN.format(code=f"{unit}-{organ}", unit=unit, organ=organ))
    return folder


def test_every_body_has_a_threshold_in_its_own_jurisdiction():
    for jurisdiction in ("kz", "site"):
        pack = load_pack(jurisdiction, TODAY)
        for addressee in bodies(jurisdiction, TODAY):
            assert pack.threshold_for(addressee) > 0


def test_every_region_has_an_akimat_and_a_maslikhat():
    regions = [addressee for addressee in bodies("kz", TODAY) if addressee.unit.kind == "region"]
    assert len({addressee.unit.code for addressee in regions}) == 20
    for organ, share in (("akimat", 1), ("maslikhat", 2)):
        of_organ = [addressee for addressee in regions if addressee.body.organ == organ]
        assert len(of_organ) == 20
        for addressee in of_organ:
            assert PACK.threshold_for(addressee) == -(-addressee.population * share // 100)


def test_a_city_of_a_region_has_the_thresholds_of_large_districts():
    oskemen = {organ: body("kz", f"{organ}-oskemen-city") for organ in ("akimat", "maslikhat")}
    assert oskemen["akimat"].unit.within == "KZ-63"
    assert [PACK.threshold_for(oskemen[organ]) for organ in ("akimat", "maslikhat")] == [2_500, 5_000]


def test_no_two_bodies_bear_one_name():
    for language in LANGUAGES:
        names = [addressee.body.name.say(language) for addressee in bodies("kz", TODAY)]
        assert len(set(names)) == len(names)


def test_a_ministry_ends_and_another_begins():
    def offered(day):
        return {addressee.body.code for addressee in bodies("kz", day)}

    old, new = "ministry-digital-development", "ministry-artificial-intelligence"
    assert offered(date(2025, 9, 17)) & {old, new} == {old}
    assert offered(date(2025, 9, 18)) & {old, new} == {new}
    assert body("kz", old).body.name.en.startswith("Ministry of Digital Development")
    assert body("kz", "ministry-of-magic") is None


def test_the_size_of_a_town_decides_its_level(with_town, tmp_path):
    assert PACK.level_for(body("kz", "town-akimat", with_town)).code == "small-district-akimat"
    assert PACK.threshold_for(body("kz", "town-akimat", with_town)) == 2_500
    assert PACK.threshold_for(body("kz", "town-maslikhat", with_town)) == 5_000
    grown = changed(tmp_path / "grown", "kz", "bodies.toml")
    (grown / "kz/bodies.toml").write_text(
        (with_town / "kz/bodies.toml").read_text("utf-8").replace("50_000", "50_001"), "utf-8"
    )
    assert PACK.level_for(body("kz", "town-akimat", grown)).code == "district-akimat"


def test_a_town_that_nobody_counted_has_no_threshold_yet(with_town):
    with pytest.raises(PopulationNeeded):
        PACK.level_for(body("kz", "uncounted-akimat", with_town))


def test_populations_and_bodies_have_sources():
    sources = {source.path: source for source in sources_of_bodies("kz")}
    assert sources["unit.KZ-75.population"].verified
    assert not sources["unit.KZ-11.population"].verified
    assert all(source.source for source in sources.values())


def test_no_bodies_of_an_unknown_jurisdiction():
    with pytest.raises(RulesMissing):
        bodies("atlantis", TODAY)
