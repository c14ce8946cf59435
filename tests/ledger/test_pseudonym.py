import pytest

from dauys.errors import ProofInvalid
from dauys.ledger.pseudonym import check, prove, pseudonym
from dauys.translog import vrf

SECRET = vrf.generate()


def test_one_person_has_one_pseudonym_under_a_subject():
    assert pseudonym(SECRET, "petition/1", "iin|990101300123") == pseudonym(SECRET, "petition/1", "iin|990101300123")


def test_pseudonyms_of_a_person_under_two_subjects_cannot_be_linked():
    assert pseudonym(SECRET, "petition/1", "iin|990101300123") != pseudonym(SECRET, "petition/2", "iin|990101300123")


def test_subject_and_person_cannot_be_confused():
    names = {
        pseudonym(SECRET, subject, person)
        for subject in ("petition/1", "petition/11")
        for person in ("iin|1", "iin|11", "email|1")
    }
    assert len(names) == 6


def test_a_proof_shows_the_only_possible_pseudonym():
    name, proof = prove(SECRET, "petition/1", "iin|1")
    assert name == pseudonym(SECRET, "petition/1", "iin|1")
    assert check(vrf.public(SECRET), "petition/1", "iin|1", proof) == name
    with pytest.raises(ProofInvalid):
        check(vrf.public(SECRET), "petition/1", "iin|2", proof)
