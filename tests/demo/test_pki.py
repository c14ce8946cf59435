"""The demo PKI, judged by `cryptography`, by the openssl command and by our own verifier."""

import shutil
import stat
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from dauys.demo.people import citizen
from dauys.demo.pki import ALGORITHMS, LEAF_KEYS, DemoPki
from dauys.demo.profile import Purpose
from dauys.errors import Refusal
from dauys.identity import gost, streebog

CROWD = [citizen(number) for number in range(40)]
GOST = replace(CROWD[0], algorithm="gost")
RSA = replace(CROWD[0], algorithm="rsa")
# X.520 bounds a common name to 64 characters; `cryptography` counts bytes, and Kazakh letters have two.
pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be")
openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")


def authorities(pki, algorithm):
    return [
        x509.load_der_x509_certificate((pki.trust_directory / f"demo_{role}_{algorithm}.cer").read_bytes())
        for role in ("root", "nca")
    ]


def signed_by(certificate, issuer):
    """Whether a certificate or CRL verifies under its issuer's key, without our own verifier's rules."""
    signed = getattr(certificate, "tbs_certificate_bytes", None) or certificate.tbs_certlist_bytes
    if certificate.signature_algorithm_oid.dotted_string == "1.2.840.113549.1.1.11":
        issuer.public_key().verify(certificate.signature, signed, PKCS1v15(), certificate.signature_hash_algorithm)
        return True
    # The 128 bytes after the fixed head of BIT STRING { OCTET STRING }.
    at = issuer.tbs_certificate_bytes.index(bytes.fromhex("03818400048180")) + 7
    key = issuer.tbs_certificate_bytes[at : at + 128]
    return gost.verify(key, streebog.streebog512(signed), certificate.signature)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_link_of_the_chain_is_signed(pki, now, algorithm):
    root, nca = authorities(pki, algorithm)
    leaf = x509.load_der_x509_certificate(pki.certificate(replace(CROWD[1], algorithm=algorithm), now=now))
    assert signed_by(root, root)
    assert signed_by(nca, root)
    assert signed_by(leaf, nca)
    assert leaf.issuer == nca.subject
    assert nca.issuer == root.subject == root.issuer


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_identifiers_link_the_chain(pki, now, algorithm):
    root, nca = authorities(pki, algorithm)
    leaf = x509.load_der_x509_certificate(pki.certificate(replace(CROWD[1], algorithm=algorithm), now=now))
    for lower, upper in ((root, root), (nca, root), (leaf, nca)):
        own = upper.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_KEY_IDENTIFIER).value.digest
        named = lower.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_KEY_IDENTIFIER).value.key_identifier
        assert own == named


def test_the_profile_of_a_citizen(pki, now):
    leaf = x509.load_der_x509_certificate(pki.certificate(GOST, now=now))
    name = {attribute.oid: attribute.value for attribute in leaf.subject}
    assert name[NameOID.SERIAL_NUMBER] == f"IIN{GOST.iin}"
    assert name[NameOID.SURNAME] == GOST.surname.upper()
    assert name[NameOID.GIVEN_NAME] == GOST.patronymic.upper()
    assert name[NameOID.COMMON_NAME] == f"{GOST.surname} {GOST.given_name}".upper()
    usage = leaf.extensions.get_extension_for_oid(ExtensionOID.KEY_USAGE)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert usage.value.key_agreement
    kinds = leaf.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    assert {kind.dotted_string for kind in kinds} == {"1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1", "1.2.398.3.3.4.3.2"}
    assert leaf.not_valid_before_utc == now
    assert leaf.not_valid_after_utc == now + timedelta(days=365)
    assert leaf.serial_number.bit_length() == 159
    assert "ДЕМО" in leaf.issuer.rfc4514_string()


def test_purposes_differ_where_they_must(pki, now):
    signing, login, legal = (
        x509.load_der_x509_certificate(pki.certificate(RSA, now=now, purpose=purpose)) for purpose in Purpose
    )
    usages = [leaf.extensions.get_extension_for_oid(ExtensionOID.KEY_USAGE).value for leaf in (signing, login, legal)]
    assert [usage.content_commitment for usage in usages] == [True, False, True]
    assert legal.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value == "BIN000740000728"
    assert not signing.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)


def test_certificates_of_a_crowd_are_distinct_and_rsa_keys_are_pooled(pki, now):
    leaves = [x509.load_der_x509_certificate(pki.certificate(replace(c, algorithm="rsa"), now=now)) for c in CROWD]
    assert len({leaf.serial_number for leaf in leaves}) == len(CROWD)
    assert len({leaf.public_key().public_numbers().n for leaf in leaves}) == LEAF_KEYS


def test_gost_keys_of_a_crowd_are_distinct(pki):
    assert len({pki.private_key(replace(person, algorithm="gost")).public_key_info for person in CROWD}) == len(CROWD)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_crl_lists_what_was_revoked(pki, now, algorithm):
    person = replace(CROWD[2], algorithm=algorithm)
    stolen, left = pki.enrol(person, now=now), pki.enrol(person, now=now, days=7)
    data = pki.crl(algorithm, [(stolen.serial, now, 1), (left.serial, now, 0)], now=now, number=300)
    crl = x509.load_der_x509_crl(data)
    assert signed_by(crl, authorities(pki, algorithm)[1])
    entry = crl.get_revoked_certificate_by_serial_number(int.from_bytes(stolen.serial))
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise
    assert len(crl) == 2
    assert crl.next_update_utc == now + timedelta(hours=27)
    assert crl.extensions.get_extension_for_oid(ExtensionOID.CRL_NUMBER).value.crl_number == 300


def test_an_empty_crl_is_a_crl(pki, now):
    assert len(x509.load_der_x509_crl(pki.crl("rsa", now=now))) == 0


@openssl
def test_openssl_accepts_the_rsa_chain(pki, now, tmp_path):
    leaf, root, nca = tmp_path / "leaf.cer", tmp_path / "root.pem", tmp_path / "nca.pem"
    for path, certificate in zip((root, nca), authorities(pki, "rsa"), strict=True):
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
    leaf.write_bytes(pki.certificate(RSA, now=now))
    command = ["openssl", "verify", "-x509_strict", "-CAfile", root, "-untrusted", nca, leaf]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_loaded_pki_is_the_same_one(pki, now):
    again = DemoPki.load(pki.directory)
    assert again.certificate(RSA, now=now) == pki.certificate(RSA, now=now)
    first, second = (x509.load_der_x509_certificate(one.certificate(GOST, now=now)) for one in (pki, again))
    assert first.tbs_certificate_bytes == second.tbs_certificate_bytes  # a GOST signature holds a fresh nonce


def test_private_files_are_the_owners_alone(pki):
    for path in (pki.directory / "demo-private").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_impostor_has_the_same_names_and_identifiers_but_not_the_keys(pki, tmp_path, now):
    impostor = DemoPki.create(tmp_path, now=now)
    real, fake = authorities(pki, "gost")[1], authorities(impostor, "gost")[1]
    assert fake.subject == real.subject
    assert fake.serial_number == real.serial_number
    leaf = x509.load_der_x509_certificate(impostor.certificate(GOST, now=now))
    assert signed_by(leaf, fake)
    assert not signed_by(leaf, real)


def test_a_folder_without_a_pki_is_refused(tmp_path):
    with pytest.raises(Refusal):
        DemoPki.load(tmp_path)
    (tmp_path / "demo-private").mkdir()
    (tmp_path / "demo-private/secret").write_bytes(b"short")
    (tmp_path / "demo-private/rsa.pem").write_bytes(b"-----BEGIN X-----\nAA\n-----END X-----\n")
    with pytest.raises(Refusal):
        DemoPki.load(tmp_path)
