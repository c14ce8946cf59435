import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dauys.errors import AlgorithmUnknown, CertificateMalformed
from dauys.identity import algorithms, asn1, gost
from dauys.identity.algorithms import Family, Signature
from dauys.identity.keys import PublicKey


def info(key):
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "RSA 1024"),
        (lambda: ec.generate_private_key(ec.SECP521R1()), "ECDSA secp521r1"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "ECDSA secp256k1"),
        (ed25519.Ed25519PrivateKey.generate, "Ed25519"),
    ],
)
def test_weak_and_unlisted_keys_are_named(key, algorithm):
    with pytest.raises(AlgorithmUnknown) as caught:
        PublicKey.load(info(key()))
    assert caught.value.facts == {"algorithm": algorithm}


def test_rsa_with_the_national_hash_is_no_algorithm():
    key = PublicKey.load(info(rsa.generate_private_key(65537, 2048)))
    with pytest.raises(AlgorithmUnknown, match="RSA with Streebog-512"):
        key.verify(Signature(Family.RSA, None), algorithms.STREEBOG512, b"", bytes(256))


def gost_info(key, parameters="1.2.398.3.10.1.3.3"):
    curve = algorithms.identifier("1.2.398.3.10.1.1.2.2.1", asn1.encode_oid(asn1.ObjectIdentifier(parameters)))
    octets = b"\x04" + asn1._length(len(key)) + key
    bits = b"\x03" + asn1._length(len(octets) + 1) + b"\x00" + octets
    return asn1.enclose(algorithms.identifier(algorithms.GOST_KEY, curve) + bits)


def test_a_gost_key_is_read():
    assert PublicKey.load(gost_info(gost.public_key(7))).name == "GOST 34.10-2015-512"


def test_a_gost_key_of_another_length_is_damaged():
    with pytest.raises(CertificateMalformed):
        PublicKey.load(gost_info(gost.public_key(7)[:-1]))


def test_other_parameters_are_another_algorithm():
    with pytest.raises(AlgorithmUnknown):
        PublicKey.load(gost_info(gost.public_key(7), "1.2.398.3.10.1.3.2"))


@pytest.mark.parametrize("data", [b"", b"\x30\x00", b"\x30\x03\x02\x01\x00"])
def test_no_key_at_all(data):
    with pytest.raises(CertificateMalformed):
        PublicKey.load(data)


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        (algorithms.identifier("1.2.840.113549.1.1.5", b"\x05\x00"), "RSA with SHA-1"),
        (algorithms.identifier("1.2.840.113549.1.1.10"), "RSA-PSS"),
        (algorithms.identifier("1.3.6.1.4.1.6801.1.2.2"), "GOST 34.310-2004 of before 2017"),
        (algorithms.identifier("1.2.3.4"), "1.2.3.4"),
        (b"", "?"),
        (b"\x30\x02\x02\x00", "?"),
    ],
)
def test_unlisted_algorithms_are_named(identifier, name):
    for look_up in (algorithms.signature, algorithms.digest):
        with pytest.raises(AlgorithmUnknown) as caught:
            look_up(identifier)
        assert caught.value.facts == {"algorithm": name}


def test_parameters_are_part_of_the_name():
    with pytest.raises(AlgorithmUnknown):
        algorithms.digest(algorithms.identifier("2.16.840.1.101.3.4.2.1", b"\x02\x01\x00"))
