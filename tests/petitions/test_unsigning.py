"""Withdrawing one's signature through the office: the pages, the act, the counts, and the opening by the clock."""

import secrets
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

import webworld
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope
from dauys.ledger.leaves import PetitionSignature, decode_leaf, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text
from dauys.ledger.office_acts import SignedAct
from dauys.ledger.sequencer import Admission, Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from webworld import evidence, installation

pytestmark = pytest.mark.usefixtures("portal")

PERSON, OTHER = "iin|850101300019", "iin|900202400028"


def sign(petition, *people):
    """Signatures as the door hands them over."""
    places, keys = installation()
    now = datetime.now(UTC)
    with closing(Sequencer(places.database, keys.log)) as sequencer:
        subject = read_subject(sequencer.connection, petition.subject_name)
        kept, hour = read_secrets(sequencer.connection, keys, subject), hour_number(now)
        batch = []
        for person in people:
            name, sealed = kept.pseudonym(subject.name, person), kept.seal(Envelope(b"s", b"s", 0).to_bytes())
            leaf = PetitionSignature(to_text(sealed.commitment), hour_text(hour), to_text(name), subject.name, "mobile")
            entry = encode_leaf(leaf)
            batch.append(Admission(subject.id, name, secrets.token_bytes(16), hour, "mobile", entry, sealed))
        sequencer.commit(batch)
    webworld.publish(places, keys)


def take(petition, person):
    """The act as the door hands it to the office."""
    from dauys.petitions.acts import OFFICES

    act = SignedAct(petition.subject_name, "", "kk", evidence(person), "Айгүл С.", datetime.now(UTC), person)
    OFFICES["petition.signature-withdrawal"].take(act)


def last_leaves(number):
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        size = sqlite.read_tail(connection).size
        return [decode_leaf(entry) for entry in sqlite.read_entries(connection, size - number, size)]


def shown(portal, petition):
    return portal.get(f"/kk/petitions/{petition.pk}/count").content.decode()


def test_the_page_tells_what_it_does_and_leads_to_the_statement(portal):
    petition = webworld.add_petition()
    page = portal.get(f"/kk/petitions/{petition.pk}")
    assert f"/kk/petitions/{petition.pk}/unsign" in page.content.decode()
    asked = portal.get(f"/kk/petitions/{petition.pk}/unsign")
    assert (asked.status_code, asked.headers["Cache-Control"]) == (200, "no-store")
    begun = portal.post(f"/kk/petitions/{petition.pk}/unsign")
    assert begun.status_code == 303
    statement = portal.get(begun.headers["Location"]).content.decode()
    assert "МЕН ӨЗ ҚОЛЫМДЫ ҚАЙТАРЫП АЛАМЫН" in statement
    assert "kind: petition.signature-withdrawal" in statement


def test_a_closed_petition_cannot_be_left(portal):
    petition = webworld.add_petition(closes=-timedelta(days=1))
    answer = portal.post(f"/ru/petitions/{petition.pk}/unsign")
    assert answer.status_code == 409
    assert "act/" not in answer.headers.get("Location", "")


def test_the_public_count_and_the_curve_fall():
    from dauys.desk.models import LedgerSubject
    from dauys.petitions.curve import curve

    places, keys = installation()
    petition = webworld.add_petition()
    sign(petition, PERSON, OTHER)
    take(petition, PERSON)
    take(petition, PERSON)
    webworld.publish(places, keys)
    subject = LedgerSubject.objects.get(name=petition.subject_name)
    drawn = curve(subject.pk, petition.threshold, petition.opens_at, datetime.now(UTC))
    assert (subject.published_signatures, drawn.total, dict(drawn.by_tier)) == (1, 1, {"mobile": 1})


def test_the_clock_opens_what_was_hidden_once(portal):  # noqa: ARG001 - the installation it stands on
    from dauys.petitions.services import deadlines

    _, keys = installation()
    petition = webworld.add_petition()
    sign(petition, PERSON, OTHER)
    take(petition, PERSON)
    over = petition.closes_at + timedelta(hours=1)
    deadlines.run_deadlines(keys, over)
    opened = [leaf for leaf in last_leaves(3) if type(leaf).__name__ == "WithdrawalsOpened"]
    assert [len(leaf.opened) for leaf in opened] == [1]
    size = len(last_leaves(10_000))
    deadlines.run_deadlines(keys, over)
    assert len(last_leaves(10_000)) == size


def test_only_who_comes_from_the_act_is_told_that_it_is_done(portal):
    from dauys.petitions.acts import OFFICES

    petition, other = webworld.add_petition(), webworld.add_petition()
    address = OFFICES["petition.signature-withdrawal"].address(petition.subject_name)
    page = portal.get(address)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    guessed = [address.partition("?")[0], f"{address}x", address.replace(f"/{petition.pk}/", f"/{other.pk}/")]
    assert [portal.get(each).status_code for each in guessed] == [302] * 3
