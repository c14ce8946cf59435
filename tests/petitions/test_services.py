"""Row and leaf commit together or not at all, and every row says what the log says."""

import random
from datetime import timedelta

import msgspec
import pytest

import webworld
from dauys.errors import BadInput, NotTheAuthor, PersonInvolved, ReasonUnknown, RoleMissing, StepForbidden
from dauys.ledger.leaves import decode_leaf
from petition_lives import CLERK, HEAD, NOW, REVIEWER, folded, log_entries, play
from webworld import MODERATOR, SECOND_MODERATOR, Official, evidence, hand_in, installation

pytestmark = pytest.mark.usefixtures("portal")


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
    with pytest.raises(StepForbidden):
        consideration.call_hearing(keys, number, "Жоба", hearing + timedelta(days=9), "Астана", CLERK, hearing)
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


def test_supporters_who_come_too_late_do_not_count_however_late_the_clock_runs():
    from dauys.petitions.services import deadlines, moderation

    _, keys = installation()
    for after, state in ((timedelta(days=9), "collecting"), (timedelta(days=30), "lapsed")):
        petition = moderation.accept(keys, hand_in(NOW).pk, MODERATOR, NOW)
        webworld.tally(petition, 70, NOW + after, NOW + after + timedelta(hours=1))
        deadlines.run_deadlines(keys, NOW + timedelta(days=60))
        petition.refresh_from_db()
        assert petition.state == state


def test_a_text_that_is_missing_is_refused():
    with pytest.raises(BadInput):
        hand_in(language="ru", texts={"kk": ("Тақырып", "Мәтін")})


def test_random_lives_follow_the_table_and_the_log(request):
    long = request.config.getoption("--long")
    first = random.randrange(10**6)
    print("seed", first)
    reached = set()
    for seed in range(first, first + (80 if long else 6)):
        webworld.clear()
        reached |= play(seed, 120 if long else 60)
    if long:
        from dauys.petitions.states import State

        assert reached == {str(state) for state in State}


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
