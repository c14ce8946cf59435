"""The national authority's public test key, out of its PKCS #12 file: enough of RFC 7292 to sign with it, and no more."""

import hashlib

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from dauys.demo import der
from dauys.demo.keys import GostKey
from dauys.demo.pki import Signatory
from dauys.identity import gost, tlv
from dauys.identity.certificates import Certificate
from dauys.identity.cms import SignedMessage

PBE_SHA1_3DES = der.oid("1.2.840.113549.1.12.1.3")  # RFC 7292 appendix C


def signatory(vectors):
    """The test person with key and certificate, which the signatures of the vectors bring along."""
    (file,) = (vectors / "test_p12").glob("*.p12")
    scalar = _scalar(file.read_bytes(), file.stem.rpartition("_")[2])
    message = SignedMessage.load((vectors / "cms" / "gost512_detached.cms").read_bytes())
    certificates = map(Certificate.load, message.certificates)
    (own,) = (one for one in certificates if gost.public_key(scalar) in one.public_key_info)
    return Signatory(GostKey(scalar), own.der, own.issuer, own.serial.to_bytes(20, "big"))


def _scalar(file, password):
    """The key bag's one secret: the number in the PKCS #8 structure, little-endian."""
    start = file.index(PBE_SHA1_3DES) - 2
    parameters, encrypted = tlv.children(der.tlv(0x30, file[start : start + 42 + 114]))
    _, chosen = tlv.children(parameters)
    salt, iterations = tlv.children(chosen)
    key, vector = (_derived(password, tlv.value(salt), tlv.integer(iterations), *what) for what in ((1, 24), (2, 8)))
    decryptor = Cipher(TripleDES(key), modes.CBC(vector)).decryptor()
    plain = decryptor.update(tlv.value(encrypted)) + decryptor.finalize()
    *_, secret = tlv.children(tlv.whole(plain[: -plain[-1]]))
    return int.from_bytes(tlv.value(tlv.whole(tlv.value(secret))), "little")


def _derived(password, salt, iterations, purpose, size):
    """RFC 7292 appendix B.2 with SHA-1, for at most two blocks."""

    def filled(data):
        return (data * 64)[: -(-len(data) // 64) * 64]

    block, found = filled(salt) + filled((password + "\0").encode("utf-16-be")), b""
    while len(found) < size:
        digest = bytes((purpose,)) * 64 + block
        for _ in range(iterations):
            digest = hashlib.sha1(digest).digest()
        added = int.from_bytes((digest * 4)[:64], "big") + 1
        parts = (int.from_bytes(block[start : start + 64], "big") for start in range(0, len(block), 64))
        block = b"".join(((part + added) % 2**512).to_bytes(64, "big") for part in parts)
        found += digest
    return found[:size]
