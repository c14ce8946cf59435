"""Both kinds of key: public key, digest and signature in the layouts of the national certificates."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from dauys.demo.keys import GostKey, RsaKey
from dauys.identity import gost, streebog

# How every SubjectPublicKeyInfo of nca_gost_2022's citizens begins: algorithm, parameters, BIT STRING { OCTET STRING }.
NATIONAL_HEAD = "3081ac302306092a830e030a010102023016060a2a830e030a010102020106082a830e030a01030303818400048180"


def test_gost():
    key = GostKey(0xD5EED)
    head, public = key.public_key_info[:-128], key.public_key_info[-128:]
    assert head.hex() == NATIONAL_HEAD
    signature = key.sign(b"data")
    assert key.digest(b"data") == streebog.streebog512(b"data")
    assert gost.verify(public, key.digest(b"data"), signature)
    assert not gost.verify(public, key.digest(b"datum"), signature)


def test_rsa():
    key = RsaKey(rsa.generate_private_key(65537, 2048))
    assert key.digest(b"data") == hashlib.sha256(b"data").digest()
    load_der_public_key(key.public_key_info).verify(key.sign(b"data"), b"data", PKCS1v15(), SHA256())
