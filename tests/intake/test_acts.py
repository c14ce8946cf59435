"""Signed acts of offices at the door, with an office that only remembers."""

import hashlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest

from asgi_client import running
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.errors import SubjectUnknown
from dauys.intake.acts import LIFETIME, ActRequests
from dauys.intake.app import create_app
from dauys.ledger.envelope import Envelope
from dauys.ledger.office_acts import ActFacts
from small_country import install

KIND, SECRET = "petition.appeal", "of the browser"


class Office:
    """Describes one text, and remembers what was taken."""

    def __init__(self):
        self.text, self.taken = "Мен келіспеймін.", []

    def describe(self, reference):
        if reference != "appeal/1":
            raise SubjectUnknown
        return ActFacts("petition/1", "Мектеп автобусы", "Үкімет", hashlib.sha256(self.text.encode()).hexdigest())

    def take(self, act):
        self.taken.append(act)


class World:
    def __init__(self, places, keys, client, office):
        self.keys, self.client, self.office, self.pki = keys, client, office, DemoPki.load(places.demo_pki)
        self.requests = ActRequests(keys.request, keys.log.verifier.name, {KIND: office})

    def ask(self, now=None):
        return self.requests.create(KIND, "appeal/1", "kk", "mobile", SECRET, now or datetime.now(UTC))

    def hand_in(self, asked, number=1, content=None):
        signature = sign_cms(self.pki, citizen(number), content or asked.statement.to_bytes(), now=datetime.now(UTC))
        body = {"token": asked.token, "signature": b64encode(signature).decode()}
        return self.client.post("/intake/office-acts", json=body)


@pytest.fixture
def world(tmp_path, authorities):
    places, keys = install(tmp_path / "var", authorities)
    office = Office()
    with running(create_app(places, "demo", offices={KIND: office})) as client:
        yield World(places, keys, client, office)


def test_the_office_gets_who_signed_and_the_evidence(world):
    asked = world.ask()
    assert world.client.get(f"/intake/office-acts/{asked.token}").text == asked.statement.to_bytes().decode()
    assert world.hand_in(asked).status_code == 201
    (act,) = world.office.taken
    assert act.reference == "appeal/1"
    assert act.evidence.person == world.keys.person(f"iin|{citizen(1).iin}")
    assert Envelope.parse(act.evidence.envelope).statement == asked.statement.to_bytes()
    assert citizen(1).iin not in repr(act.evidence.person)


def test_a_text_that_changed_meanwhile_is_signed_by_nobody(world):
    asked = world.ask()
    world.office.text = "Мен келісемін."
    answer = world.hand_in(asked)
    assert (answer.status_code, answer.json()["code"]) == (409, "text-changed")
    assert not world.office.taken


def test_another_text_another_time_and_another_kind_are_refused(world):
    asked = world.ask()
    assert world.hand_in(asked, content=b"something else").json()["code"] == "content-differs"
    late = world.ask(datetime.now(UTC) - LIFETIME - timedelta(seconds=1))
    assert world.hand_in(late).json()["code"] == "request-expired"
    body = {"token": asked.token, "signature": "AA=="}
    assert world.client.post("/intake/acts", json=body).json()["code"] != "internal-error"
    for path in ("/intake/acts", "/intake/logins"):
        signature = sign_cms(world.pki, citizen(1), asked.statement.to_bytes(), now=datetime.now(UTC))
        body = {"token": asked.token, "signature": b64encode(signature).decode()}
        assert world.client.post(path, json=body).json()["code"] == "request-forged"
    assert not world.office.taken


def test_a_token_of_a_signature_is_no_act(world):
    body = {"subject": "petition/1", "language": "kk", "tier": "mobile", "region": "KZ-75", "declared": True}
    token = world.client.post("/intake/requests", json=body).json()["token"]
    for wrong in (token, "act." + token, "login." + token):
        answer = world.client.post("/intake/office-acts", json={"token": wrong, "signature": "AA=="})
        assert answer.json()["code"] == "request-forged"


def test_an_unknown_kind_or_reference_is_told(world):
    with pytest.raises(SubjectUnknown):
        world.requests.create(KIND, "appeal/2", "kk", "mobile", SECRET, datetime.now(UTC))


def test_only_the_browser_that_asked_holds_it(world):
    asked = world.ask()
    assert asked.held_by(SECRET)
    assert not asked.held_by("another")


def test_a_phone_signs_an_act_of_an_office(world):
    asked = world.ask()
    invitation = world.client.get(f"/intake/mgovSign/{asked.token}").json()
    headers = {"authorization": f"Bearer {invitation['document']['auth_token']}"}
    path = f"/intake/mgovSign/{asked.token}/documents"
    package = world.client.get(path, headers=headers).json()
    (document,) = package["documentsToSign"]
    content = b64decode(document["document"]["file"]["data"])
    assert content == asked.statement.to_bytes()
    signature = sign_cms(world.pki, citizen(7), content, now=datetime.now(UTC))
    document["document"]["file"]["data"] = b64encode(signature).decode()
    assert world.client.put(path, json=package, headers=headers).json() == {"status": "success"}
    assert [act.evidence.person for act in world.office.taken] == [world.keys.person(f"iin|{citizen(7).iin}")]
