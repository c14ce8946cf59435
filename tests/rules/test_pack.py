from datetime import date
from typing import get_args

import msgspec
import pytest

from dauys.errors import LevelUnknown, PopulationNeeded, RulesMissing
from dauys.ledger import leaf_fields, petition_leaves
from dauys.rules.bodies import bodies
from dauys.rules.pack import load_pack, pack_by_id, unverified
from dauys.rules.sections import Tier
from rules_folder import changed

TODAY = date(2026, 11, 21)
PACK = load_pack("kz", TODAY)
SITE = load_pack("site", TODAY)

NEXT_PACK = """
[[pack]]
effective = 2027-01-01
gate.supporters = { value = 100, source = "an amendment", verified = true }

[pack.level.government]
name = { kk = "Үкімет", ru = "Правительство", en = "Government" }
unit = { value = "country", source = "an amendment", verified = true }
organs = { value = ["government"], source = "an amendment", verified = true }
threshold_percent = { value = 1, source = "an amendment", verified = true }
consideration_working_days = { value = 30, source = "an amendment", verified = true }
"""


@pytest.mark.parametrize(("level", "population", "threshold"), [
    ("government", 0, 50_000), ("region-maslikhat", 1_000_000, 20_000), ("region-akimat", 1_000_001, 10_001),
    ("district-akimat", 0, 2_500), ("district-maslikhat", 0, 5_000), ("small-district-akimat", 12_400, 620),
])  # fmt: skip
def test_thresholds_of_the_law(level, population, threshold):
    assert PACK.threshold(level, population) == threshold


def test_a_share_needs_a_population_and_a_level_must_be_known():
    with pytest.raises(PopulationNeeded):
        PACK.threshold("region-akimat")
    with pytest.raises(LevelUnknown):
        PACK.threshold("galaxy")


def test_clocks_of_the_law():
    assert (PACK.gate.supporters, PACK.gate.working_days, PACK.gate.working_days_on_paper) == (50, 10, 20)
    assert not PACK.gate.listed
    assert PACK.moderation.working_days == 20
    assert {PACK.answer_days(level) for level in PACK.levels} == {20, 40}
    assert PACK.answer_days("government") == 40


def test_a_pack_is_chosen_by_its_day():
    assert load_pack("kz", date(2024, 4, 4)).id == PACK.id == "kz/2024-04-04"
    for jurisdiction, day in (("kz", date(2024, 4, 3)), ("atlantis", TODAY), ("../rules/kz", TODAY), ("", TODAY)):
        with pytest.raises(RulesMissing):
            load_pack(jurisdiction, day)


def test_a_petition_finds_its_pack_again_by_id():
    for pack in (PACK, SITE):
        again = pack_by_id(pack.id)
        assert again.id == pack.id
        assert again.refusal_reasons == pack.refusal_reasons
    for wrong in ("kz", "kz/", "kz/yesterday", "atlantis/2024-04-04", "../rules/kz/2024-04-04", "/2024-04-04", ""):
        with pytest.raises(RulesMissing):
            pack_by_id(wrong)


def test_a_later_pack_names_only_what_it_changes(tmp_path):
    folder = changed(tmp_path, "kz", "pack.toml")
    with (folder / "kz/pack.toml").open("a", encoding="utf-8") as file:
        file.write(NEXT_PACK)
    before, after = load_pack("kz", date(2026, 12, 31), folder), load_pack("kz", date(2027, 1, 1), folder)
    assert before.gate == PACK.gate
    assert after.id == "kz/2027-01-01"
    assert (after.gate.supporters, after.gate.working_days) == (100, PACK.gate.working_days)
    assert after.threshold("government", 20_000_000) == 200_000  # a level is replaced whole, share for number
    assert after.levels["region-akimat"] == PACK.levels["region-akimat"]
    assert [source.source for source in after.sources if source.path == "gate.supporters"] == ["an amendment"]


def test_a_topic_that_begins_makes_another_pack(tmp_path):
    folder = changed(tmp_path, "kz", "topics.toml", ('source = "inform.kz', 'since = 2027-03-01\nsource = "inform.kz'))
    before, after = load_pack("kz", date(2027, 2, 28), folder), load_pack("kz", date(2027, 3, 1), folder)
    assert before.id == PACK.id
    assert after.id == "kz/2027-03-01"
    assert set(after.forbidden_topics) - set(before.forbidden_topics) == {"public-morality"}
    assert pack_by_id(before.id, folder).forbidden_topics == before.forbidden_topics


def test_a_topic_holds_up_to_its_last_day(tmp_path):
    folder = changed(tmp_path, "kz", "topics.toml", ("since = 2024-04-04", "since = 2024-04-04\nuntil = 2026-06-30"))
    last, after = load_pack("kz", date(2026, 6, 30), folder), load_pack("kz", date(2026, 7, 1), folder)
    assert set(last.refusal_reasons) - set(after.refusal_reasons) == {"constitutional-order"}
    assert (last.id, after.id) == ("kz/2024-04-04", "kz/2026-07-01")


def test_nobody_is_refused_by_a_topic_whose_first_day_is_unknown():
    announced = {topic.code for topic in PACK.announced}
    assert "public-morality" in announced
    assert not announced & set(PACK.refusal_reasons)
    assert not announced & set(PACK.forbidden_topics)


def test_every_topic_is_a_reason_that_cannot_be_mended():
    assert len(PACK.forbidden_topics) == 17
    for code in PACK.forbidden_topics:
        assert not PACK.refusal_reasons[code].repairable
    assert PACK.refusal_reasons["unreadable"].repairable


def test_every_value_names_its_source_and_whether_it_was_verified():
    assert {"gate.supporters", "level.government.threshold", "signing.age"} <= {source.path for source in PACK.sources}
    assert all(source.source for source in PACK.sources)
    waiting = {source.path for source in unverified(PACK)}
    assert {"signing.collection_months", "topic.public-morality", "appeal.filing_months"} <= waiting
    assert "gate.supporters" not in waiting


def test_an_independent_site_admits_e_mail_and_waits_for_nobody():
    assert "email" in SITE.tiers
    assert "email" not in PACK.tiers
    assert unverified(SITE) == ()


def test_tiers_and_decisions_are_those_of_the_log():
    assert get_args(Tier) == get_args(leaf_fields.Tier)
    assert set(PACK.decisions) == set(SITE.decisions) == set(get_args(petition_leaves.Answer))


@pytest.mark.parametrize("pack", [PACK, SITE], ids=["kz", "site"])
def test_codes_may_stand_in_the_log(pack):
    codes = [*pack.levels, *pack.refusal_reasons, *pack.stop_reasons, *pack.removal_reasons]
    codes += [addressee.body.code for addressee in bodies(pack.id.partition("/")[0], TODAY)]
    assert msgspec.convert(codes, list[leaf_fields.Code]) == codes
    assert msgspec.convert(pack.id, leaf_fields.Rules) == pack.id


@pytest.mark.parametrize("pack", [PACK, SITE], ids=["kz", "site"])
def test_one_sentence_never_says_two_things(pack):
    for language in ("kk", "ru", "en"):
        for group in (pack.refusal_reasons, pack.stop_reasons, pack.removal_reasons, pack.decisions):
            sentences = [reason.text.say(language) for reason in group.values()]
            assert len(set(sentences)) == len(sentences)
            assert all(sentence.endswith(".") for sentence in sentences)


def test_some_reasons_hide_the_text_and_topics_pass_that_on():
    pack = load_pack("kz", date(2026, 11, 21))
    hiding = {code for code, reason in pack.refusal_reasons.items() if reason.hides_text}
    assert {"insult", "personal-data", "state-secrets"} <= hiding
    assert "no-demand" not in hiding
