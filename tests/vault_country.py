"""A small country whose citizens sign really, and whose operator puts what they like into log and vault."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import enrolled, sign_cms
from dauys.demo.xml_signer import sign_xml
from dauys.identity.trust import Profile, TrustStore
from dauys.intake.door import Door
from dauys.intake.requests import Asked, SigningRequests
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope, Form, Signed
from dauys.ledger.evidence import statement_xml
from dauys.ledger.leaves import PetitionSignature, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text
from dauys.ledger.opener import OperatorOpener
from dauys.ledger.sequencer import Admission, Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.ledger.vault_audit import VaultAudit
from small_country import install

FIRST = 5  # entries that open the log and its four petitions


@dataclass
class Country:
    """An installation and its door; `commit` puts what an operator likes into log and vault."""

    places: object
    keys: object
    pki: DemoPki

    def __post_init__(self):
        self.requests = SigningRequests(self.places, self.keys)
        self.trust = TrustStore.load(self.pki.trust_directory, Profile.TEST)
        self.door = Door(self.requests, self.keys, self.trust)
        self.now = datetime.now(UTC)

    def signed(self, number, statement, form=Form.CMS):
        signatory = enrolled(self.pki, citizen(number), self.now)
        if form is Form.XML:
            return Signed(form, sign_xml(signatory, statement_xml(statement)))
        if form is Form.RAW:
            return Signed(form, signatory.key.sign(statement), signatory.certificate)
        return Signed(form, sign_cms(self.pki, citizen(number), statement, now=self.now))

    def request(self):
        return self.requests.create(Asked("petition/1", "kk", "mobile", declared=True), self.now)

    def sign(self, number, form=Form.CMS):
        request = self.request()
        signed = self.signed(number, request.statement.to_bytes(), form)
        self.commit(self.door.prepare(request.token, signed, self.now).admission)

    def commit(self, *admissions):
        with closing(Sequencer(self.places.database, self.keys.log)) as sequencer:
            sequencer.commit(list(admissions))

    def keep(self, envelope, number=1, hour=None, person=None):
        """An act of a citizen with any envelope as its evidence."""
        with closing(sqlite.connect(self.places.database)) as connection:
            subject = read_subject(connection, "petition/1")
            secrets = read_secrets(connection, self.keys, subject)
        name = secrets.pseudonym("petition/1", person or f"iin|{citizen(number).iin}")
        sealed, hour = secrets.seal(envelope.to_bytes()), hour or hour_number(self.now)
        leaf = PetitionSignature(to_text(sealed.commitment), hour_text(hour), to_text(name), "petition/1", "mobile")
        self.commit(Admission(subject.id, name, bytes(16), hour, "mobile", encode_leaf(leaf), sealed))

    def envelope(self, number=1, statement=None):
        statement = statement or self.request().statement.to_bytes()
        return Envelope(statement, self.signed(number, statement).signature, int(self.now.timestamp() * 1000))

    def execute(self, *statement):
        with closing(sqlite.connect(self.places.database)) as connection:
            connection.execute(*statement)

    def audit(self):
        with closing(sqlite.connect(self.places.database)) as connection:
            audit = VaultAudit(connection, OperatorOpener(connection, self.keys), self.trust)
            audit.run()
        return audit


def make_country(var, authorities):
    """The country in a folder."""
    places, keys = install(var, authorities)
    return Country(places, keys, DemoPki.load(places.demo_pki))
