"""A published log of a few hundred signatures, and its receipts; made once, copied by tests that harm it."""

import json
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from dauys.ledger import sqlite
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from small_country import admission, install

SIGNATURES = 300


@dataclass
class Published:
    """An installation's folder, the log's key, and one receipt."""

    places: Places
    vkey: str
    receipt: str

    @property
    def log(self) -> Path:
        return self.places.log

    def counts(self):
        return json.loads((self.log / "counts.json").read_bytes())


@pytest.fixture(scope="session")
def pristine(tmp_path_factory, authorities):
    places, keys = install(tmp_path_factory.mktemp("published") / "var", authorities, by_the_rules=True)
    with closing(sqlite.connect(places.database)) as connection:
        subject = read_subject(connection, "petition/1")
        secrets = read_secrets(connection, keys, subject)
    with closing(Sequencer(places.database, keys.log)) as sequencer:
        placed = sequencer.commit([admission(subject, secrets, number) for number in range(SIGNATURES)])
    with closing(Publisher(places, keys.log)) as publisher:
        publisher.publish()
    (places.vkeys).write_text(keys.log.verifier.vkey + "\n")
    return Published(places, keys.log.verifier.vkey, placed[0].receipt)


@pytest.fixture
def published(pristine, tmp_path, monkeypatch):
    shutil.copytree(pristine.places.var, tmp_path / "var")
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "var"))
    return Published(Places(tmp_path / "var"), pristine.vkey, pristine.receipt)
