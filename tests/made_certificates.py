"""Certificates and lists made on the spot with P-256 keys, odd in whatever way a test asks for."""

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dauys.identity.certificates import Certificate

SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
UNTIL = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
PERSON = [ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier("1.2.398.3.3.4.1.1")]
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def usage(*names):
    return x509.KeyUsage(**{name: name in names for name in USAGES})


def name(common, number=None):
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if number:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, number))
    return x509.Name(parts)


class Maker:
    """A key with its certificate, which can issue others."""

    def __init__(self, common, key=None, identifier=None):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.name = name(common)
        self.identifier = identifier or x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()).digest

    def issue(self, subject, key, *, serial=None, since=SINCE, until=UNTIL, extensions=()):
        """A certificate for a name and key; extensions are (value, critical)."""
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(x509.AuthorityKeyIdentifier(self.identifier, None, None), critical=False)
        )
        for value, critical in extensions:
            builder = builder.add_extension(value, critical=critical)
        return Certificate.load(builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER))

    def authority(self, other, *, length=None, ca=True, signs=("key_cert_sign", "crl_sign"), extra=(), **options):
        """A CA certificate for another maker (or for itself)."""
        extensions = [
            (x509.BasicConstraints(ca, length if ca else None), True),
            (usage(*signs), True),
            (x509.SubjectKeyIdentifier(other.identifier), False),
            *extra,
        ]
        return self.issue(other.name, other.key, extensions=extensions, **options)

    def person(
        self, number="IIN123456789011", *, key=None, purposes=PERSON, signs=("digital_signature",), extra=(), **options
    ):
        """A signing certificate of a person."""
        extensions = list(extra)
        if purposes:
            extensions.append((x509.ExtendedKeyUsage(purposes), False))
        if signs:
            extensions.append((usage(*signs), True))
        key = key or ec.generate_private_key(ec.SECP256R1())
        return self.issue(name("ТЕСТОВ ТЕСТ", number), key, extensions=extensions, **options)

    def revocation_list(self, entries=(), *, since=SINCE, until=UNTIL, extensions=()):
        """DER of a list; entries are (serial, date, reason flag or None)."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(since).next_update(until)
        for serial, date, reason in entries:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(date)
            if reason:
                entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        for value, critical in extensions:
            builder = builder.add_extension(value, critical=critical)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)
