"""The lives of the demo's petitions: whole in three languages, told in verbs that exist, and possible by the rules."""

from datetime import UTC, datetime, timedelta

import pytest

from dauys.demo.country import addressee_of, load_lives, load_petitions
from dauys.errors import LANGUAGES
from dauys.ledger.moments import moment_text
from dauys.petitions.terms import terms_of
from dauys.rules.pack import load_pack
from webworld import installation

RULES = load_pack("kz", datetime(2026, 11, 1, tzinfo=UTC).date())
LIVES = load_lives()
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BY_OFFICES = {
    "accept",
    "refuse",
    "stop",
    "remove",
    "merge",
    "transfer",
    "review",
    "group",
    "call",
    "hear",
    "decide",
    "keep",
}
WORDY = BY_OFFICES - {"accept"} | {"appeal"}
every_life = pytest.mark.parametrize("life", LIVES, ids=lambda life: life.slug)


@pytest.fixture(scope="module")
def seed():
    """The module, once Django is set up."""
    installation()
    from dauys.demo import seed

    return seed


def words_in(facts):
    """Every table of words by language in the facts of a step."""
    for value in facts.values():
        if isinstance(value, dict) and "kk" in value:
            yield value
        elif isinstance(value, dict):
            yield from words_in(value)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    yield from words_in(each)


def test_no_two_petitions_share_a_name():
    slugs = [petition.slug for petition in [*LIVES, *load_petitions()]]
    assert len(set(slugs)) == len(slugs) >= 24


@every_life
def test_title_and_text_are_whole_in_every_language(life):
    assert set(life.title) == set(life.text) == set(life.addressee) == set(LANGUAGES)
    for language in LANGUAGES:
        assert 10 <= len(life.title[language]) <= RULES.writing.title_characters
        assert 150 <= len(life.text[language]) <= 1_000
        assert len(life.text[language].split("\n\n")) == 2
    assert len(set(life.text.values())) == 3
    assert any(letter in "әіңғүұқөһ" for letter in life.text["kk"].lower())


@every_life
def test_what_offices_and_authors_say_is_in_every_language(life):
    for step in life.steps:
        said = list(words_in(step.facts))
        assert ("words" in step.facts) == (step.does in WORDY)
        for words in said:
            assert set(words) == set(LANGUAGES)
            assert len({str(each) for each in words.values()}) == 3


@every_life
def test_the_quoted_words_stand_in_the_text_that_is_signed(life):
    for step in life.steps:
        if span := step.facts.get("span"):
            assert span in life.text[life.language]


@every_life
def test_reasons_are_of_the_rules_and_the_level_has_a_threshold(life):
    known = {"refuse": RULES.refusal_reasons, "stop": RULES.stop_reasons, "remove": RULES.removal_reasons}
    for step in life.steps:
        if step.does in known:
            assert set(step.facts["reasons"]) <= set(known[step.does])
    assert RULES.threshold(life.level, addressee_of(life.body).population) > 0


def test_everything_is_in_one_order_of_time_and_offices_act_on_working_days(seed):
    from dauys.demo.lives import VERBS

    events = seed.timeline(NOW)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[-1].at <= NOW
    assert {event.does for event in events} == VERBS.keys() | {"sign", "clock"}
    for event in events:
        if event.does in BY_OFFICES:
            assert RULES.calendar.is_working(RULES.calendar.local_day(event.at))


def test_a_share_spares_signatures_of_open_petitions_and_none_of_a_life(seed):
    def counted(share):
        return sum(event.does == "sign" for event in seed.timeline(NOW, share))

    assert counted(0.0) >= sum(life.signatures for life in LIVES)
    assert counted(0.0) < counted(0.1) < counted(1.0) <= 8_000


def test_a_step_is_taken_on_its_day_or_the_last_working_day_before(seed):
    for days in range(1, 30):
        assert seed.moment_of(days, NOW) < NOW - timedelta(days=days - 1)
    assert seed.moment_of(0, NOW) == NOW


@pytest.mark.parametrize("week", range(0, 110, 3))
def test_the_terms_fit_on_whatever_day_the_country_is_made(seed, week):
    """Holidays move steps by days: orders that the rules ask for must survive that."""
    now = NOW + timedelta(weeks=week, days=week % 7)
    terms = terms_of(RULES.id)
    for life in LIVES:
        at = {step.does: seed.moment_of(step.days_ago, now) for step in life.steps}
        if "hear" in at:
            call = next(step for step in life.steps if step.does == "call")
            assert at["hear"] - at["call"] > timedelta(days=call.facts["after"] + 1)
        if "clock" in at:
            opened, starved = moment_text(at["accept"]), life.signatures < RULES.gate.supporters
            over = terms.gate_due(opened, "mobile") if starved else terms.closes(opened)[:10]
            assert moment_text(at["clock"])[:10] > over
        against = at.get("refuse") or at.get("remove")
        for verb in ("appeal", "repair"):
            if verb in at and against:
                assert moment_text(at[verb])[:10] <= terms.appeal_due(moment_text(against))
        if "appeal" in at and not against:  # silence is one only after the last day to answer
            signed = next(step for step in life.steps if step.does == "sign")
            registered = moment_text(seed.moment_of(signed.facts["until"], now))
            assert moment_text(at["appeal"])[:10] > terms.answer_due(life.level, registered)
        moments = [seed.moment_of(step.days_ago, now) for step in life.steps]
        assert moments == sorted(moments)
