"""What loading refuses, and that the refusal names the file and the place."""

import shutil
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.errors import RulesMalformed, RulesMissing
from dauys.rules.bodies import _all, bodies
from dauys.rules.pack import load_pack
from dauys.rules.reading import FOLDER
from rules_folder import changed

TODAY = date(2026, 11, 21)
FILES = ["pack.toml", "topics.toml", "reasons.toml", "calendar.toml", "bodies.toml"]


@pytest.mark.parametrize(("name", "old", "new", "told"), [
    ("pack.toml", "supporters = {", "suporters = {", "suporters"),
    ("pack.toml", "[pack.gate]", "[pack.gates]", "gates"),
    ("pack.toml", 'supporters = { value = 50, source = "', 'supporters = { value = 50, sauce = "', "gate.supporters: "),
    ("pack.toml", 'source = "nur-news.net 168348; inbusiness.kz; bes.media, March 2024"', 'source = ""', "gate.supporters"),
    ("pack.toml", "value = 50, source", 'value = "fifty", source', "gate.supporters"),
    ("pack.toml", "value = 50, source", "value = -1, source", "gate.supporters"),
    ("pack.toml", "[pack.moderation]\n", "[pack.moderation]\nextra = 3\n", "moderation.extra has no source"),
    ("pack.toml", "effective = 2024-04-04", "", "effective"),
    ("pack.toml", "effective = 2024-04-04", 'effective = "soon"', "effective"),
    ("pack.toml", "threshold = { value = 50000", 'threshold_percent = { value = 1, source = "x", verified = true }\nthreshold = { value = 50000', "government"),
    ("pack.toml", "population_up_to = { value = 50000", "population_up_to = { value = 50001", "district-maslikhat and small-district-maslikhat overlap"),
    ("pack.toml", 'value = ["akimat"]', 'value = ["akimat", "maslikhat"]', "region-maslikhat and region-akimat overlap"),
    ("pack.toml", 'value = ["desktop"', 'value = ["telepathy"', "signing.tiers"),
    ("pack.toml", 'ru = "Правительство и министерства", ', "", "missing required field `ru`"),
    ("pack.toml", "[[pack]]", "[[pack", "kz/pack.toml"),
    ("topics.toml", "text.en =", "text.fr =", "text"),
    ("topics.toml", 'text.kk = "Конст', 'text.kk = ""\nnote = "Конст', "kk"),
    ("topics.toml", 'code = "languages"', 'code = "Languages!"', "code"),
    ("topics.toml", 'code = "languages"', 'code = "courts"', "courts stands twice"),
    ("topics.toml", 'code = "languages"', 'code = "duplicate"', "duplicate stands twice"),
    ("topics.toml", "since = 2024-04-04", "since = 2024-04-04\nuntil = 2024-04-03", "ends before it begins"),
    ("topics.toml", "since = 2024-04-04", "until = 2024-04-03", "ends before it begins"),
    ("reasons.toml", "repairable = true", "", "repairable"),
    ("reasons.toml", "since = 2024-04-04", "", "not-for-this-body has no first day"),
    ("reasons.toml", 'code = "author-erased"', 'code = "personal-data"', "personal-data stands twice"),
    ("calendar.toml", "Asia/Qyzylorda", "Asia/Atlantis", "Asia/Atlantis"),
    ("calendar.toml", 'value = "KZ"', 'value = "ZZ"', "ZZ"),
    ("calendar.toml", "\n[[day]]\n", '\n[[day]]\ndate = 2026-05-27\nworking = true\nsource = "x"\nverified = true\n[[day]]\n', "2026-05-27 stands twice"),
])  # fmt: skip
def test_a_fault_is_refused_and_named(tmp_path, name, old, new, told):
    folder = changed(tmp_path, "kz", name, (old, new))
    with pytest.raises(RulesMalformed) as refusal:
        load_pack("kz", TODAY, folder)
    assert told in refusal.value.explain()
    assert refusal.value.explain("kk") != refusal.value.explain()


def test_a_future_pack_is_checked_today(tmp_path):
    folder = changed(tmp_path, "kz", "pack.toml")
    with (folder / "kz/pack.toml").open("a", encoding="utf-8") as file:
        file.write('[[pack]]\neffective = 2099-01-01\ngate.suporters = { value = 1, source = "x", verified = true }\n')
    with pytest.raises(RulesMalformed, match="suporters"):
        load_pack("kz", TODAY, folder)


def test_packs_stand_in_the_order_of_their_days(tmp_path):
    folder = changed(tmp_path, "kz", "pack.toml")
    with (folder / "kz/pack.toml").open("a", encoding="utf-8") as file:
        file.write("[[pack]]\neffective = 2024-04-04\n")
    with pytest.raises(RulesMalformed, match="2024-04-04"):
        load_pack("kz", TODAY, folder)


@pytest.mark.parametrize(("old", "new", "told"), [
    ('unit = "KZ-71"', 'unit = "KZ-99"', "no unit KZ-99"),
    ('within = "KZ-15"', 'within = "KZ-98"', "no unit KZ-98"),
    ('code = "ministry-justice"', 'code = "government"', "government stands twice"),
    ('code = "KZ-75"', 'code = "KZ-71"', "KZ-71 stands twice"),
    ("until = 2025-09-17", "until = 2020-01-01", "ends before it begins"),
    ('kind = "region"', 'kind = "planet"', "planet"),
    ("population = { value = 1638233", "population = { value = 0", "population"),
])  # fmt: skip
def test_a_fault_of_bodies_is_refused_and_named(tmp_path, old, new, told):
    folder = changed(tmp_path, "kz", "bodies.toml", (old, new))
    with pytest.raises(RulesMalformed) as refusal:
        bodies("kz", TODAY, folder)
    assert told in refusal.value.explain()


def test_a_missing_file_is_told(tmp_path):
    folder = changed(tmp_path, "kz", "topics.toml")
    (folder / "kz/topics.toml").unlink()
    with pytest.raises(RulesMalformed, match=r"kz/topics\.toml"):
        load_pack("kz", TODAY, folder)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.data())
def test_a_lost_line_never_leaks_a_parsers_exception(tmp_path, name, data):
    lines = (FOLDER / "kz" / name).read_text("utf-8").splitlines(keepends=True)
    lost = data.draw(st.integers(0, len(lines) - 1))
    changed(tmp_path, "kz", name)
    (tmp_path / "kz" / name).write_text("".join(lines[:lost] + lines[lost + 1 :]), "utf-8")
    try:
        with suppress(RulesMalformed, RulesMissing):
            load_pack.__wrapped__("kz", TODAY, tmp_path)
            _all.__wrapped__("kz", tmp_path)
    finally:
        shutil.copy(FOLDER / "kz" / name, tmp_path / "kz" / name)
