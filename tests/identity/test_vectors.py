"""The verdict on every signature and certificate of the shared vectors, with the stage that decides it."""

import datetime as dt
import json

import pytest

from dauys.identity.verdict import Outcome, Stage
from dauys.identity.verify import Purpose, verify_certificate, verify_cms

LEAVES = [
    "gokalkan_gost2_individual_2023", "individual_valid_individual_valid", "individual_revoked_individual_revoked",
    *(f"legal_{state}_{role}" for state in ("valid", "revoked")
      for role in ("employee", "employee_signright", "head", "infosystem", "treasury_client")),
]  # fmt: skip
VALID = (Stage.PURPOSE, None)
VALID_PERSON = (Stage.PERSON, None)
CONTENT = True

# file, content given, purpose → stage, code
SIGNATURES = [
    ("gost512_attached.cms", None, Purpose.PERSON_SIGNING, VALID_PERSON),
    ("gost512_attached.cms", CONTENT, Purpose.PERSON_SIGNING, VALID_PERSON),
    ("gost512_detached.cms", CONTENT, Purpose.PERSON_SIGNING, VALID_PERSON),
    ("gost512_detached.cms", None, Purpose.PERSON_SIGNING, (Stage.CONTENT, "content-missing")),
    ("gost512_attached_ber.cms", None, Purpose.PERSON_SIGNING, VALID_PERSON),
    ("rsa2048_attached.cms", CONTENT, Purpose.ANY_SIGNING, VALID),
    ("rsa2048_attached.cms", CONTENT, Purpose.PERSON_SIGNING, (Stage.PURPOSE, "wrong-purpose")),
    ("gost2015+rsa_two_signers_attached.cms", None, Purpose.ANY_SIGNING, (Stage.SIGNER, "many-signers")),
    ("gost2015+rsa_two_signers_detached.cms", CONTENT, Purpose.ANY_SIGNING, (Stage.SIGNER, "many-signers")),
    # Their root is not public: the signature holds, the chain ends nowhere.
    ("rsa_attached_CmsIntegrationTest.cms", None, Purpose.PERSON_SIGNING, (Stage.CHAIN, "issuer-untrusted")),
    ("rsa_attached_CmsServiceTest.cms", None, Purpose.PERSON_SIGNING, (Stage.CHAIN, "issuer-untrusted")),
    ("rsa_attached_CmsServiceTest.cms", CONTENT, Purpose.PERSON_SIGNING, (Stage.CONTENT, "content-differs")),
]

# file, year of judging (None: today) → stage, code
PRODUCTION = [
    ("root_gost_2022.pem", None, VALID),
    ("nca_gost_2022.pem", None, VALID),
    ("root_rsa_2020.cer", None, VALID),
    ("nca_rsa_2022.cer", None, VALID),
    ("root_rsa.pem", None, (Stage.TIME, "certificate-expired")),
    ("nca_rsa.pem", None, (Stage.TIME, "certificate-expired")),
    ("root_rsa.pem", 2020, VALID),
    ("nca_rsa.pem", 2020, VALID),
    ("nca_rsa.pem", 2017, (Stage.TIME, "certificate-not-yet-valid")),
    ("nca_gost_2022.pem", 2021, (Stage.TIME, "certificate-not-yet-valid")),
    ("nca_gost_2022.pem", 2046, (Stage.TIME, "certificate-expired")),
    # GOST 34.310-2004 with GOST 34.311-95.
    *((name, 2023, VALID)
      for name in ("root_gost.pem", "nca_gost.pem", "root_gost_2020.cer", "ucgo_gost.cer", "btsd_gost.cer")),
    ("root_gost.pem", None, (Stage.TIME, "certificate-expired")),
    ("nca_gost.pem", None, (Stage.TIME, "certificate-expired")),
    ("root_gost_2020.cer", None, VALID),
]  # fmt: skip
TEST = [
    ("root_test_gost_2022.cer", VALID),
    ("nca_gost2022_test.cer", VALID),
    ("nca_gost2015_test.cer", VALID),
    ("nca_gost_test.crt", (Stage.CHAIN, "issuer-untrusted")),
    ("nca_rsa_test.crt", (Stage.CHAIN, "issuer-untrusted")),
]


def outcome(verdict):
    unasked = {Stage.TIMESTAMP, Stage.REVOCATION, Stage.PERSON}
    assert all(check.passed or check.stage in unasked for check in verdict.checks[:-1])
    assert verdict.checks[-1].outcome is not Outcome.FAILED or not verdict.valid
    assert json.dumps(verdict.report("kk"))
    return verdict.deciding, verdict.error and verdict.error.code


def year(number):
    return dt.datetime(number, 6, 1, tzinfo=dt.UTC) if number else dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("case", SIGNATURES)
def test_signatures(vectors, national_test, message, at, case):
    name, given, purpose, expected = case
    signature = (vectors / "cms" / name).read_bytes()
    assert outcome(verify_cms(signature, given and message, national_test, at, purpose=purpose)) == expected


@pytest.mark.parametrize(("name", "when", "expected"), PRODUCTION)
def test_production_authorities(vectors, national, name, when, expected):
    data = (vectors / "ca_prod" / name).read_bytes()
    verdict = verify_certificate(data, national, year(when), Purpose.AUTHORITY)
    assert outcome(verdict) == expected


@pytest.mark.parametrize(("name", "expected"), TEST)
def test_test_authorities(vectors, national_test, at, name, expected):
    data = (vectors / "ca_test" / name).read_bytes()
    assert outcome(verify_certificate(data, national_test, at, Purpose.AUTHORITY)) == expected


@pytest.mark.parametrize("name", LEAVES)
def test_test_leaves(vectors, national_test, at, name):
    data = (vectors / "test_leaf" / f"{name}.cer").read_bytes()
    expired = (Stage.TIME, "certificate-expired")
    anyone = verify_certificate(data, national_test, at)
    person = verify_certificate(data, national_test, at, Purpose.PERSON_SIGNING)
    if name.startswith("gokalkan"):
        assert outcome(anyone) == outcome(person) == expired
        assert outcome(verify_certificate(data, national_test, year(2024), Purpose.PERSON_SIGNING)) == VALID_PERSON
    else:
        assert outcome(anyone) == VALID
        is_person = name.startswith("individual")
        assert outcome(person) == (VALID_PERSON if is_person else (Stage.PURPOSE, "wrong-purpose"))


def test_nothing_of_the_vectors_was_left_out(vectors):
    named = {name for name, *_ in [*SIGNATURES, *PRODUCTION, *TEST]} | {f"{name}.cer" for name in LEAVES}
    there = {
        path.name for folder in ("cms", "ca_prod", "ca_test", "test_leaf") for path in (vectors / folder).iterdir()
    }
    assert there - named == {"message.bin", "rsa_root.cer", "rsa_ca.cer", "rsa_leaf.cer"}


def test_the_hierarchy_made_for_this_project(vectors, national_test, at):
    for name, purpose in (("root", Purpose.AUTHORITY), ("ca", Purpose.AUTHORITY), ("leaf", Purpose.ANY_SIGNING)):
        data = (vectors / "cms" / f"rsa_{name}.cer").read_bytes()
        assert outcome(verify_certificate(data, national_test, at, purpose)) == VALID


def test_production_trusts_nothing_of_the_test_hierarchy(vectors, national, message, at):
    for name in ("gost512_attached.cms", "rsa2048_attached.cms"):
        verdict = verify_cms((vectors / "cms" / name).read_bytes(), message, national, at, purpose=Purpose.ANY_SIGNING)
        assert outcome(verdict) == (Stage.CHAIN, "issuer-untrusted")
