"""Row and leaf commit together or not at all, and every row says what the log says."""

import random
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

import webworld
from dauys.errors import BadInput, DauysError, NotTheAuthor, PersonInvolved, ReasonUnknown, RoleMissing, StepForbidden
from dauys.ledger import sqlite
from dauys.ledger.leaves import decode_leaf
from webworld import MODERATOR, SECOND_MODERATOR, Official, evidence, hand_in, installation

pytestmark = pytest.mark.usefixtures("portal")

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)  # a Monday morning
REVIEWER, CLERK, HEAD = Official(3, "reviewer"), Official(4, "clerk"), Official(5, "head")


def log_entries():
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        return sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)


def folded(petition):
    """The life of a petition from the log alone."""
    from dauys.petitions.life import step
    from dauys.petitions.states import TRANSITIONS
    from dauys.petitions.terms import terms_of

    life = None
    for entry in log_entries():
        leaf = decode_leaf(entry)
        if type(leaf) in TRANSITIONS and leaf.subject == petition.subject_name:
            rules = life.rules if life else leaf.rules
            life = step(life, leaf, terms_of(rules))
    return life


def stored():
    """Everything that steps may change: the tables of the office, and the log."""
    from dauys.desk.models import PublicText
    from dauys.petitions import models

    tables = [models.Petition, models.PetitionText, models.PetitionEvent, models.Author, models.Proposal, PublicText]
    return [list(table.objects.order_by("pk").values()) for table in tables], log_entries()


def refused(now=NOW):
    from dauys.petitions.services import moderation

    _, keys = installation()
    petition = hand_in(now)
    moderation.propose(keys, petition.pk, "refuse", ["no-demand"], "Талап жоқ.", MODERATOR, now, span="Қысым әлсіз.")
    return moderation.confirm(keys, petition.pk, SECOND_MODERATOR, now)


def test_a_submission_is_in_moderation_with_its_clock():
    from dauys.petitions.models import PetitionEvent

    petition = hand_in(NOW)
    assert (petition.state, petition.turn, str(petition.due)) == ("moderation", "moderator", petition.life.due)
    assert petition.life == folded(petition)
    event = PetitionEvent.objects.get(petition=petition)
    assert log_entries()[event.index] == bytes(event.entry)
    assert "iin" not in bytes(event.entry).decode()


def test_a_refusal_takes_two_and_names_reason_and_span():
    from dauys.desk.models import PublicText
    from dauys.petitions.services import moderation

    _, keys = installation()
    petition = hand_in(NOW)
    with pytest.raises(ReasonUnknown):
        moderation.propose(keys, petition.pk, "refuse", ["i-dislike-it"], "no", MODERATOR, NOW)
    moderation.propose(keys, petition.pk, "refuse", ["no-demand"], "Талап жоқ.", MODERATOR, NOW, span="Қысым әлсіз.")
    with pytest.raises(PersonInvolved):
        moderation.confirm(keys, petition.pk, MODERATOR, NOW)
    with pytest.raises(RoleMissing):
        moderation.confirm(keys, petition.pk, CLERK, NOW)
    petition = moderation.confirm(keys, petition.pk, SECOND_MODERATOR, NOW)
    assert (petition.state, petition.turn, petition.life.reasons) == ("refused", "author", ("no-demand",))
    assert PublicText.objects.get(pk=petition.life.explanation).content == "“Қысым әлсіз.”\n\nТалап жоқ.\n"


def test_an_appeal_is_judged_by_someone_who_had_no_part_and_opens_the_petition():
    from dauys.petitions.services import appeals, authoring

    _, keys = installation()
    petition = refused()
    with pytest.raises(NotTheAuthor):
        authoring.appeal(keys, petition.pk, "refusal", "Мен келіспеймін.", evidence("another"), NOW)
    authoring.appeal(keys, petition.pk, "refusal", "Мен келіспеймін.", evidence(), NOW)
    with pytest.raises(PersonInvolved):
        appeals.decide_appeal(keys, petition.pk, True, "Дұрыс.", Official(1, "reviewer"), NOW)
    petition = appeals.decide_appeal(keys, petition.pk, True, "Талап бар.", REVIEWER, NOW)
    assert (petition.state, petition.opens_at) == ("gathering", NOW)
    assert petition.life == folded(petition)


def test_a_refused_text_is_mended_once():
    from dauys.petitions.models import PetitionText
    from dauys.petitions.services import authoring, moderation

    _, keys = installation()
    petition = refused()
    mended = webworld.submission(texts={"kk": ("Су керек", "Құбырды ауыстырыңыз.")})
    with pytest.raises(StepForbidden):
        authoring.resubmit(keys, petition.pk, mended, evidence(), NOW + timedelta(days=100))
    petition = authoring.resubmit(keys, petition.pk, mended, evidence(), NOW + timedelta(days=1))
    assert (petition.attempt, petition.state) == (2, "moderation")
    petition = moderation.accept(keys, petition.pk, MODERATOR, NOW + timedelta(days=2))
    title = PetitionText.objects.get(petition=petition, attempt=2, is_signed=True).title
    assert [decode_leaf(entry) for entry in log_entries()][-1].title == title == "Су керек"


def test_a_life_to_its_good_end():
    from datetime import date

    from dauys.petitions.services import consideration, deadlines, moderation

    _, keys = installation()
    petition = moderation.accept(keys, hand_in(NOW).pk, MODERATOR, NOW)
    webworld.tally(petition, 60_000, NOW, NOW + timedelta(hours=2))
    day = NOW + timedelta(days=1)
    assert deadlines.run_deadlines(keys, day) == 2
    assert deadlines.run_deadlines(keys, day) == 0
    number = petition.pk
    with pytest.raises(StepForbidden):
        consideration.decide(keys, number, "satisfied", "Иә.", [], HEAD, evidence("head"), day)
    consideration.form_group(keys, number, "Топ", CLERK, day)
    hearing = day + timedelta(days=5)
    consideration.call_hearing(keys, number, "Жоба", hearing, "Астана", CLERK, day)
    with pytest.raises(StepForbidden):
        consideration.hold_hearing(keys, number, "Хаттама", 40, CLERK, day)
    consideration.hold_hearing(keys, number, "Хаттама", 40, CLERK, hearing)
    with pytest.raises(RoleMissing):
        consideration.decide(keys, number, "satisfied", "Иә.", [], CLERK, evidence("head"), hearing)
    promise = consideration.Promise("Құбырды ауыстырамыз", date(2027, 6, 1))
    petition = consideration.decide(keys, number, "satisfied", "Иә.", [promise], HEAD, evidence("head"), hearing)
    assert (petition.state, str(petition.due)) == ("decided", "2027-06-01")
    petition = consideration.fulfil(keys, number, 0, "Ауыстырылды", CLERK, hearing)
    assert (petition.state, petition.turn) == ("carried-out", "nobody")
    assert petition.life == folded(petition)


def test_supporters_who_do_not_come_let_it_lapse():
    from dauys.petitions.services import deadlines, moderation

    _, keys = installation()
    petition = moderation.accept(keys, hand_in(NOW).pk, MODERATOR, NOW)
    assert deadlines.run_deadlines(keys, NOW + timedelta(days=13)) == 0
    assert deadlines.run_deadlines(keys, NOW + timedelta(days=60)) == 1
    petition.refresh_from_db()
    assert petition.state == "lapsed"


def test_a_text_that_is_missing_is_refused():
    with pytest.raises(BadInput):
        hand_in(language="ru", texts={"kk": ("Тақырып", "Мәтін")})


def random_call(rng, number, now):
    """One service call by somebody, sensible or not."""
    from dauys.petitions.services import appeals, authoring, consideration, deadlines, moderation

    _, keys = installation()
    who = rng.choice([MODERATOR, SECOND_MODERATOR, REVIEWER, Official(1, "reviewer"), CLERK, HEAD])
    author = evidence(rng.choice(["author", "author", "author", "stranger"]))
    kind = rng.choice(["refuse", "stop", "remove"])
    reason = rng.choice(["no-demand", "court-order", "danger-to-life"])
    later = now + timedelta(days=rng.randrange(-1, 8))
    return rng.choice([
        lambda: moderation.accept(keys, number, who, now),
        lambda: moderation.propose(keys, number, kind, [reason], "неге", who, now),
        lambda: moderation.confirm(keys, number, who, now),
        lambda: moderation.merge(keys, number, number + rng.randrange(2), "неге", who, now),
        lambda: moderation.transfer(keys, number, rng.choice(["a", "b"]), {}, "неге", who, rng.choice(["moderator", "clerk"]), now),
        lambda: authoring.withdraw(keys, number, author, now) if rng.random() < 0.1 else None,
        lambda: authoring.appeal(keys, number, rng.choice(["refusal", "removal", "silence"]), "мен", author, now),
        lambda: authoring.resubmit(keys, number, webworld.submission(), author, now),
        lambda: appeals.decide_appeal(keys, number, rng.random() < 0.6, "міне", who, now, later.date()),
        lambda: consideration.form_group(keys, number, "топ", who, now),
        lambda: consideration.call_hearing(keys, number, "жоба", later, "мұнда", who, now),
        lambda: consideration.hold_hearing(keys, number, "хаттама", 3, who, now),
        lambda: consideration.decide(
            keys, number, rng.choice(["satisfied", "refused"]), "шешім",
            [consideration.Promise("уәде", later.date())] * rng.randrange(3), who, author, now,
        ),
        lambda: consideration.fulfil(keys, number, rng.randrange(3), "болды", who, now),
        lambda: deadlines.run_deadlines(keys, now),
    ])  # fmt: skip


def play(seed, calls):
    """Random calls by random people on passing days; the states that were reached."""
    rng, now = random.Random(seed), NOW
    petition, reached = hand_in(now), set()
    for _ in range(calls):
        now += timedelta(days=rng.choice([0, 0, 1, 3, 30]))
        before = petition.life
        with suppress(DauysError):
            random_call(rng, petition.pk, now)()
        petition = type(petition).objects.get(pk=petition.pk)
        reached.add(petition.state)
        if rng.random() < 0.15 and petition.state in ("gathering", "collecting"):
            webworld.clear_tally(petition)
            webworld.tally(petition, rng.choice([10, 60, 50_000]), now - timedelta(hours=2), now)
        check_table(before, petition.life)
        assert petition.life == folded(petition), seed
    return reached


def check_table(before, after):
    """Whatever happened is a path of the table, at most the two steps that one call may take."""
    from dauys.petitions.states import TRANSITIONS, State

    onward = {state: {t.to for t in TRANSITIONS.values() if state in t.start and t.to} for state in State}
    onward[State.DECIDED] |= {State.CARRIED_OUT}
    onward[State.REMOVED] |= {before.before.state} if before.before else set()
    onward[State.REFUSED] |= {State.MODERATION}
    reach = {before.state} | onward[before.state]
    reach |= {far for near in onward[before.state] for far in onward[near]}
    assert after.state in reach, (before.state, after.state)


def test_random_lives_follow_the_table_and_the_log(request):
    long = request.config.getoption("--long")
    first = random.randrange(10**6)
    print("seed", first)
    reached = set()
    for seed in range(first, first + (200 if long else 6)):
        webworld.clear()
        reached |= play(seed, 150 if long else 60)
    assert {"moderation", "refused"} & reached


@pytest.mark.parametrize("table", ["Petition", "PetitionText", "PetitionEvent", "Author", "PublicText"])
def test_a_fault_at_any_write_leaves_neither_row_nor_leaf(monkeypatch, table):
    from dauys.desk import models as desk
    from dauys.petitions import models
    from dauys.petitions.services import moderation

    _, keys = installation()
    waiting = hand_in(NOW)
    moderation.propose(keys, waiting.pk, "refuse", ["no-demand"], "Талап жоқ.", MODERATOR, NOW)
    before = stored()

    def broken(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(getattr(models, table, None) or desk.PublicText, "save", broken)
    with pytest.raises(ZeroDivisionError):
        moderation.confirm(keys, waiting.pk, SECOND_MODERATOR, NOW) if table == "PublicText" else hand_in(NOW)
    assert stored() == before


def test_a_life_reads_as_it_was_written():
    from dauys.petitions.life import Life

    petition = refused()
    assert msgspec.json.decode(msgspec.json.encode(petition.life), type=Life) == petition.life
