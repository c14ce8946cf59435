"""The certificate profile of the national CA, as encoded parts: names, extensions and the frame that holds them.

Object identifiers: order 522/НҚ of 28.08.2026 and the certificates of nca_gost_2022 and nca_rsa_2022.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from dauys.demo import der

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.demo.keys import SigningKey
    from dauys.demo.people import Algorithm, Citizen

# Whatever a demo certificate says of addresses stays on the machine.
CRL_ADDRESS = "http://127.0.0.1:8000/demo/demo_nca_{algorithm}.crl"
# A number of the form of a BIN, with a right check digit, in the demo's own name.
DEMO_COMPANY, DEMO_BIN = "ДЕМО СЕРІКТЕСТІК", "000740000728"


class Purpose(Enum):
    """What a leaf certificate is for; only SIGNING may sign a petition."""

    SIGNING = "signing"
    AUTHENTICATION = "authentication"
    LEGAL = "legal"


EMAIL_PROTECTION, CLIENT_AUTH = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"
INDIVIDUAL, RIGHT_TO_SIGN, IDENTIFIED_REMOTELY = "1.2.398.3.3.4.1.1", "1.2.398.3.3.4.1.2.2", "1.2.398.3.3.4.3.2"
LEGAL_ENTITY = "1.2.398.3.3.4.1.2"
EXTENDED_USAGE = {
    Purpose.SIGNING: (IDENTIFIED_REMOTELY, EMAIL_PROTECTION, INDIVIDUAL),
    Purpose.AUTHENTICATION: (IDENTIFIED_REMOTELY, CLIENT_AUTH, INDIVIDUAL),
    Purpose.LEGAL: (EMAIL_PROTECTION, LEGAL_ENTITY, RIGHT_TO_SIGN),
}

# RFC 5280 4.2.1.3, first bit highest: digitalSignature 80, nonRepudiation 40, keyEncipherment 20, keyAgreement 08.
KEY_USAGE: dict[tuple[Algorithm, bool], bytes] = {
    ("gost", True): der.bit_string(b"\xc8", unused=3),
    ("gost", False): der.bit_string(b"\x88", unused=3),
    ("rsa", True): der.bit_string(b"\xc0", unused=6),
    ("rsa", False): der.bit_string(b"\xa0", unused=5),
}


def ca_name(common_name: str) -> bytes:
    """Name of a certification authority: CN, then C=KZ."""
    return der.sequence(_attribute("2.5.4.3", der.utf8(common_name)), _COUNTRY)


def subject_name(citizen: Citizen, purpose: Purpose) -> bytes:
    """Subject of a citizen: CN, SN, serialNumber IIN…, C and givenName, which bears the patronymic."""
    surname = citizen.surname.upper()
    company: tuple[bytes, ...] = ()
    if purpose is Purpose.LEGAL:
        company = (
            _attribute("2.5.4.10", der.utf8(DEMO_COMPANY)),
            _attribute("2.5.4.11", der.utf8("BIN" + DEMO_BIN)),
        )
    return der.sequence(
        _attribute("2.5.4.3", der.utf8(f"{surname} {citizen.given_name.upper()}")),
        _attribute("2.5.4.4", der.utf8(surname)),
        _attribute("2.5.4.5", der.printable("IIN" + citizen.iin)),
        _COUNTRY,
        _attribute("2.5.4.42", der.utf8(citizen.patronymic.upper())),
        *company,
    )


def ca_extensions(own_id: bytes, issuer_id: bytes | None) -> bytes:
    """Extensions of a root (no issuer_id) or of the CA under it, which may issue only leaves."""
    constraints = der.sequence(der.TRUE) if issuer_id is None else der.sequence(der.TRUE, der.integer(0))
    return b"".join(
        (
            _extension("2.5.29.19", constraints, critical=True),
            _extension("2.5.29.15", der.bit_string(b"\x06", unused=1), critical=True),  # keyCertSign, cRLSign
            _extension("2.5.29.14", der.octets(own_id)),
            authority_key(issuer_id or own_id),
            _POLICIES,
        )
    )


def leaf_extensions(algorithm: Algorithm, purpose: Purpose, issuer_id: bytes) -> tuple[bytes, bytes]:
    """Extensions of a leaf before and after its subject key identifier, the only one that differs between leaves."""
    address = CRL_ADDRESS.format(algorithm=algorithm).encode()
    points = der.sequence(der.sequence(der.context(0, der.context(0, der.context_primitive(6, address)))))
    usage = der.sequence(*(der.oid(dotted) for dotted in EXTENDED_USAGE[purpose]))
    before = (
        _POLICIES,
        _extension("2.5.29.31", points),
        _extension("2.5.29.37", usage),
        _extension("2.5.29.15", KEY_USAGE[algorithm, purpose is not Purpose.AUTHENTICATION], critical=True),
    )
    return b"".join(before), authority_key(issuer_id) + _KEY_STORE


def subject_key(identifier: bytes) -> bytes:
    """Extension of the subject key identifier."""
    return _extension("2.5.29.14", der.octets(identifier))


def authority_key(identifier: bytes) -> bytes:
    """Extension of the issuer's key identifier."""
    return _extension("2.5.29.35", der.sequence(der.context_primitive(0, identifier)))


def list_number(number: int, base: int | None = None) -> bytes:
    """Extensions that number a revocation list and, with a base, make it a delta (RFC 5280 sections 5.2.3, 5.2.4)."""
    own = _extension("2.5.29.20", der.integer(number))
    return own if base is None else own + _extension("2.5.29.27", der.integer(base), critical=True)


def validity(since: datetime, until: datetime) -> bytes:
    """Validity of a certificate."""
    return der.sequence(der.time(since), der.time(until))


def certificate(
    issuer: SigningKey,
    *,
    serial: bytes,
    issuer_name: bytes,
    validity: bytes,
    subject: bytes,
    key: bytes,
    extensions: bytes,
) -> bytes:
    """X.509 version 3 certificate (RFC 5280 4.1), signed; all parts but the raw serial are encoded."""
    signed = der.sequence(
        der.context(0, der.integer(2)),
        der.tlv(0x02, serial),
        issuer.signature_algorithm,
        issuer_name,
        validity,
        subject,
        key,
        der.context(3, der.sequence(extensions)),
    )
    return seal(issuer, signed)


def seal(issuer: SigningKey, signed: bytes) -> bytes:
    """Append algorithm and signature to what is signed: the frame of certificates and CRLs alike."""
    return der.sequence(signed, issuer.signature_algorithm, der.bit_string(issuer.sign(signed)))


def _attribute(dotted: str, value: bytes) -> bytes:
    return der.set_of(der.sequence(der.oid(dotted), value))


def _extension(dotted: str, value: bytes, *, critical: bool = False) -> bytes:
    return der.sequence(der.oid(dotted), der.TRUE if critical else b"", der.octets(value))


_COUNTRY = _attribute("2.5.4.6", der.printable("KZ"))
_POLICIES = _extension("2.5.29.32", der.sequence(der.sequence(der.oid("1.2.398.3.3.2"))))
_KEY_STORE = _extension("1.2.398.3.3.5", der.sequence(der.oid("1.2.398.3.3.5.1.1")))  # a PKCS #12 file
