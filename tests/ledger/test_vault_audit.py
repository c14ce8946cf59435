"""An operator cannot keep other evidence than what the leaves say without an auditor of the vault finding it."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from dauys.demo.people import citizen
from dauys.ledger import sqlite
from dauys.ledger.envelope import Form
from dauys.ledger.erasure import erase, forgetting
from dauys.ledger.moments import hour_number
from dauys.ledger.office_acts import Evidence, append_signed
from dauys.ledger.opener import OperatorOpener
from dauys.ledger.petition_leaves import Withdrawn
from dauys.ledger.vault_audit import VaultAudit
from vault_country import FIRST, make_country


@pytest.fixture
def country(tmp_path, authorities):
    return make_country(tmp_path / "var", authorities)


def test_every_form_of_evidence_is_sound(country):
    for number, form in enumerate((Form.CMS, Form.XML, Form.RAW)):
        country.sign(number, form)
    audit, seen = country.audit(), []
    assert (audit.findings, dict(audit.forms), audit.erased) == ([], {"CMS": 1, "XML": 1, "RAW": 1}, 0)
    with closing(sqlite.connect(country.places.database)) as connection:
        VaultAudit(connection, OperatorOpener(connection, country.keys), country.trust).run(
            lambda *told: seen.append(told)
        )
    assert seen == [(3, 3)]


def test_an_erased_person_is_counted_and_nothing_else(country):
    country.sign(1)
    country.sign(2)
    with forgetting(country.places) as connection:
        erase(connection, [FIRST], "asked", country.now)
    audit = country.audit()
    assert (audit.findings, audit.erased, audit.forms.total()) == ([], 1, 1)


def test_evidence_that_is_gone_without_an_entry_that_says_so_is_found(country):
    country.sign(1)
    country.sign(2)
    country.execute("DELETE FROM ledger_envelope_key WHERE idx = ?", (FIRST,))
    assert [finding.index for finding in country.audit().findings] == [FIRST]
    with forgetting(country.places) as connection:
        erase(connection, [FIRST + 1], "asked", country.now)
    # an erasure in the log covers the acts that it was committed to, and no others
    country.execute("INSERT INTO ledger_erased SELECT ?, idx FROM ledger_erasure", (FIRST,))
    assert [finding.index for finding in country.audit().findings] == [FIRST, FIRST + 1]


def test_a_lost_key_of_a_subject_is_no_erasure(country):
    country.sign(1)
    country.execute("DELETE FROM ledger_subject_key WHERE subject_id = 1")
    assert [finding.index for finding in country.audit().findings] == [FIRST]


def test_evidence_of_another_act_does_not_open(country):
    country.sign(1)
    country.sign(2)
    for table, columns in (("ledger_envelope", "segment, offset, length"), ("ledger_envelope_key", "wrapped")):
        other = f"(SELECT {columns} FROM {table} WHERE idx = {FIRST + 1})"
        country.execute(f"UPDATE {table} SET ({columns}) = {other} WHERE idx = {FIRST}")
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


def test_a_declared_citizenship_that_the_rules_do_not_ask_for_is_found(country):
    country.sign(1)
    assert country.audit().findings == []
    country.execute("UPDATE ledger_subject SET citizens_only = 0")
    assert [finding.index for finding in country.audit().findings] == [FIRST]
