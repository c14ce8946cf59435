import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from dauys.errors import CertificateMalformed, SignatureInvalid
from dauys.identity.armor import certificate_der
from dauys.identity.certificates import Certificate
from dauys.identity.subjects import Kind
from made_certificates import Maker

KINDS = {
    "individual_valid_individual_valid": Kind.PERSON,
    "legal_valid_employee": Kind.EMPLOYEE,
    "legal_valid_employee_signright": Kind.SIGN_RIGHT,
    "legal_valid_head": Kind.HEAD,
    "legal_valid_infosystem": Kind.TREASURY,
    "legal_valid_treasury_client": Kind.SYSTEM,
}


def test_a_person_of_the_national_profile(certificate):
    person = certificate("test_leaf/individual_valid_individual_valid.cer")
    assert person.holder.common_name == "ТЕСТОВ ТЕСТ"
    assert person.holder.personal_number == "123456789011"
    assert person.holder.business_number is None
    assert person.key_algorithm == "GOST 34.10-2015-512"
    assert f"{person.serial:040x}" == "6c425659bd2fc6dc587b871aede1857727cf8451"
    assert person.subject_key == bytes.fromhex("ec425659bd2fc6dc587b871aede1857727cf8451")
    assert str(person.not_before) == "2026-05-08 06:45:13+00:00"
    assert not person.is_authority
    assert not person.is_self_issued


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_the_kind_of_holder(certificate, name, kind):
    assert certificate(f"test_leaf/{name}.cer").kind is kind


def test_an_organisation_is_named_beside_its_person(certificate):
    head = certificate("test_leaf/legal_valid_head.cer")
    assert (head.holder.personal_number, head.holder.business_number) == ("123456789011", "123456789021")


def test_a_certificate_does_not_print_its_holder(certificate):
    person = certificate("test_leaf/individual_valid_individual_valid.cer")
    assert "123456789011" not in repr(person) + repr(person.holder)


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ("root_gost_2020.cer", "root_gost_2020.cer"),
        ("btsd_gost.cer", "root_gost_2020.cer"),
        ("ucgo_gost.cer", "root_gost_2020.cer"),
        ("root_gost.pem", "root_gost.pem"),
        ("nca_gost.pem", "root_gost.pem"),
    ],
)
def test_every_certificate_of_2004_is_signed_by_its_issuer_and_no_other(certificate, name, issuer):
    old = certificate(f"ca_prod/{name}")
    assert old.key_algorithm == "GOST 34.310-2004"
    old.check_signed_by(certificate(f"ca_prod/{issuer}"))
    for other in {"root_gost_2020.cer", "root_gost.pem", "nca_gost.pem", "root_gost_2022.pem"} - {issuer}:
        with pytest.raises(SignatureInvalid):
            old.check_signed_by(certificate(f"ca_prod/{other}"))


def test_issuers_signed_and_others_did_not(certificate):
    leaf = certificate("test_leaf/individual_valid_individual_valid.cer")
    leaf.check_signed_by(certificate("ca_test/nca_gost2022_test.cer"))
    with pytest.raises(SignatureInvalid):
        leaf.check_signed_by(certificate("ca_test/root_test_gost_2022.cer"))
    with pytest.raises(SignatureInvalid):
        leaf.check_signed_by(certificate("ca_prod/root_rsa_2020.cer"))


def test_ecdsa_certificates_are_read():
    maker = Maker("ROOT")
    root = maker.authority(maker)
    assert root.key_algorithm == "ECDSA secp256r1"
    root.check_signed_by(root)


@pytest.mark.parametrize(
    "numbers",
    [
        ["IIN123456789011", "IIN123456789012"],
        ["123456789011"],
        ["IIN12345678901"],
        ["IIN1234567890112"],
        ["iin123456789011"],
        [],
    ],
)
def test_a_name_without_one_plain_number_names_nobody(numbers):
    maker = Maker("ROOT")
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "A")]
        + [x509.NameAttribute(NameOID.SERIAL_NUMBER, number) for number in numbers]
    )
    assert maker.issue(subject, maker.key).holder.personal_number is None


def test_inner_and_outer_algorithm_must_agree(certificate):
    der = certificate("test_leaf/individual_valid_individual_valid.cer").der
    place = der.rindex(bytes.fromhex("2a830e030a01010203") + b"\x02")
    with pytest.raises(CertificateMalformed, match="contradict"):
        Certificate.load(der[: place + 9] + b"\x01" + der[place + 10 :])


def test_only_version_three_is_read(certificate):
    der = certificate("test_leaf/individual_valid_individual_valid.cer").der
    with pytest.raises(CertificateMalformed, match="contradict"):
        Certificate.load(der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020101"), 1))


def test_a_signature_is_whole_bytes(vectors):
    leaves = [Certificate.load(certificate_der(path.read_bytes())) for path in (vectors / "test_leaf").iterdir()]
    der = next(leaf.der for leaf in leaves if leaf.der[-1] % 2 == 0)
    with pytest.raises(CertificateMalformed, match="damaged"):
        Certificate.load(der[:-129] + b"\x01" + der[-128:])


def test_an_extension_stands_once():
    twice = [
        (x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.2.3.{last}"), b"\x05\x00"), False) for last in (4, 5)
    ]
    der = Maker("ROOT").person(extra=twice).der
    with pytest.raises(CertificateMalformed, match="repeated"):
        Certificate.load(der.replace(bytes.fromhex("06032a0305"), bytes.fromhex("06032a0304")))


def test_a_huge_certificate_is_not_even_read():
    with pytest.raises(CertificateMalformed, match="larger than"):
        Certificate.load(b"\x30\x83\x01\x00\x00" + bytes(65536))


@pytest.mark.parametrize(
    "damage", [lambda der: der[:-1], lambda der: der + b"\x00", lambda _: b"", lambda _: b"\x30\x00"]
)
def test_damage_is_malformed(certificate, damage):
    with pytest.raises(CertificateMalformed):
        Certificate.load(damage(certificate("test_leaf/individual_valid_individual_valid.cer").der))
