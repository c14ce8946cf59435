"""Every step is told to its author and followers, each once, whatever is killed and however often the worker runs."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest

import webworld
from dauys.ledger.petition_leaves import STEPS
from webworld import add_petition, hand_in, installation

ADDRESS = "aigul@example.kz"


@pytest.fixture
def portal(monkeypatch, tmp_path):
    installation()
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", tmp_path / "mail")
    forget()
    yield Client()
    forget()


def forget():
    from dauys.desk.models import Follower, Mail, MailCount

    webworld.clear()
    for table in (Follower, Mail, MailCount):
        table.objects.all().delete()


def told_already():
    """What the making of a petition gave notice of is not the test's matter."""
    from dauys.petitions.models import Notice

    Notice.objects.update(begun=True, done_at=datetime.now(UTC))


def add_followers(petition, count, at=None):
    from dauys.desk import followers
    from dauys.desk.transactions import office_transaction

    _, keys = installation()
    at = at or datetime.now(UTC) - timedelta(hours=1)
    with office_transaction():
        for number in range(count):
            follower = followers.ask(
                keys, petition.subject_name, f"f{number}@example.kz", ["kk", "ru", "en"][number % 3], at
            )
            follower.confirmed_at = at
            follower.save()


def take_a_step(petition):
    from dauys.ledger import petition_leaves as leaves
    from dauys.petitions.services.taking import taking

    now = datetime.now(UTC)
    with taking(installation()[1], petition.pk, now) as step:
        step.log(leaves.Listed(moment=step.moment, subject=petition.subject_name, signatures=step.terms.gate))


def post(times=1):
    from dauys.petitions.services.noticing import post

    return [post(installation()[1], datetime.now(UTC) + timedelta(seconds=1)) for _ in range(times)]


def received(tmp_path):
    from dauys.demo.inbox import letters_of

    return [letter for file in (tmp_path / "mail").glob("*.log") for letter in letters_of(file)]


def recipients(tmp_path):
    return sorted(letter.to for letter in received(tmp_path))


def test_every_step_has_its_words():
    installation()
    from dauys.petitions.notice_texts import NEWS

    assert set(NEWS) == {step.__struct_config__.tag for step in STEPS} | {"petition.opened"}


@pytest.mark.usefixtures("portal")
def test_each_step_makes_one_notice_in_its_own_transaction(monkeypatch):
    from dauys.petitions.models import Notice, PetitionEvent
    from dauys.petitions.services.taking import Taking

    petition = add_petition(listed=False)
    steps = list(PetitionEvent.objects.values_list("index", "kind"))
    assert list(Notice.objects.order_by("index").values_list("index", "kind")) == steps

    monkeypatch.setattr(Taking, "record", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_a_step(petition)
    assert Notice.objects.count() == len(steps)


@pytest.mark.usefixtures("portal")
def test_author_and_followers_are_told_once(tmp_path):
    from dauys.desk.models import MailCount

    petition = add_petition(listed=False, email=ADDRESS)
    told_already()
    add_followers(petition, 5)
    take_a_step(petition)
    assert post(3) == [6, 0, 0]
    assert recipients(tmp_path) == sorted([ADDRESS, *(f"f{n}@example.kz" for n in range(5))])
    assert MailCount.objects.get(kind="notice").sent == 6
    ways_out = [file.read_text().count("List-Unsubscribe=One-Click") for file in (tmp_path / "mail").iterdir()]
    assert sum(ways_out) == 6


@pytest.mark.usefixtures("portal")
def test_who_has_not_confirmed_or_came_later_hears_nothing_of_it(tmp_path):
    from dauys.petitions.services import noticing

    petition = add_petition(listed=False)
    told_already()
    noticing.follow(installation()[1], petition.pk, "waits@example.kz", "ru", datetime.now(UTC))
    take_a_step(petition)
    add_followers(petition, 1, datetime.now(UTC) + timedelta(minutes=5))
    post(2)
    assert recipients(tmp_path) == ["waits@example.kz"]
    assert "/follow/" in received(tmp_path)[0].text


@pytest.mark.usefixtures("portal")
def test_an_author_reads_the_title_before_the_public_does(tmp_path):
    hand_in(email=ADDRESS)
    post()
    (letter,) = received(tmp_path)
    assert webworld.TEXTS["kk"][0] in letter.text
    assert webworld.TEXTS["kk"][0] not in letter.subject


@pytest.mark.usefixtures("portal")
def test_killed_anywhere_nobody_gets_two_letters_queued_and_nobody_none(tmp_path, monkeypatch):
    from dauys.desk.models import Mail
    from dauys.petitions.models import Notice
    from dauys.petitions.services import noticing

    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    petition = add_petition(listed=False, email=ADDRESS)
    told_already()
    add_followers(petition, 40)
    monkeypatch.setattr(noticing, "BATCH", 7)
    take_a_step(petition)

    class Killed(BaseException):
        pass

    whole = noticing.queue_mail

    def may_die(*arguments):
        if chance.random() < 0.1:
            raise Killed
        whole(*arguments)

    monkeypatch.setattr(noticing, "queue_mail", may_die)
    for _ in range(2000):
        try:
            noticing.queue_notices(installation()[1], datetime.now(UTC))
        except Killed:
            continue
        break
    assert Mail.objects.count() == 41
    assert Notice.objects.order_by("-index").first().letters == 41
    post(2)
    assert len(set(recipients(tmp_path))) == len(recipients(tmp_path)) == 41


@pytest.mark.usefixtures("portal")
def test_the_queue_stays_small_and_batches_go_on_where_they_were(monkeypatch, pytestconfig):
    from dauys.desk.models import Mail
    from dauys.petitions.models import Notice
    from dauys.petitions.services import noticing

    count = 1_000_000 if pytestconfig.getoption("--long") else 900
    batch = noticing.BATCH if count > 1000 else 50
    most = noticing.MOST_WAITING if count > 1000 else 200
    monkeypatch.setattr(noticing, "BATCH", batch)
    monkeypatch.setattr(noticing, "MOST_WAITING", most)
    petition = add_petition(listed=False)
    told_already()
    prefill(petition, count)
    take_a_step(petition)
    told = 0
    while Notice.objects.filter(done_at=None).exists():
        told += noticing.queue_notices(installation()[1], datetime.now(UTC))
        assert Mail.objects.count() <= most
        Mail.objects.all().delete()  # as if they had gone
    assert told == count
    assert Notice.objects.order_by("-index").first().letters == count


def prefill(petition, count):
    """Followers by the hundred thousand; all have one sealed address, which nothing here looks at."""
    from dauys.desk.models import Follower

    _, keys = installation()
    at, sealed = datetime.now(UTC) - timedelta(hours=1), None
    for start in range(0, count, 5000):
        rows = []
        for number in range(start, min(count, start + 5000)):
            lookup = f"{number:064x}"
            sealed = keys.wrap(b"f@example.kz", f"follower/{lookup}")
            rows.append(
                Follower(
                    subject=petition.subject_name,
                    language="kk",
                    lookup=lookup,
                    sealed=sealed,
                    asked_at=at,
                    confirmed_at=at,
                )
            )
        Follower.objects.bulk_create(rows)


def test_follow_confirm_hear_and_leave(portal, tmp_path):
    from dauys.desk.models import Follower

    petition = add_petition(listed=False)
    told_already()
    assert f'action="/ru/petitions/{petition.pk}/follow"' in portal.get(f"/ru/petitions/{petition.pk}").content.decode()
    assert portal.post(f"/ru/petitions/{petition.pk}/follow", {"address": "nobody"}).status_code == 400
    sent = portal.post(f"/ru/petitions/{petition.pk}/follow", {"address": " Reader@Example.kz ", "language": "ru"})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/ru/petitions/{petition.pk}/follow?sent=1")
    assert portal.get(sent.headers["Location"]).status_code == 200
    portal.post(f"/ru/petitions/{petition.pk}/follow", {"address": "reader@example.kz", "language": "ru"})
    post()
    assert recipients(tmp_path) == ["Reader@Example.kz"]
    assert b"Reader" not in bytes(Follower.objects.get().sealed)
    confirm = re.search(r"(/ru/petitions/follow/[0-9a-f-]+)", portal.get("/ru/demo/mail").content.decode())[1]
    assert portal.get(confirm).status_code == 200
    assert Follower.objects.get().confirmed_at is None
    assert portal.post(confirm).status_code == portal.post(confirm).status_code == 200
    take_a_step(petition)
    post()
    page = portal.get("/ru/demo/mail").content.decode()
    assert "Петиция нашла первых сторонников" in page
    leave = re.search(r"(/ru/petitions/follow/[0-9a-f-]+/leave)", page)[1]
    assert portal.get(leave).status_code == 200
    assert Follower.objects.exists()
    left = portal.post(leave, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert left.status_code == 200
    assert f'href="/ru/petitions/{petition.pk}"' in left.content.decode()  # there is a way on
    assert not Follower.objects.exists()
    again = portal.post(leave)
    assert (again.status_code, 'class="govuk-link" href="/ru/petitions/"' in again.content.decode()) == (200, True)
    assert portal.get(confirm).status_code == 410


@pytest.mark.usefixtures("portal")
def test_nobody_can_be_flooded_with_letters_to_confirm(tmp_path):
    from dauys.desk.followers import MOST_UNCONFIRMED
    from dauys.petitions.services import noticing

    petitions = [add_petition(listed=False) for _ in range(MOST_UNCONFIRMED + 2)]
    for petition in petitions:
        noticing.follow(installation()[1], petition.pk, ADDRESS, "kk", datetime.now(UTC))
    post()
    assert recipients(tmp_path) == [ADDRESS] * MOST_UNCONFIRMED


@pytest.mark.parametrize("forged", ["", "1", "1-", "x-y", "9" * 40 + "-a", "1-ә"])
@pytest.mark.usefixtures("portal")
def test_a_forged_link_opens_nothing(forged):
    from dauys.desk import followers

    petition = add_petition(listed=False)
    add_followers(petition, 1)
    assert followers.of_token(installation()[1], forged) is None


def office(role, name, body=""):
    from dauys.demo.people import citizen
    from dauys.desk.mailboxes import keep_mailbox
    from dauys.desk.services import appoint
    from dauys.identity.iin import Iin

    _, keys = installation()
    person = appoint(keys, Iin.parse(citizen(len(name) * 31).iin), role, name, body, datetime.now(UTC))
    keep_mailbox(keys, person, f"{name}@gov.example.kz", "kk")
    return person


@pytest.fixture
def officials():
    installation()
    seated = [office("moderator", "mod"), office("reviewer", "revi"), office("clerk", "clerk", "government")]
    yield [*seated, office("clerk", "elsewhere", "ministry-health")]
    from dauys.desk.models import Duty, Mailbox

    for table in (Mailbox, Duty):
        table.objects.all().delete()


@pytest.mark.usefixtures("portal", "officials")
def test_officials_hear_when_their_turn_begins_and_of_nothing_else(tmp_path):
    from dauys.ledger import petition_leaves as leaves
    from dauys.petitions.services.taking import taking

    petition = add_petition()
    post()
    assert recipients(tmp_path) == ["mod@gov.example.kz"]
    now = datetime.now(UTC)
    with taking(installation()[1], petition.pk, now) as step:
        due = step.terms.answer_due(step.life.level, step.moment)
        shared = {"moment": step.moment, "subject": petition.subject_name}
        step.log(leaves.Registered(**shared, due=due, signatures=petition.threshold))
    post()
    assert recipients(tmp_path) == ["clerk@gov.example.kz", "mod@gov.example.kz"]
    assert not any(webworld.TEXTS["kk"][0] in letter.text for letter in received(tmp_path))


@pytest.mark.usefixtures("portal")
def test_an_official_takes_the_address_back(officials):
    from dauys.desk.mailboxes import Mailbox, keep_mailbox

    assert b"mod@gov" not in bytes(Mailbox.objects.get(official=officials[0]).sealed)
    keep_mailbox(installation()[1], officials[0], " ", "kk")
    assert not Mailbox.objects.filter(official=officials[0]).exists()


@pytest.mark.usefixtures("portal", "officials")
def test_a_last_day_that_nears_is_reminded_of_once():
    from dauys.petitions.services.noticing import remind

    petition = hand_in()
    due = datetime.fromisoformat(petition.life.due).replace(tzinfo=UTC)
    keys = installation()[1]
    assert remind(keys, due - timedelta(days=5)) == 0
    assert [remind(keys, due - timedelta(days=2)) for _ in range(3)] == [1, 0, 0]
    assert remind(keys, due + timedelta(days=2)) == 0
