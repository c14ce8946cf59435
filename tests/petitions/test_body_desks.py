"""The desks of reviewers and of bodies over HTTP: both sides of an appeal; from the working group to the head's signature."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import deskworld
from dauys.rules.pack import load_pack
from deskworld import refusal, state_of, words
from webworld import Official, evidence, hand_in, installation

pytestmark = pytest.mark.usefixtures("portal", "offices")


def appealed(now):
    from dauys.petitions.services import authoring, moderation

    _, keys = installation()
    petition = hand_in(now)
    moderation.propose(keys, petition.pk, "refuse", ["no-demand"], "Талап жоқ.", Official(9001, "moderator"), now)
    moderation.confirm(keys, petition.pk, Official(9002, "moderator"), now)
    return authoring.appeal(keys, petition.pk, "refusal", "Талап бар: құбыр.", evidence(), now)


def test_a_reviewer_sees_both_sides_and_grants():
    petition = appealed(datetime.now(UTC) - timedelta(days=1))
    client = deskworld.browser(deskworld.official("reviewer"))
    assert [row[0].pk for row in client.get("/kk/desk/appeals/").context["rows"]] == [petition.pk]
    path = f"/kk/desk/appeals/{petition.pk}"
    page = words(client.get(path))
    assert "Талап жоқ." in page
    assert "Талап бар: құбыр." in page
    refused = client.post(path, {"answer": "grant", "explanation": ""})
    assert (refused.status_code, state_of(petition)) == (400, "refused")
    assert client.post(path, {"answer": "grant", "explanation": "Талап бар екен."}).status_code == 303
    assert state_of(petition) == "gathering"
    assert client.get("/kk/desk/appeals/").context["rows"] == []


def test_a_silence_is_told_with_its_last_day_and_granted_with_a_new_one(portal):
    from dauys.petitions.services import authoring

    _, keys = installation()
    now = datetime.now(UTC)
    petition = deskworld.considered(keys, now - timedelta(days=120))
    authoring.appeal(keys, petition.pk, "silence", "Жауап жоқ.", evidence(), now - timedelta(days=1))
    assert "The author appealed against this silence" in words(portal.get(f"/en/petitions/{petition.pk}"))
    client, path = deskworld.browser(deskworld.official("reviewer")), f"/en/desk/appeals/{petition.pk}"
    page = words(client.get(path))
    assert "The last day was" in page
    assert "working days late" in page
    for day in ("", (now - timedelta(days=3)).date().isoformat()):
        refused = client.post(path, {"answer": "grant", "explanation": "Жауап берілсін.", "due": day})
        assert (refused.status_code, "still to come" in words(refused)) == (400, True)
    sent = {"answer": "grant", "explanation": "Жауап берілсін.", "due": (now + timedelta(days=9)).date().isoformat()}
    answer = client.post(path, sent)
    assert "It was granted: the new last day is" in words(client.get(answer.headers["Location"]))


def test_an_appeal_is_not_offered_to_whoever_took_part(first, second):
    from dauys.desk.models import Duty

    petition = hand_in()
    path = f"/kk/desk/moderation/{petition.pk}"
    deskworld.browser(first).post(path, refusal())
    deskworld.browser(second).post(path, {"step": "confirm"})
    from dauys.petitions.services import authoring

    _, keys = installation()
    authoring.appeal(keys, petition.pk, "refusal", "Талап бар.", evidence(), datetime.now(UTC))
    Duty.objects.create(official=first, role="reviewer")
    client = deskworld.browser(first)
    assert client.get("/kk/desk/appeals/").context["rows"] == []
    answer = client.post(f"/kk/desk/appeals/{petition.pk}", {"answer": "grant", "explanation": "Иә."})
    assert (answer.status_code, state_of(petition)) == (403, "refused")


def hearing(day, **other):
    return {"step": "hearing", "day": day.isoformat(), "hour": "15:00", "place": "Астана", "broadcast": "https://example.org/live",
            "draft": "Жоба"} | other  # fmt: skip


def monday(after):
    day = after.date() + timedelta(days=14)
    return day - timedelta(days=day.weekday())


def test_a_clerk_leads_it_to_the_decision_and_the_head_signs(clerk, head):
    from dauys.ledger.office_acts import Evidence, SignedAct
    from dauys.petitions.acts import OFFICES
    from dauys.petitions.models import PetitionEvent

    _, keys = installation()
    past = datetime.now(UTC) - timedelta(days=30)
    petition = deskworld.considered(keys, past)
    client, path = deskworld.browser(clerk), f"/kk/desk/agency/{petition.pk}"
    page = client.get("/kk/desk/agency/")
    assert [task.petition.pk for task, _ in page.context["rows"]] == [petition.pk]
    from dauys.petitions.services import consideration

    held = datetime.now(UTC) - timedelta(days=2)  # called in time, as a test cannot wait for it
    consideration.call_hearing(keys, petition.pk, "Жоба", held, "Астана", clerk, datetime.now(UTC) - timedelta(days=9))
    sent = {"step": "minutes", "attended": "40", "minutes": "Сөйледі", "recording": "https://example.org/r"}
    assert client.post(path, sent).status_code == 303
    decision = {
        "step": "decision",
        "answer": "satisfied",
        "decision": "Құбырды ауыстырамыз.",
        "promise": ["Құбыр", ""],
        "promise_due": ["2027-06-01", ""],
    }
    assert client.post(path, decision).status_code == 303
    assert client.post(path + "/sign").status_code == 403
    master = deskworld.browser(head)
    assert "Құбырды ауыстырамыз." in words(master.get(path))
    assert "/act/" in master.post(path + "/sign").headers["Location"]
    act, reference = OFFICES["petition.decision"], f"decision/{petition.pk}"
    facts = act.describe(reference)
    signature = Evidence(head.person, b"an envelope", b"0123456789abcdef", "mobile")
    act.take(SignedAct(reference, facts.sha256, "kk", signature, "Басшы Б.", datetime.now(UTC)))
    assert state_of(petition) == "decided"
    assert act.describe(reference) == facts  # the page that waited for the signature finds it
    assert client.post(path, {"step": "kept", "promise_number": "0", "kept": "Ауыстырылды"}).status_code == 303
    assert state_of(petition) == "carried-out"
    assert PetitionEvent.objects.filter(petition=petition, kind="petition.decided").exists()


def test_what_is_missing_in_a_form_is_named_whole(clerk):
    _, keys = installation()
    petition = deskworld.considered(keys, datetime.now(UTC) - timedelta(days=2))
    client, path = deskworld.browser(clerk), f"/en/desk/agency/{petition.pk}"
    answer = client.post(path, {"step": "hearing", "day": "", "hour": " ", "place": "", "draft": ""})
    assert (answer.status_code, state_of(petition)) == (400, "registered")
    assert "missing: Day, Hour, Place, Draft decision." in words(answer)
    assert answer.content.decode().count("govuk-form-group--error") == 4
    assert "missing: Place." in words(client.post(path, hearing(monday(datetime.now(UTC)), place="")))
    assert "missing: Who is in it." in words(client.post(path, {"step": "group", "group": ""}))


def test_each_step_says_what_was_done_and_what_comes_next_until_when(clerk):
    _, keys = installation()
    petition = deskworld.considered(keys, datetime.now(UTC) - timedelta(days=2))
    client, path = deskworld.browser(clerk), f"/en/desk/agency/{petition.pk}"

    def told(answer):
        assert answer.status_code == 303
        page = client.get(answer.headers["Location"])
        assert 'role="status"' in page.content.decode()
        return " ".join(words(page).split())

    page = told(client.post(path, {"step": "group", "group": "Ахметов, министрлік"}))
    assert "The working group is published. What comes next: publish the draft decision" in page
    assert "The answer is due by" in page
    page = told(client.post(path, hearing(monday(datetime.now(UTC)), sure="yes")))
    assert "the hearing is called for" in page
    assert "What comes next: hold the hearing on" in page
    page = told(client.post(path, {"step": "decision", "answer": "satisfied", "decision": "Иә."}))
    assert "The draft of the decision is saved." in page
    assert 'role="status"' not in client.get(path + "?done=minutes").content.decode()  # only what left its trace
    page = told(client.post(path, {"step": "transfer", "body": "ministry-health", "explanation": "Солардың ісі."}))
    assert f"Petition No. {petition.pk} was handed to: Ministry of Health" in page


def test_a_hearing_that_was_held_is_told_so_and_cannot_be_moved(portal, clerk):
    from dauys.petitions.services import consideration

    _, keys = installation()
    now = datetime.now(UTC)
    petition = deskworld.considered(keys, now - timedelta(days=9))
    client, path = deskworld.browser(clerk), f"/en/desk/agency/{petition.pk}"
    consideration.call_hearing(
        keys, petition.pk, "Жоба", now + timedelta(days=2), "Астана", clerk, now - timedelta(days=8)
    )
    shown = client.get(path).content.decode()
    called = (now + timedelta(days=2)).astimezone(ZoneInfo("Asia/Almaty"))
    assert f'value="{called:%Y-%m-%d}"' in shown  # what is moved need not be written again
    assert f'value="{called:%H:%M}"' in shown
    assert ">Астана</textarea>" in shown
    page = words(client.get(path))
    assert "Move the hearing" in page
    assert "None was formed. It comes before the draft" in page  # why there is no form for the working group
    assert "Awaits an answer: public hearing" in words(portal.get(f"/en/petitions/{petition.pk}"))
    consideration.call_hearing(
        keys, petition.pk, "Жоба", now - timedelta(days=1), "Астана", clerk, now - timedelta(days=8)
    )
    assert "What comes next: the hour of the hearing has passed" in " ".join(words(client.get(path)).split())
    consideration.hold_hearing(keys, petition.pk, "Хаттама", 40, clerk, now - timedelta(hours=1))
    page = words(client.get(path))
    assert "Move the hearing" not in page
    assert "Awaits an answer: public hearing held" in page
    page = " ".join(words(portal.get(f"/en/petitions/{petition.pk}")).split())
    assert "Awaits an answer: public hearing held" in page
    assert "40 people took part. The decision is due by" in page
    assert "public hearing held" in words(portal.get("/en/petitions/?state=awaiting"))
    stages = {stage.name: stage for stage in portal.get(f"/en/petitions/{petition.pk}").context["path"]}
    assert (stages["hearing"].past, stages["answer"].now) == (True, True)


def test_a_doubtful_day_is_warned_of_and_may_be_kept(clerk):
    _, keys = installation()
    petition = deskworld.considered(keys, datetime.now(UTC) - timedelta(days=2))
    client, path = deskworld.browser(clerk), f"/en/desk/agency/{petition.pk}"
    assert client.post(path, {"step": "group", "group": "Ахметов, министрлік"}).status_code == 303
    sunday = monday(datetime.now(UTC)) + timedelta(days=6)
    warned = client.post(path, hearing(sunday))
    assert (warned.status_code, state_of(petition)) == (409, "working-group")
    assert "Please think about this day. It is not a working day." in words(warned)
    assert 'value="https://example.org/live"' in warned.content.decode()
    assert client.post(path, hearing(sunday, sure="yes")).status_code == 303
    assert state_of(petition) == "hearing"
    assert client.post(path, hearing(sunday) | {"day": "yesterday"}).status_code == 400
    assert client.post(path, hearing(sunday - timedelta(days=100), sure="yes")).status_code == 400


def test_no_tick_calls_a_hearing_for_a_day_that_people_cannot_learn_of(clerk):
    _, keys = installation()
    now = datetime.now(UTC)
    petition = deskworld.considered(keys, now - timedelta(days=2))
    client, path = deskworld.browser(clerk), f"/en/desk/agency/{petition.pk}"
    today = now.astimezone(ZoneInfo("Asia/Qyzylorda")).date()
    refused = client.post(path, hearing(today + timedelta(days=1), sure="yes"))
    first = load_pack("kz", today).calendar.after(today, 3)
    assert (refused.status_code, state_of(petition)) == (400, "registered")
    assert f"The first day that can be chosen today is {first:%d.%m.%Y}." in words(refused)
    assert 'name="sure"' not in refused.content.decode()  # what is refused is not offered to be kept
    assert f'min="{first.isoformat()}"' in refused.content.decode()
    assert client.post(path, hearing(first, sure="yes")).status_code == 303
    assert state_of(petition) == "hearing"


def test_ready_words_stand_beside_a_hand_over(clerk):
    _, keys = installation()
    petition = deskworld.considered(keys, datetime.now(UTC) - timedelta(days=2))
    client, path = deskworld.browser(clerk), f"/en/desk/agency/{petition.pk}"
    begun = client.get(f"{path}?reason=their-duty&step=transfer").content.decode()
    ready = re.search(r'name="explanation"[^>]*>([^<]+)<', begun)[1]
    assert "мына органның құзыретіне" in ready
    sent = {"step": "transfer", "body": "ministry-health", "explanation": ready}
    assert client.post(path, sent).status_code == 400  # its dots are still there
    assert client.post(path, sent | {"explanation": ready.replace("…", "ауруханалар.")}).status_code == 303


def test_a_text_in_another_language_than_the_petitions_is_warned_of(clerk):
    _, keys = installation()
    petition = deskworld.considered(keys, datetime.now(UTC) - timedelta(days=2))
    assert petition.language == "kk"
    client, path = deskworld.browser(clerk), f"/en/desk/agency/{petition.pk}"
    russian, kazakh = (
        "Ахметов, начальник отдела воды, и жители аула",
        "Ахметов, су бөлімінің бастығы және ауыл тұрғындары",
    )
    warned = client.post(path, {"step": "group", "group": russian})
    assert (warned.status_code, 'name="as-is"' in warned.content.decode(), russian in words(warned)) == (
        409,
        True,
        True,
    )
    decision = {"step": "decision", "answer": "satisfied", "promise": "", "promise_due": ""}
    assert client.post(path, {"step": "group", "group": russian, "as-is": "yes"}).status_code == 303
    assert (
        client.post(path, hearing(monday(datetime.now(UTC)), sure="yes", draft=f"{russian}\n\n{kazakh}")).status_code
        == 303
    )
    for text, doubted in ((russian, True), (f"{russian}\n\n{kazakh}", False)):
        assert client.post(path, decision | {"decision": text}).status_code == 303
        assert ("does not seem to be in the language" in client.get(path).content.decode()) == doubted


def test_a_changed_draft_is_not_what_was_signed(clerk, head):
    from dauys.errors import TextChanged
    from dauys.ledger.office_acts import Evidence, SignedAct
    from dauys.petitions.acts import OFFICES
    from dauys.petitions.services import consideration, deciding

    _, keys = installation()
    now = datetime.now(UTC)
    petition = deskworld.considered(keys, now - timedelta(days=9))
    consideration.call_hearing(
        keys, petition.pk, "Жоба", now - timedelta(days=1), "Астана", clerk, now - timedelta(days=8)
    )
    consideration.hold_hearing(keys, petition.pk, "Хаттама", 4, clerk, now)
    deciding.draft_decision(keys, petition.pk, "satisfied", "Иә.", [], clerk, now)
    reference = f"decision/{petition.pk}"
    shown = OFFICES["petition.decision"].describe(reference).sha256
    deciding.draft_decision(keys, petition.pk, "refused", "Жоқ.", [], clerk, now)
    signature = Evidence(head.person, b"an envelope", b"fedcba9876543210", "mobile")
    with pytest.raises(TextChanged):
        OFFICES["petition.decision"].take(SignedAct(reference, shown, "kk", signature, "Б.", now))
    assert state_of(petition) == "hearing"


def test_another_body_keeps_its_hands_off():
    _, keys = installation()
    petition = deskworld.considered(keys, datetime.now(UTC) - timedelta(days=2))
    client = deskworld.browser(deskworld.official("clerk", "ministry-health"))
    assert client.get("/kk/desk/agency/").context["rows"] == []
    assert client.get(f"/kk/desk/agency/{petition.pk}").status_code == 403
    assert client.post(f"/kk/desk/agency/{petition.pk}", {"step": "group", "group": "Біз"}).status_code == 403


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (("refused", "Жоқ.", [("2027-06-01", "Құбыр")]), "promises-refused"),
        (("satisfied", "Иә.", [("soon", "Құбыр")]), "promise-unfinished"),
        (("satisfied", "Иә.", [("2027-06-01", " ")]), "promise-unfinished"),
        (("perhaps", "Иә.", []), "bad-input"),
        (("satisfied", " ", []), "words-missing"),
        (("satisfied", "… жасаймыз.", []), "explanation-unfinished"),
        (("satisfied", "Иә.", [("2027-06-01", "Құбыр: …")]), "explanation-unfinished"),
        (("satisfied", "Иә.", [("2027-06-01", "Құбыр")] * 21), "bad-input"),
    ],
)
def test_a_draft_that_could_not_be_decided_is_not_kept(clerk, draft, code):
    from dauys.errors import DauysError
    from dauys.petitions.models import DecisionDraft
    from dauys.petitions.services import deciding

    _, keys = installation()
    now = datetime.now(UTC)
    petition = deskworld.considered(keys, now - timedelta(days=2))
    with pytest.raises(DauysError) as refused:
        deciding.draft_decision(keys, petition.pk, *draft, clerk, now)
    assert refused.value.code == code
    assert not DecisionDraft.objects.exists()
    with pytest.raises(DauysError):
        deciding.ready_draft_of(petition.pk)
