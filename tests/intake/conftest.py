"""The door of a small demo installation, spoken to over ASGI; its authorities are made once for all tests."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from asgi_client import Client, running
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.intake.app import create_app
from dauys.intake.egov import Egov
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from small_country import install


@dataclass
class World:
    """One installation and what a phone does."""

    places: Places
    keys: Keys
    pki: DemoPki
    client: Client

    def ask(self, subject="petition/1", **other):
        body = {"subject": subject, "language": "kk", "tier": "mobile", "region": "KZ-75", "declared": True} | other
        return self.client.post("/intake/requests", json=body)

    def sign(self, asked, number, **how):
        return sign_cms(self.pki, citizen(number), asked["statement"].encode(), now=datetime.now(UTC), **how)

    def hand_in(self, token, signature, language="en"):
        body = {"token": token, "signature": b64encode(signature).decode()}
        return self.client.post("/intake/acts", json=body, headers={"accept-language": language})

    def act(self, number, **other):
        asked = self.ask(**other).json()
        return self.hand_in(asked["token"], self.sign(asked, number))

    def execute(self, statement):
        connection = sqlite.connect(self.places.database)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    def size(self):
        return self.execute("SELECT size FROM ledger_log")[0][0]


@pytest.fixture
def world(tmp_path, authorities):
    places, keys = install(tmp_path / "var", authorities)
    with running(create_app(places, "demo")) as client:
        yield World(places, keys, DemoPki.load(places.demo_pki), client)


@pytest.fixture
def other_app(world):
    """A second application on the same installation with other settings for the phone."""

    def with_settings(**environment):
        return running(create_app(world.places, "demo", egov=Egov.from_environment(environment)))

    return with_settings
