"""Signatures and time stamps made on the spot with P-256 keys or those of `made_gost`, each part as a test wants it."""

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from dauys.demo import der
from dauys.identity import cms, timestamp
from made_certificates import name, usage

DATA = "1.2.840.113549.1.7.1"
SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
STAMPING = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
STAMPER = (STAMPING, (usage("digital_signature"), True))


def attribute(kind, *values):
    return der.sequence(der.oid(kind), der.set_of(*values))


@dataclass(frozen=True)
class Ecdsa:
    """A P-256 key with what signs in its name, as those of `made_gost`."""

    key: object
    digest_algorithm = SHA256
    signature_algorithm = ECDSA_SHA256

    def digest(self, data):
        return hashlib.sha256(data).digest()

    def sign(self, data):
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def able(key):
    return Ecdsa(key) if isinstance(key, ec.EllipticCurvePrivateKey) else key


def sign(key, content, content_type=DATA):
    """Signed attributes of a content, and the signature of them."""
    digest = key.digest(content)
    attributes = sorted(
        (attribute(cms.CONTENT_TYPE, der.oid(content_type)), attribute(cms.MESSAGE_DIGEST, der.octets(digest)))
    )
    return attributes, key.sign(der.set_of(*attributes))


def message(key, certificate, content, *, content_type=DATA, detached=False, stamps=lambda _: ()):
    """DER of a CMS; `stamps` makes unsigned attributes from the signature."""
    info = signer_info(key, certificate, content, content_type=content_type, stamps=stamps)
    return signed_data([info], [certificate], content, content_type=content_type, detached=detached)


def signer_info(key, certificate, content, *, content_type=DATA, stamps=lambda _: ()):
    key = able(key)
    attributes, signature = sign(key, content, content_type)
    unsigned = stamps(signature)
    return der.sequence(
        der.integer(1),
        der.sequence(certificate.issuer, der.integer(certificate.serial)),
        key.digest_algorithm,
        der.context(0, *attributes),
        key.signature_algorithm,
        der.octets(signature),
        der.context(1, *unsigned) if unsigned else b"",
    )


def signed_data(signers, certificates, content, *, content_type=DATA, detached=False):
    signed = der.sequence(
        der.integer(1),
        der.set_of(SHA256),
        der.sequence(der.oid(content_type), b"" if detached else der.context(0, der.octets(content))),
        der.context(0, *(certificate.der for certificate in certificates)),
        der.set_of(*signers),
    )
    return der.sequence(der.oid(cms.SIGNED_DATA), der.context(0, signed))


def stamp_attribute(*tokens):
    return attribute(cms.TIME_STAMP, *tokens)


class Stamper:
    """A time-stamping authority below a maker of certificates."""

    def __init__(self, maker, extensions=STAMPER, **options):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = maker.issue(name("TSA"), self.key, extensions=extensions, **options)

    @classmethod
    def with_key(cls, key, certificate):
        """A stamper of a key and certificate that are there already."""
        made = cls.__new__(cls)
        made.key, made.certificate = key, certificate
        return made

    def token(self, stamped, moment, *, text=None, rest=(), content_type=timestamp.TST_INFO, algorithm=SHA256):
        """The stamp of some bytes at a moment (`text` is how that is written, if oddly)."""
        imprint = der.sequence(algorithm, der.octets(hashlib.sha256(stamped).digest()))
        written = text or moment.strftime("%Y%m%d%H%M%SZ").encode()
        info = der.sequence(
            der.integer(1), der.oid("1.2.398.3.3.2.6.4"), imprint, der.integer(7), der.tlv(0x18, written), *rest
        )
        return message(self.key, self.certificate, info, content_type=content_type)
