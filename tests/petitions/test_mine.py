"""The author's own desk: only their own, and only what the rules let them do now."""

from datetime import UTC, datetime, timedelta

import pytest

import webworld
from webworld import MODERATOR, SECOND_MODERATOR, Official, installation

pytestmark = pytest.mark.usefixtures("portal")
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def author():
    """A browser in which the author of `hand_in` is logged in."""
    return logged_in("author")


def logged_in(person):
    from django.test import Client

    from dauys.desk.access import SESSION
    from dauys.desk.sessions import CITIZEN, open_session
    from dauys.desk.transactions import office_transaction

    client = Client()
    with office_transaction():
        client.cookies[SESSION] = open_session(digest(person), CITIZEN, "Айгүл С.", NOW)
    return client


def digest(person):
    import hashlib

    return hashlib.sha256(person.encode()).hexdigest()


def evidence(person="author"):
    return webworld.evidence(digest(person))


def hand_in(since=DAY):
    """As `webworld.hand_in`, by the person who can log in here."""
    from dauys.petitions.models import Author

    petition = webworld.hand_in(NOW - since)
    Author.objects.filter(petition=petition).update(person=digest("author"))
    return petition


def refused(since=DAY):
    from dauys.petitions.services import moderation

    _, keys = installation()
    petition = hand_in(since + DAY)
    moderation.propose(keys, petition.pk, "refuse", ["no-demand"], "Талап жоқ.", MODERATOR, NOW - since, span="Қысым")
    return moderation.confirm(keys, petition.pk, SECOND_MODERATOR, NOW - since)


def sign(client, address, person="author"):
    """What the door does with a verified signature on the statement behind an address; the page after it."""
    from dauys.ledger.office_acts import SignedAct
    from dauys.petitions.acts import OFFICES
    from dauys.portal.acts import act_requests

    asked = act_requests().open(address.rpartition("/")[2])
    assert client.get(address).status_code == 200
    grant, signed = asked.grant, evidence(person)
    signed = type(signed)(signed.person, signed.envelope, grant.nonce, signed.tier)
    OFFICES[grant.kind].take(
        SignedAct(grant.reference, grant.sha256.hex(), "kk", signed, "Айгүл С.", datetime.now(UTC))
    )
    return client.get(address).headers["Location"]


def test_the_account_lists_the_authors_own_petitions_with_their_titles(author):
    own, other = hand_in(), webworld.hand_in()
    html = author.get("/en/account/").content.decode()
    assert f'href="/en/petitions/mine/{own.pk}"' in html
    assert f"mine/{other.pk}" not in html
    assert webworld.TEXTS["en"][0] in html
    assert author.get("/en/account/").headers["Cache-Control"].count("no-store") == 1


def test_nobody_else_sees_an_authors_desk(portal, author):
    petition = hand_in()
    address = f"/en/petitions/mine/{petition.pk}"
    assert author.get(address).status_code == 200
    assert portal.get(address).status_code == 303  # to the log-in
    for path, send in ((address, "get"), (f"{address}/withdraw", "post"), (f"{address}/appeal", "get")):
        answer = getattr(logged_in("stranger"), send)(path)
        assert (answer.status_code, "not-the-author" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(("since", "told"), [(DAY, True), (60 * DAY, False)])
def test_an_author_who_waits_reads_the_own_text_and_what_silence_would_allow(author, since, told):
    html = author.get(f"/en/petitions/mine/{hand_in(since).pk}").content.decode()
    assert "The pressure is low." in html
    assert ("If there is no decision by" in html) == told
    assert ("You may appeal against this silence" in html) != told


def test_a_refusal_shows_the_span_and_offers_appeal_and_mending(author):
    petition = refused()
    html = author.get(f"/en/petitions/mine/{petition.pk}").content.decode()
    for words in ("Қысым", "no-demand", "You may appeal against the refusal", "Mend it"):
        assert words in html
    assert f"/en/petitions/{petition.pk}/mend" in html


def test_an_appeal_is_written_signed_and_judged_in_public(author, portal):
    from dauys.petitions.services import appeals

    _, keys = installation()
    petition = refused()
    address = f"/en/petitions/mine/{petition.pk}/appeal"
    empty = author.post(address, {"text": "  "})
    assert (empty.status_code, "Please write your reasons" in empty.content.decode()) == (400, True)
    long = author.post(address, {"text": "x" * 20_001})
    assert long.status_code == 400
    assert "x" * 20_001 in long.content.decode()  # nothing typed is lost
    begun = author.post(address, {"text": "Талап соңғы абзацта.\r\n"})
    assert begun.status_code == 303
    onward = sign(author, begun.headers["Location"])
    assert onward == f"/en/petitions/mine/{petition.pk}?done=appeal"
    told = author.get(onward).content.decode()
    assert (
        told.index("Your appeal was handed in") < told.index("Why it was refused") < told.index("What you can do now")
    )
    assert "While an appeal is being decided, the text cannot be mended. If it is rejected" in told
    assert f"/en/petitions/{petition.pk}/mend" not in told
    petition.refresh_from_db()
    assert petition.life.appeal.against == "refusal"
    page = portal.get(f"/en/petitions/{petition.pk}").content.decode()
    assert "Талап соңғы абзацта." in page
    assert "A reviewer who had no part in it" in page
    assert author.get(address).status_code == 303  # one appeal a decision
    appeals.decide_appeal(keys, petition.pk, False, "Талап табылмады.", Official(3, "reviewer"), datetime.now(UTC))
    told = author.get(onward).content.decode()
    assert ("Талап табылмады." in told, "Your appeal was handed in" in told) == (True, False)
    assert f"/en/petitions/{petition.pk}/mend" in told


def test_what_was_used_up_is_offered_to_nobody(author, portal):
    """One appeal of a decision, one repair; after both it is nobody's turn, though the time to appeal runs."""
    from dauys.petitions.services import appeals, authoring, moderation

    _, keys = installation()
    petition = refused(3 * DAY)
    number, mine, public = petition.pk, f"/en/petitions/mine/{petition.pk}", f"/en/petitions/{petition.pk}"

    def upheld(at):
        authoring.appeal(keys, number, "refusal", "Талап бар.", evidence(), at)
        appeals.decide_appeal(keys, number, False, "Талап табылмады.", Official(3, "reviewer"), at)

    upheld(NOW - 2 * DAY)
    assert "You may mend the text and hand it in again, once" in author.get(mine).content.decode()
    shown = portal.get(public).content.decode()
    assert ("Its author may, once, mend it" in shown, "may appeal" in shown) == (True, False)
    authoring.resubmit(keys, number, webworld.submission(), evidence(), NOW - DAY)
    moderation.propose(keys, number, "refuse", ["no-demand"], "Талап тағы жоқ.", MODERATOR, NOW - DAY)
    moderation.confirm(keys, number, SECOND_MODERATOR, NOW - DAY)
    shown = portal.get(public).content.decode()
    assert ("Its author may appeal until" in shown, "mend it" in shown) == (True, False)
    upheld(NOW)
    assert "this petition has come to its end" in author.get(mine).content.decode()
    shown = portal.get(public).content.decode()
    assert ("Nobody’s turn" in shown, "may appeal" in shown, "mend it" in shown) == (True, False, False)


def test_a_text_that_changed_after_its_code_was_shown_is_refused(author):
    petition = refused()
    address = f"/en/petitions/mine/{petition.pk}/appeal"
    begun = author.post(address, {"text": "бірінші"}).headers["Location"]
    author.post(address, {"text": "екінші"})
    answer = author.get(begun)
    assert (answer.status_code, "text-changed" in answer.content.decode()) == (409, True)


def test_silence_can_be_appealed_when_it_is_one(author):
    waiting, silent = hand_in(DAY), hand_in(60 * DAY)
    assert "Appeal" not in author.get(f"/en/petitions/mine/{waiting.pk}").content.decode()
    html = author.get(f"/en/petitions/mine/{silent.pk}").content.decode()
    assert "You may appeal against this silence." in html
    begun = author.post(f"/en/petitions/mine/{silent.pk}/appeal", {"text": "Жауап жоқ."})
    sign(author, begun.headers["Location"])
    silent.refresh_from_db()
    assert silent.life.appeal.against == "silence"


def test_an_author_withdraws_with_a_signature(author, portal):
    petition = hand_in()
    begun = author.post(f"/kk/petitions/mine/{petition.pk}/withdraw")
    assert sign(author, begun.headers["Location"]) == f"/kk/petitions/{petition.pk}"
    page = portal.get(f"/en/petitions/{petition.pk}").content.decode()
    assert "Taken back by its author" in page
    assert webworld.TEXTS["en"][0] not in page  # it was never public
    own = author.get(f"/en/petitions/mine/{petition.pk}").content.decode()
    assert "come to its end" in own
    assert "/withdraw" not in own
