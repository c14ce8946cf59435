"""A program on the same port that signs with an authority it made itself, under any name (as sadshade/FCALayer does)."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from asgi_client import running
from dauys.demo.ncalayer import protocol
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.intake.app import create_app
from dauys.ledger import sqlite
from small_country import install

WHY = {
    "kk": "Сертификатты бұл портал сенетін куәландырушы орталық бермеген",
    "ru": "Сертификат выдан не тем удостоверяющим центром, которому доверяет портал",
    "en": "was not issued by a certification authority that this portal trusts, whatever names it bears",
}


@pytest.fixture(scope="module")
def impostor(tmp_path_factory):
    """Authorities of the same names and key identifiers as the trusted ones, and other keys."""
    return DemoPki.create(tmp_path_factory.mktemp("impostor"), seed=8)


@pytest.fixture
def world(tmp_path, pki):
    places, _ = install(tmp_path / "var", pki.directory)
    with running(create_app(places, "demo")) as client:
        yield client, places


def signed_by(pki, person, statement):
    """What the page gets from an NCALayer of this PKI for the request that the portal's script sends."""
    args = {
        "format": "cms",
        "data": b64encode(statement.encode()).decode(),
        "signingParams": {"decode": True, "encapsulate": False, "digested": False},
        "signerParams": {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"]},
    }
    task = protocol.read(json.dumps({"module": "kz.gov.pki.knca.basics", "method": "sign", "args": args}))
    return json.loads(task.carry_out(pki, person, datetime.now(UTC)))["body"]["result"][0]


def hand_in(client, pki, person, language):
    asked = {"subject": "petition/1", "language": "kk", "tier": "desktop", "declared": True}
    made = client.post("/intake/requests", json=asked).json()
    act = {"token": made["token"], "signature": signed_by(pki, person, made["statement"])}
    return client.post("/intake/acts", json=act, headers={"accept-language": language})


@pytest.mark.parametrize("algorithm", ["gost", "rsa"])
def test_only_the_chain_tells_it_from_the_true_one(world, pki, impostor, algorithm):
    client, places = world
    person = replace(citizen(20_000_001), algorithm=algorithm)
    for language, why in WHY.items():
        answer = hand_in(client, impostor, person, language)
        assert (answer.status_code, answer.json()["code"]) == (422, "issuer-untrusted")
        assert why in answer.json()["message"]
    connection = sqlite.connect(places.database)
    assert connection.execute("SELECT count(*) FROM ledger_admission").fetchone() == (0,)
    connection.close()
    assert hand_in(client, pki, person, "kk").status_code == 201
