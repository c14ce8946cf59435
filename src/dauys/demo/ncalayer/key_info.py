"""The facts of a key as commonUtils tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import AuthorityKeyIdentifier, load_der_x509_certificate
from cryptography.x509.oid import NameOID

from dauys.identity.certificates import Certificate

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate as X509Certificate
    from cryptography.x509 import Name


def key_info(der: bytes) -> dict[str, str]:
    """Facts of a certificate (DER); moments are milliseconds since 1970, as text."""
    certificate = load_der_x509_certificate(der)
    subject, issuer = certificate.subject, certificate.issuer
    return {
        "alias": f"{certificate.serial_number:x}",
        "keyId": f"{certificate.serial_number:x}",
        "algorithm": Certificate.load(der).key_algorithm,
        "subjectCn": _common_name(subject),
        "subjectDn": subject.rfc4514_string(),
        "issuerCn": _common_name(issuer),
        "issuerDn": issuer.rfc4514_string(),
        "serialNumber": str(certificate.serial_number),
        "certNotBefore": _milliseconds(certificate.not_valid_before_utc),
        "certNotAfter": _milliseconds(certificate.not_valid_after_utc),
        "authorityKeyIdentifier": _authority_key(certificate),
        "pem": certificate.public_bytes(Encoding.PEM).decode(),
    }


def _common_name(name: Name) -> str:
    return str(name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _authority_key(certificate: X509Certificate) -> str:
    identifier = certificate.extensions.get_extension_for_class(AuthorityKeyIdentifier).value.key_identifier
    return (identifier or b"").hex()


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
