"""Raw signature bytes with the certificate apart, as the national apps return them."""

import json
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from dauys.identity import cms
from dauys.identity.cms_checks import certificate_of
from dauys.identity.raw_checks import verify_raw
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Outcome, Stage
from dauys.identity.verify import Purpose
from made_certificates import SINCE, Maker
from made_gost import KINDS, GostKey, made_over

TEXT = b"I sign these bytes."


def code(verdict):
    return verdict.error and verdict.error.code


@pytest.fixture(scope="module")
def store():
    maker = Maker("NCA")
    return maker, TrustStore.of([maker.authority(maker)], Profile.TEST)


@pytest.mark.parametrize("kind", KINDS)
def test_gost(kind):
    maker, authority, key = Maker("NCA"), GostKey(kind, 11), GostKey(kind, 12)
    trust = TrustStore.of([made_over(maker.authority(maker), authority, authority)], Profile.TEST)
    person = made_over(maker.person(), key, authority).der
    signature = key.sign(TEXT)
    anyone = Purpose.ANY_SIGNING
    verdict = verify_raw(signature, person, TEXT, trust, SINCE, purpose=anyone)
    assert code(verdict) is None
    assert verdict.signer.iin.digits == "123456789011"
    asked = [check.stage for check in verdict.checks if check.outcome is Outcome.PASSED]
    assert {Stage.FORM, Stage.SIGNER, Stage.CONTENT, Stage.SIGNATURE, Stage.CHAIN, Stage.TIME, Stage.PURPOSE} == set(
        asked
    )
    assert json.dumps(verdict.report("kk"))
    current = kind == "2015-512"
    assert code(verify_raw(signature, person, TEXT, trust, SINCE)) == (None if current else "algorithm-retired")
    for changed in (signature[::-1], signature[:-1], b"", signature + b"\0", bytes(len(signature))):
        assert code(verify_raw(changed, person, TEXT, trust, SINCE, purpose=anyone)) == "signature-invalid"
    assert code(verify_raw(signature, person, TEXT + b" ", trust, SINCE, purpose=anyone)) == "signature-invalid"
    assert code(verify_raw(signature, person, None, trust, SINCE, purpose=anyone)) == "content-missing"


def test_rsa(store):
    maker, trust = store
    key = rsa.generate_private_key(65537, 2048)
    signature = key.sign(TEXT, padding.PKCS1v15(), hashes.SHA256())
    person = maker.person(key=key).der
    assert verify_raw(signature, person, TEXT, trust, SINCE).valid
    assert verify_raw(signature, b64encode(person), TEXT, trust, SINCE).valid
    assert code(verify_raw(signature[:-1], person, TEXT, trust, SINCE)) == "signature-invalid"
    other = maker.person(key=rsa.generate_private_key(65537, 2048)).der
    assert code(verify_raw(signature, other, TEXT, trust, SINCE)) == "signature-invalid"


def test_what_has_no_national_raw_form_is_no_algorithm(store):
    maker, trust = store
    key = ec.generate_private_key(ec.SECP256R1())
    verdict = verify_raw(key.sign(TEXT, ec.ECDSA(hashes.SHA256())), maker.person(key=key).der, TEXT, trust, SINCE)
    assert (code(verdict), verdict.deciding) == ("algorithm-unknown", Stage.SIGNER)


def test_a_stranger_signs_well_and_is_not_believed():
    maker, key = Maker("NCA"), GostKey("2015-512", 12)
    trust = TrustStore.of([Maker("NCA").authority(maker)], Profile.TEST)
    forged = made_over(maker.person(), key, GostKey("2015-512", 11))
    assert code(verify_raw(key.sign(TEXT), forged.der, TEXT, trust, SINCE)) == "issuer-untrusted"


@pytest.mark.parametrize("certificate", [b"", b"a letter", b"\x30\x03\x02\x01\x00"])
def test_no_certificate(store, certificate):
    verdict = verify_raw(bytes(128), certificate, TEXT, store[1], SINCE)
    assert (code(verdict), verdict.deciding) == ("certificate-malformed", Stage.FORM)


def test_the_bytes_inside_a_real_signature(vectors, national_test, at):
    """A CMS signs the DER of its attributes: those bytes and its value are a raw signature by the same key."""
    message = cms.SignedMessage.load((vectors / "cms" / "gost512_attached.cms").read_bytes())
    (entry,) = message.signers
    leaf = certificate_of(entry, message.certificates)
    assert verify_raw(entry.signature, leaf.der, entry.signed, national_test, at).valid
    assert code(verify_raw(entry.signature, leaf.der, entry.signed[:-1], national_test, at)) == "signature-invalid"


def test_every_stage_is_told(store):
    maker, trust = store
    key = rsa.generate_private_key(65537, 2048)
    signature = key.sign(TEXT, padding.PKCS1v15(), hashes.SHA256())
    verdict = verify_raw(signature, maker.person(key=key).der, TEXT, trust, SINCE)
    assert [check.stage for check in verdict.checks] == list(Stage)
    unasked = {check.stage for check in verdict.checks if check.outcome is Outcome.NOT_ASKED}
    assert unasked == {Stage.ATTRIBUTES, Stage.TIMESTAMP, Stage.REVOCATION}
