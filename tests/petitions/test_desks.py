"""The moderators' desk over HTTP: what it offers, does, refuses and keeps on the record."""

from datetime import UTC, datetime, timedelta

import pytest

import deskworld
import webworld
from deskworld import refusal, state_of, words
from webworld import TEXTS, hand_in

pytestmark = pytest.mark.usefixtures("portal", "offices")


def recorded():
    from dauys.desk.models import Action

    return list(Action.objects.order_by("-pk").values_list("by", "kind", "subject"))


@pytest.mark.parametrize("path", ["moderation/", "appeals/", "agency/", "people/", "bodies/", "record/"])
def test_a_desk_is_for_its_officials_alone(portal, path):
    assert portal.get(f"/kk/desk/{path}").status_code == 303
    other = "reviewer" if path != "appeals/" else "moderator"
    assert deskworld.browser(deskworld.official(other)).get(f"/kk/desk/{path}").status_code == 403


@pytest.mark.parametrize(
    ("role", "path"),
    [("moderator", "moderation/"), ("reviewer", "appeals/"), ("clerk", "agency/"), ("head", "agency/"), ("administrator", "people/")],
)  # fmt: skip
def test_each_begins_at_the_own_desk(role, path):
    client = deskworld.browser(deskworld.official(role, body="government"))
    assert client.get("/ru/desk/").headers["Location"] == f"/ru/desk/{path}"
    answer = client.get(f"/ru/desk/{path}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_the_queue_counts_by_urgency_and_narrows_down(first):
    now = datetime.now(UTC)
    late, new = hand_in(now - timedelta(days=90)), hand_in(now, language="ru")
    client = deskworld.browser(first)
    page = client.get("/en/desk/moderation/")
    assert page.context["buckets"]["overdue"] == 1
    assert [task.petition.pk for task in page.context["tasks"]] == [late.pk, new.pk]  # overdue first
    assert [task.petition.pk for task in client.get("/en/desk/moderation/?bucket=later").context["tasks"]] == [new.pk]
    assert [task.petition.pk for task in client.get("/en/desk/moderation/?language=kk").context["tasks"]] == [late.pk]
    assert client.get("/en/desk/moderation/?body=ministry-health").context["tasks"] == []


def test_a_long_queue_costs_no_more_queries(first):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = deskworld.browser(first)

    def cost():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/kk/desk/moderation/").status_code == 200
        return len(caught)

    hand_in()
    few = cost()
    for _ in range(12):
        hand_in()
    assert cost() == few


def test_one_moderator_proposes_and_another_refuses(first, second):
    petition = hand_in()
    path = f"/kk/desk/moderation/{petition.pk}"
    one, other = deskworld.browser(first), deskworld.browser(second)
    assert TEXTS["kk"][0] in words(one.get(path))
    assert one.post(path, refusal()).headers["Location"] == f"/kk/desk/moderation/?done={petition.pk}"
    own = one.post(path, {"step": "confirm"})
    assert (own.status_code, state_of(petition)) == (403, "moderation")
    page = words(other.get(path))
    assert "Талап жоқ." in page
    assert "Бірінші Б." in page
    assert other.post(path, {"step": "confirm"}).status_code == 303
    assert state_of(petition) == "refused"
    assert recorded()[:2] == [
        (second.pk, "petition.refused", petition.subject_name), (first.pk, "petition.refuse-proposed", petition.subject_name),
    ]  # fmt: skip


def test_a_second_moderator_disagrees(first, second):
    petition = hand_in()
    path = f"/kk/desk/moderation/{petition.pk}"
    deskworld.browser(first).post(path, refusal())
    other = deskworld.browser(second)
    assert other.post(path, refusal()).status_code == 409  # a proposal is not pushed aside in silence
    other.post(path, {"step": "disagree"})
    assert not hasattr(type(petition).objects.get(pk=petition.pk), "proposal")
    assert other.post(path, {"step": "accept"}).status_code == 303
    assert state_of(petition) == "gathering"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"reason": []}, "себеп"),
        ({"explanation": " "}, "өз сөзіңізбен"),
        ({"span": "бұл сөздер жоқ"}, "белгілеген"),
        ({"reason": ["weather"]}, "weather"),
    ],
)
def test_a_refusal_that_lacks_something_is_told_beside_the_form_and_nothing_typed_is_lost(first, sent, sentence):
    petition = hand_in()
    answer = deskworld.browser(first).post(
        f"/kk/desk/moderation/{petition.pk}", refusal() | {"explanation": "Мынау керек."} | sent
    )
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert (sent.get("explanation", "Мынау керек.")).strip() in words(answer)
    assert state_of(petition) == "moderation"


def test_what_a_colleague_has_in_hand_waits_five_minutes(first, second):
    from dauys.desk.models import Claim

    petition = hand_in()
    path = f"/kk/desk/moderation/{petition.pk}"
    one, other = deskworld.browser(first), deskworld.browser(second)
    assert one.post(path, {"step": "claim"}).headers["Location"] == path
    refused = other.post(path, {"step": "accept"})
    assert (refused.status_code, "Бірінші Б." in words(refused)) == (409, True)
    assert (other.post(path + "/beat").status_code, one.post(path + "/beat").status_code) == (409, 204)
    Claim.objects.update(beat_at=datetime.now(UTC) - timedelta(minutes=6))
    assert other.post(path, {"step": "accept"}).status_code == 303
    assert not Claim.objects.filter(by=second.pk).exists()  # what is done is put down


def test_transfer_names_the_new_addressee(first):
    petition = hand_in()
    client = deskworld.browser(first)
    path = f"/kk/desk/moderation/{petition.pk}"
    offered = client.get(path).content.decode().partition('name="body"')[2].partition("</select>")[0]
    assert " selected" not in offered
    assert 'value="ministry-water-resources"' in offered
    assert f'value="{petition.body}"' not in offered  # nothing is handed to whoever has it
    assert client.post(path, {"step": "transfer", "body": "", "explanation": "Солардың ісі."}).status_code == 400
    assert client.post(path, {"step": "transfer", "body": "nobody", "explanation": "Солардың ісі."}).status_code == 400
    sent = {"step": "transfer", "body": "ministry-water-resources", "explanation": "Солардың ісі."}
    assert client.post(path, sent).status_code == 303
    petition = type(petition).objects.get(pk=petition.pk)
    assert (petition.body, petition.addressee_kk) == (
        "ministry-water-resources",
        "Су ресурстары және ирригация министрлігі",
    )


def test_merge_finds_its_goal_and_two_stop_or_remove(first, second):
    goal, petition, stopped = (webworld.add_petition() for _ in range(3))
    one, other = deskworld.browser(first), deskworld.browser(second)
    path = f"/kk/desk/moderation/{petition.pk}"
    assert f'value="{goal.pk}"' in one.get(f"{path}?into={goal.pk}").content.decode()
    assert one.post(path, {"step": "merge", "into": str(goal.pk), "explanation": "Бір талап."}).status_code == 303
    assert state_of(petition) == "merged"
    for step, reason, after in (("stop", "done", "stopped"), ("remove", "court-order", "removed")):
        path = f"/kk/desk/moderation/{stopped.pk}"
        one.post(path, {"step": step, "reason": [reason], "explanation": "Міне."})
        assert stopped.pk in [task.petition.pk for task in other.get("/kk/desk/moderation/").context["tasks"]]
        assert other.post(path, {"step": "confirm"}).status_code == 303
        assert state_of(stopped) == after


def test_similar_petitions_stand_beside_it(first):
    petition, twin = hand_in(), hand_in()
    other = hand_in(texts={"kk": ("Мектепке автобус жіберілсін", "Жол алыс.")})
    page = deskworld.browser(first).get(f"/kk/desk/moderation/{petition.pk}")
    assert [text.petition_id for text, _ in page.context["similar"]] == [twin.pk]
    assert other.pk not in [text.petition_id for text, _ in page.context["similar"]]


def test_several_are_previewed_then_done_each_by_an_act_of_its_own(first, second):
    from dauys.petitions.models import Proposal

    petitions = [hand_in() for _ in range(3)]
    russian = hand_in(language="ru")
    one, other = deskworld.browser(first), deskworld.browser(second)
    other.post(f"/kk/desk/moderation/{petitions[2].pk}", {"step": "claim"})
    numbers = [str(each.pk) for each in [*petitions, russian]]
    page = one.post("/kk/desk/moderation/several", {"step": "refuse", "number": numbers})
    assert (page.status_code, page.context["going"], Proposal.objects.count()) == (200, 3, 0)
    ready = {
        "step": "refuse",
        "number": numbers,
        "reason": ["insult"],
        "ready": "yes",
        "explanation_ru": "Своими словами.",
    }
    said = dict(one.post("/kk/desk/moderation/several", ready).context["said"])
    assert "қорлайтын" in said["kk"]
    assert said["ru"] == "Своими словами."
    assert Proposal.objects.count() == 0
    assert [language for language, _ in page.context["said"]] == ["kk", "ru"]
    sent = {"step": "refuse", "number": numbers, "reason": ["duplicate"], "explanation_kk": "Бар.", "sure": "yes"}
    page = one.post("/kk/desk/moderation/several", sent)
    assert (page.status_code, Proposal.objects.count()) == (400, 0)  # no words in Russian yet
    assert TEXTS["ru"][0] in words(page)  # each by its title
    page = one.post("/kk/desk/moderation/several", sent | {"explanation_ru": "Уже есть."})
    assert [bool(outcome.problem) for outcome, *_ in page.context["rows"]] == [False, False, True, False]
    assert dict(Proposal.objects.values_list("petition", "explanation"))[russian.pk] == "Уже есть."
    page = other.post("/kk/desk/moderation/several", {"step": "confirm", "number": numbers})
    assert "Уже есть." in words(page)  # what exactly is confirmed
    assert state_of(russian) == "moderation"
    page = other.post("/kk/desk/moderation/several", {"step": "confirm", "number": numbers, "sure": "yes"})
    assert [state_of(each) for each in [*petitions, russian]] == ["refused", "refused", "moderation", "refused"]
    kinds = [kind for _, kind, _ in recorded()[:3]]
    assert kinds == ["petition.refused"] * 3


def test_several_are_accepted_each_by_an_opening_of_its_own(first, second):
    from dauys.petitions.models import PetitionEvent

    free, held, proposed, gone = (hand_in() for _ in range(4))
    one, other = deskworld.browser(first), deskworld.browser(second)
    one.post(f"/kk/desk/moderation/{free.pk}", {"step": "claim"})
    other.post(f"/kk/desk/moderation/{held.pk}", {"step": "claim"})
    one.post(f"/kk/desk/moderation/{proposed.pk}", refusal())
    other.post(f"/kk/desk/moderation/{gone.pk}", {"step": "accept"})
    sent = {"step": "accept", "number": [str(each.pk) for each in (free, held, proposed, gone)]}
    page = one.post("/kk/desk/moderation/several", sent)
    assert (page.context["going"], state_of(free)) == (1, "moderation")
    assert TEXTS["kk"][1].split("\n")[0] in words(page)  # what would be opened can be read there
    page = one.post("/kk/desk/moderation/several", sent | {"sure": "yes"})
    assert [bool(outcome.problem) for outcome, *_ in page.context["rows"]] == [False, True, True, True]
    assert [state_of(each) for each in (free, held, proposed, gone)] == [
        "gathering",
        "moderation",
        "moderation",
        "gathering",
    ]
    opened = PetitionEvent.objects.filter(petition__in=[free, gone], kind="petition.opened")
    assert len({event.index for event in opened}) == 2  # a leaf each
    assert recorded()[0] == (first.pk, "petition.opened", free.subject_name)
    assert other.post(f"/kk/desk/moderation/{free.pk}", {"step": "claim"}).status_code == 303  # it was put down


def test_a_proposal_stands_in_the_way_of_an_acceptance(first, second):
    petition = hand_in()
    path = f"/kk/desk/moderation/{petition.pk}"
    deskworld.browser(first).post(path, refusal())
    assert deskworld.browser(second).post(path, {"step": "accept"}).status_code == 409
    assert state_of(petition) == "moderation"


def test_dots_of_ready_words_go_public_in_no_step(first):
    goal, petition = webworld.add_petition(), webworld.add_petition()
    client, path = deskworld.browser(first), f"/kk/desk/moderation/{petition.pk}"
    for sent in ({"step": "merge", "into": str(goal.pk)}, {"step": "transfer", "body": "ministry-health"}):
        answer = client.post(path, sent | {"explanation": "Бұл мәселені … шешеді."})
        assert (answer.status_code, state_of(petition)) == (400, "collecting")
    numbers = [str(hand_in().pk)]
    sent = {
        "step": "refuse",
        "number": numbers,
        "reason": ["duplicate"],
        "explanation_kk": "№ … петиция.",
        "sure": "yes",
    }
    answer = client.post("/kk/desk/moderation/several", sent)
    assert answer.status_code == 400
    assert "№ … петиция." in answer.content.decode()  # nothing typed is lost


def test_readers_report_and_moderators_settle(portal, first):
    from dauys.desk.models import ReportCount

    petition = webworld.add_petition()
    path = f"/kk/petitions/{petition.pk}/report"
    assert f'href="{path}"' in portal.get(f"/kk/petitions/{petition.pk}").content.decode()
    shown = portal.get(path)
    assert not shown.cookies
    assert portal.post(path, {"reason": "other", "words": ""}).status_code == 400
    for _ in range(5):
        assert portal.post(path, {"reason": "insult", "words": "Қорлайды"}).headers["Location"] == path + "?thanks=1"
    assert portal.post(path, {"reason": "insult"}).status_code == 429
    assert portal.post(path, {"reason": "insult"}, REMOTE_ADDR="203.0.113.9").status_code == 303
    assert b"127.0.0.1" not in b"".join(bytes(row.network) for row in ReportCount.objects.all())
    client = deskworld.browser(first)
    assert client.get("/kk/desk/moderation/reports").context["tasks"][0].reports == 6
    assert "Қорлайды" in words(client.get(f"/kk/desk/moderation/{petition.pk}"))
    client.post(f"/kk/desk/moderation/{petition.pk}", {"step": "settle"})
    assert client.get("/kk/desk/moderation/reports").context["tasks"] == []


def test_moderators_alone_read_the_files_before_they_are_public(portal, first):
    petition = hand_in()
    path = f"/kk/desk/moderation/{petition.pk}/files/{'0' * 64}"
    assert portal.get(path).status_code == 303
    assert deskworld.browser(first).get(path).status_code == 404


@pytest.mark.parametrize("role", ["reviewer", "clerk", "administrator"])
def test_another_task_moderates_nothing(role):
    petition = hand_in()
    client = deskworld.browser(deskworld.official(role, body="government"))
    for step in ("accept", "refuse", "confirm", "claim"):
        assert client.post(f"/kk/desk/moderation/{petition.pk}", refusal(step=step)).status_code == 403
    assert client.post("/kk/desk/moderation/several", {"step": "refuse", "number": [petition.pk]}).status_code == 403
    assert state_of(petition) == "moderation"
