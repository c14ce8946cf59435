"""An operator cannot keep other evidence than what the leaves say without an auditor of the vault finding it."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

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
from dauys.ledger.office_acts import Evidence, append_signed
from dauys.ledger.petition_leaves import Withdrawn
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
            audit = VaultAudit(connection, self.keys, self.trust)
            audit.run()
        return audit


@pytest.fixture
def country(tmp_path, authorities):
    places, keys = install(tmp_path / "var", authorities)
    return Country(places, keys, DemoPki.load(places.demo_pki))


def test_every_form_of_evidence_is_sound(country):
    for number, form in enumerate((Form.CMS, Form.XML, Form.RAW)):
        country.sign(number, form)
    audit, seen = country.audit(), []
    assert (audit.findings, dict(audit.forms), audit.erased) == ([], {"CMS": 1, "XML": 1, "RAW": 1}, 0)
    with closing(sqlite.connect(country.places.database)) as connection:
        VaultAudit(connection, country.keys, country.trust).run(lambda *told: seen.append(told))
    assert seen == [(8, 8)]


def test_an_erased_person_is_counted_and_nothing_else(country):
    country.sign(1)
    country.sign(2)
    country.execute("DELETE FROM ledger_envelope_key WHERE idx = ?", (FIRST,))
    audit = country.audit()
    assert (audit.findings, audit.erased, audit.forms.total()) == ([], 1, 1)


def test_a_subject_whose_key_was_destroyed_tells_nothing_any_more(country):
    country.sign(1)
    country.execute("DELETE FROM ledger_subject_key WHERE subject_id = 1")
    audit = country.audit()
    assert (audit.findings, audit.erased) == ([], 1)


def test_evidence_of_another_act_does_not_open(country):
    country.sign(1)
    country.sign(2)
    for table, column in (("ledger_envelope", "ciphertext"), ("ledger_envelope_key", "wrapped")):
        other = f"(SELECT {column} FROM {table} WHERE idx = {FIRST + 1})"
        country.execute(f"UPDATE {table} SET {column} = {other} WHERE idx = {FIRST}")
    assert [finding.index for finding in country.audit().findings] == [FIRST]


def other_statement(country):
    statement = replace(country.request().statement, subject="petition/2")
    return country.envelope(statement=statement.to_bytes())


KEPT = {
    "another's signature": lambda country: country.keep(country.envelope(2)),
    "another text": lambda country: country.keep(replace(country.envelope(), statement=country.request().statement.to_bytes())),
    "another petition": lambda country: country.keep(other_statement(country)),
    "no statement": lambda country: country.keep(country.envelope(statement=b"I agree")),
    "another tier": lambda country: country.keep(
        country.envelope(statement=replace(country.request().statement, tier="desktop").to_bytes())
    ),
    "another hour": lambda country: country.keep(country.envelope(), hour=hour_number(country.now) - 1),
    "another time": lambda country: country.keep(
        replace(country.envelope(), received_ms=int((country.now - timedelta(days=60)).timestamp() * 1000)),
        hour=hour_number(country.now - timedelta(days=60)),
    ),
    "another form": lambda country: country.keep(replace(country.envelope(), form=Form.XML)),
    "no envelope": lambda country: country.keep(Nothing()),
}  # fmt: skip


class Nothing:
    """What is no envelope."""

    def to_bytes(self):
        return b"nothing"


@pytest.mark.parametrize("what", KEPT)
def test_evidence_that_does_not_prove_its_leaf_is_found(country, what):
    country.sign(7)
    KEPT[what](country)
    audit = country.audit()
    assert [finding.index for finding in audit.findings] == [FIRST + 1]


@pytest.mark.parametrize("person", [1, 2])
def test_the_act_of_an_office_is_its_signers(country, person):
    evidence = Evidence(
        country.keys.person(f"iin|{citizen(1).iin}"), country.envelope(person).to_bytes(), bytes(16), "mobile"
    )
    with (
        closing(sqlite.connect(country.places.database)) as connection,
        sqlite.transaction(connection, country.places.database),
    ):
        append_signed(
            connection, country.keys, "petition/1", evidence,
            lambda commitment: Withdrawn(commitment=commitment, moment="2026-11-21T00:00:00Z", subject="petition/1"),
        )  # fmt: skip
    assert [finding.index for finding in country.audit().findings] == ([] if person == 1 else [FIRST])
