"""What a verification must refuse, one thing at a time, and what its verdict tells."""

import datetime as dt
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    pkcs7,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from dauys.errors import CertificateExpired, SignatureRejected
from dauys.identity.revocation import RevocationList
from dauys.identity.subjects import Kind
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Outcome, Stage
from dauys.identity.verify import Purpose, verify_certificate, verify_cms
from made_certificates import PERSON, SINCE, UNTIL, Maker

NOW = SINCE + dt.timedelta(days=30)
TEXT = b"I sign this."
OTHER = x509.ObjectIdentifier("1.2.398.3.3.4.1.2.1")


@pytest.fixture(scope="module")
def world():
    root, middle = Maker("ROOT"), Maker("NCA")
    trust = TrustStore.of([root.authority(root), root.authority(middle)], Profile.TEST)
    return middle, trust


def judged(world, *, at=NOW, purpose=Purpose.PERSON_SIGNING, **options):
    middle, trust = world
    verdict = verify_certificate(middle.person(**options).der, trust, at, purpose)
    return verdict.error and verdict.error.code


def test_a_person_signs_with_ecdsa(world):
    middle, trust = world
    key = ec.generate_private_key(ec.SECP256R1())
    person = middle.person(key=key)
    signature = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(TEXT)
        .add_signer(x509.load_der_x509_certificate(person.der), key, hashes.SHA256())
        .sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    assert verify_cms(signature, TEXT, trust, NOW).require().iin.digits == "123456789011"
    assert verify_cms(signature, TEXT + b" ", trust, NOW).error.code == "content-differs"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, None),
        ({"signs": ("content_commitment",)}, None),
        ({"signs": ("key_encipherment",)}, "wrong-key-usage"),
        ({"signs": ()}, "wrong-key-usage"),
        ({"purposes": [ExtendedKeyUsageOID.CLIENT_AUTH, PERSON[1]]}, "wrong-key-usage"),
        ({"purposes": [PERSON[0]]}, "wrong-purpose"),
        ({"purposes": [*PERSON, OTHER]}, "wrong-purpose"),
        ({"purposes": [*PERSON, x509.ObjectIdentifier("1.2.398.3.3.4.1.1.1")]}, "wrong-purpose"),
        ({"purposes": []}, "wrong-purpose"),
        ({"extra": [(x509.BasicConstraints(ca=True, path_length=None), True)]}, "wrong-purpose"),
        ({"number": "IIN000000000000"}, "person-unknown"),
        ({"number": None}, "person-unknown"),
        ({"number": "BIN123456789021"}, "person-unknown"),
    ],
)
def test_what_a_person_may_sign_with(world, options, code):
    assert judged(world, **options) == code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"signs": (), "purposes": []}, None),
        ({"number": None}, None),
        ({"purposes": [PERSON[0], OTHER]}, None),
        ({"purposes": [OTHER]}, None),
        ({"purposes": [ExtendedKeyUsageOID.CLIENT_AUTH, PERSON[1]]}, "wrong-key-usage"),
        ({"purposes": [ExtendedKeyUsageOID.SERVER_AUTH]}, "wrong-key-usage"),
        ({"signs": ("key_agreement",)}, "wrong-key-usage"),
        ({"extra": [(x509.BasicConstraints(ca=True, path_length=None), True)]}, "wrong-purpose"),
    ],
)
def test_what_anyone_may_sign_with(world, options, code):
    assert judged(world, purpose=Purpose.ANY_SIGNING, **options) == code


def test_a_signers_certificate_is_no_authority(world):
    assert judged(world, purpose=Purpose.AUTHORITY) == "wrong-purpose"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (SINCE - dt.timedelta(seconds=1), "certificate-not-yet-valid"),
        (SINCE, None),
        (UNTIL, None),
        (UNTIL + dt.timedelta(seconds=1), "certificate-expired"),
    ],
)
def test_both_ends_of_the_validity_count_in(world, at, code):
    assert judged(world, at=at) == code


def test_the_whole_chain_must_be_valid_at_the_time():
    root, middle = Maker("ROOT"), Maker("NCA")
    short = root.authority(middle, until=NOW - dt.timedelta(days=1))
    trust = TrustStore.of([root.authority(root), short], Profile.TEST)
    verdict = verify_certificate(middle.person().der, trust, NOW, Purpose.PERSON_SIGNING)
    assert isinstance(verdict.error, CertificateExpired)
    assert verdict.error.facts == {"until": (NOW - dt.timedelta(days=1)).date()}


def test_a_demand_that_is_not_understood(world):
    unknown = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)
    assert judged(world, extra=[unknown]) == "certificate-malformed"
    assert judged(world, extra=[(unknown[0], False)]) is None


def test_revocation_is_judged_where_a_source_is_given(world):
    middle, trust = world
    issuer = next(a.certificate for a in trust.authorities if a.issuer)
    listed = RevocationList.load(middle.revocation_list([(77, NOW, None)]), issuer)
    for serial, code in ((77, "certificate-revoked"), (78, None)):
        person = middle.person(serial=serial).der
        verdict = verify_certificate(person, trust, NOW, Purpose.PERSON_SIGNING, listed)
        assert (verdict.error and verdict.error.code) == code
        assert Stage.REVOCATION in [check.stage for check in verdict.checks]
    late = verify_certificate(
        person, trust, UNTIL, Purpose.PERSON_SIGNING, RevocationList.load(middle.revocation_list(until=NOW), issuer)
    )
    assert late.error.code == "revocation-unknown"


def test_the_test_profile_alone_forgives_the_check_digit(world):
    middle, trust = world
    strict = TrustStore([a.certificate for a in trust.authorities], Profile.PRODUCTION)
    person = middle.person().der
    assert verify_certificate(person, strict, NOW, Purpose.PERSON_SIGNING).error.code == "person-unknown"
    assert verify_certificate(person, trust, NOW, Purpose.PERSON_SIGNING).valid


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "cms-malformed"),
        (b"\x30\x00", "cms-malformed"),
        (b"0" * 65537, "cms-too-large"),
        (b"\x30\x80\x00\x00", "cms-malformed"),
        (b"a letter", "cms-malformed"),
        (b"\xff" * 100, "cms-malformed"),
    ],
)
def test_what_is_no_signature(world, data, code):
    verdict = verify_cms(data, TEXT, world[1], NOW)
    assert (verdict.deciding, verdict.error.code, verdict.signer) == (Stage.FORM, code, None)


def test_what_is_no_certificate(world):
    verdict = verify_certificate(b"a letter", world[1], NOW)
    assert (verdict.deciding, verdict.error.code, verdict.signer) == (Stage.FORM, "certificate-malformed", None)


def test_a_verdict_tells_stages_signer_and_reason(vectors, national_test, message, at):
    verdict = verify_cms((vectors / "cms" / "gost512_detached.cms").read_bytes(), message, national_test, at)
    assert [check.stage for check in verdict.checks] == list(Stage)
    unasked = [check.stage for check in verdict.checks if check.outcome is Outcome.NOT_ASKED]
    assert unasked == [Stage.TIMESTAMP, Stage.REVOCATION]
    signer = verdict.require()
    assert (signer.common_name, signer.kind, signer.algorithm) == ("ТЕСТОВ ТЕСТ", Kind.PERSON, "GOST 34.10-2015-512")
    assert "123456789011" not in repr(verdict)
    assert json.loads(json.dumps(verdict.report()))["signer"]["iin"] == "123456789011"


def test_a_refusal_raises_its_error_and_still_names_the_claim(vectors, national, message, at):
    verdict = verify_cms((vectors / "cms" / "gost512_detached.cms").read_bytes(), message, national, at)
    with pytest.raises(SignatureRejected) as caught:
        verdict.require()
    assert caught.value.code == verdict.report("ru")["code"] == "issuer-untrusted"
    assert verdict.signer.common_name == "ТЕСТОВ ТЕСТ"
    assert verdict.signer.iin is None, "the production profile does not read a test number"
    assert not verdict.checks[-1].passed
