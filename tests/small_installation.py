"""A small installation without authorities: keys, tables, an opened log, one petition and acts made by hand."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dauys.ledger import migration, sqlite
from dauys.ledger.envelope import Envelope
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import PetitionSignature, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text
from dauys.ledger.opening import open_log
from dauys.ledger.places import Places
from dauys.ledger.sequencer import Admission, KeyUse, Sequencer
from dauys.ledger.subjects import NewPetition, Subject, SubjectSecrets, open_petition, read_secrets

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


@dataclass
class Installation:
    places: Places
    keys: Keys
    subject: Subject
    secrets: SubjectSecrets

    def admission(
        self, person: str, *, nonce: bytes | None = None, tier: str = "mobile", key: KeyUse | None = None
    ) -> Admission:
        name = self.secrets.pseudonym(self.subject.name, person)
        sealed = self.secrets.seal(Envelope(b"statement", person.encode(), 0).to_bytes())
        leaf = PetitionSignature(
            to_text(sealed.commitment), hour_text(hour_number(NOW)), to_text(name), self.subject.name, tier
        )
        return Admission(
            self.subject.id,
            name,
            nonce or secrets.token_bytes(16),
            hour_number(NOW),
            tier,
            encode_leaf(leaf),
            sealed,
            key,
        )

    def sequencer(self) -> Sequencer:
        return Sequencer(self.places.database, self.keys.log)


def new_petition(number: int = 1) -> NewPetition:
    text = hashlib.sha256(b"text").hexdigest()
    return NewPetition(number, "Мектеп автобусы", "kk", text, "Үкімет", 50_000, ("desktop", "mobile"), 16, "kz/2024-04-04",
                       NOW - timedelta(days=3), NOW + timedelta(days=30))  # fmt: skip


def new_installation(var):
    places = Places(var)
    keys = Keys.create(places.keys, "demo.example/2026")
    migration.migrate(places.database)
    open_log(places, keys, "demo", NOW - timedelta(days=4))
    connection = sqlite.connect(places.database)
    with sqlite.transaction(connection, places.database):
        subject = open_petition(connection, keys, new_petition())
    kept = read_secrets(connection, keys, subject)
    connection.close()
    return Installation(places, keys, subject, kept)


def nonce_of(number: int) -> bytes:
    """The request that a person of this number uses, every time."""
    return hashlib.sha256(b"%d" % number).digest()[:16]
