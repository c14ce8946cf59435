"""My entry, or none of mine: told to whoever is logged in, with a file that proves it and names nobody."""

import pytest

import webworld
from petitions.test_unsigning import sign
from portal.test_signed import OTHER, PERSON, logged_in


@pytest.fixture
def petition(portal):  # noqa: ARG001 - the installation it stands on
    made = webworld.add_petition()
    sign(made, PERSON)
    return made


def look(person, number, language="en"):
    return logged_in(person).get(f"/{language}/account/own", {"petition": number})


def test_who_signed_sees_the_entry_and_who_did_not_sees_none(petition):
    mine, none = look(PERSON, petition.pk), look(OTHER, petition.pk)
    assert mine.headers["Cache-Control"] == none.headers["Cache-Control"] == "no-store"
    assert "Your signature is entry No." in mine.content.decode()
    assert "nobody signed it in your name" in none.content.decode()


@pytest.mark.parametrize("person", [PERSON, OTHER])
def test_the_proof_is_of_the_person_and_without_the_number(petition, person):
    from dauys.ledger.own_entry import read_own_entry, verify_own_entry

    _, keys = webworld.installation()
    answer = logged_in(person).post(f"/kk/account/own/{petition.pk}/proof")
    assert person.removeprefix("iin|") not in answer.content.decode()
    claim = verify_own_entry(read_own_entry(answer.content), [keys.log.verifier], person)
    assert (claim.index is None) == (person == OTHER)


@pytest.mark.parametrize("typed", ["999999", "abc", "-1", "1" * 40])
def test_no_such_petition_is_said(petition, typed):  # noqa: ARG001 - the installation it stands on
    answer = look(PERSON, typed)
    assert answer.status_code == 404
    assert "There is no petition of this number" in answer.content.decode()


def test_nobody_else_gets_in(petition, portal):
    assert portal.get("/kk/account/own").status_code == 303
    assert portal.post(f"/kk/account/own/{petition.pk}/proof").status_code == 303


def test_once_the_keys_are_gone_nobody_claims_to_know(petition):
    from dauys.desk.transactions import office_transaction

    with office_transaction() as connection:
        connection.execute(
            "DELETE FROM ledger_subject_key WHERE subject_id = (SELECT id FROM ledger_subject WHERE name = ?)",
            (petition.subject_name,),
        )
    assert "destroyed after their term" in look(PERSON, petition.pk).content.decode()
