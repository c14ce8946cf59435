"""The demo PKI: root, certification authority and citizens, in GOST and in RSA, in one folder.

    trust/demo_root_gost.cer, demo_nca_gost.cer, demo_root_rsa.cer, demo_nca_rsa.cer     DER, to be trusted in demo mode
    demo-private/secret  32 bytes; every GOST key is derived from it
    demo-private/rsa.pem RSA keys: root, CA (4096 bits), then LEAF_KEYS keys of 2048 bits that citizens share

Names and key identifiers of the authorities are the same for every demo PKI, so a second one is a perfect impostor of
the first in all but its signatures.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from dauys.demo import der, profile
from dauys.demo.keys import GostKey, RsaKey, SigningKey
from dauys.demo.profile import Purpose
from dauys.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dauys.demo.people import Algorithm, Citizen

PRIVATE = "demo-private"  # told apart at a glance from the keys of an installation
ALGORITHMS: tuple[Algorithm, ...] = ("gost", "rsa")
AUTHORITY_BITS, LEAF_BITS, LEAF_KEYS = 4096, 2048, 16
AUTHORITY_YEARS = 20
AUTHORITY_AGE_DAYS = 500  # older than any leaf, also than one that has expired
LEAF_DAYS = 365  # order 522/НҚ: a key in a file lives one year
CRL_HOURS = 27
NAMES = {
    "root": "ДЕМО НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ ({algorithm})",
    "nca": "ДЕМО ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ ({algorithm})",
}


@dataclass(frozen=True)
class Authority:
    """A root or CA: its key, its encoded name and its key identifier of 20 bytes."""

    key: SigningKey
    name: bytes
    key_id: bytes


@dataclass(frozen=True)
class Signatory:
    """A citizen ready to sign: the key, the certificate, and how CMS names it (encoded issuer, raw serial)."""

    key: SigningKey
    certificate: bytes
    issuer: bytes
    serial: bytes


class DemoPki:
    """The demo PKI of one folder; make one with create() or load()."""

    def __init__(self, directory: Path, secret: bytes, rsa_keys: list[rsa.RSAPrivateKey]) -> None:
        self.directory = directory
        self._secret = secret
        self._rsa_keys = [RsaKey(key) for key in rsa_keys]

    @classmethod
    def create(cls, directory: Path, *, seed: int | None = None, now: datetime | None = None) -> Self:
        """Make keys and authorities in a folder (a few seconds of RSA); a seed fixes the GOST keys, for tests."""
        secret = secrets.token_bytes(32) if seed is None else blake2b(b"demo pki %d" % seed, digest_size=32).digest()
        sizes = [AUTHORITY_BITS] * 2 + [LEAF_BITS] * LEAF_KEYS
        pki = cls(directory, secret, [rsa.generate_private_key(65537, bits) for bits in sizes])
        pki._write(now or datetime.now(UTC))
        return pki

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read the keys of a folder; raises Refusal where it holds no demo PKI."""
        try:
            secret = (directory / PRIVATE / "secret").read_bytes()
            blocks = re.findall(
                rb"-----BEGIN.*?-----END[^\n]*\n", (directory / PRIVATE / "rsa.pem").read_bytes(), re.DOTALL
            )
            # The keys are our own: checking their primes again would cost a second at every start.
            keys = [load_pem_private_key(block, None, unsafe_skip_rsa_key_validation=True) for block in blocks]
        except (OSError, ValueError) as broken:
            raise Refusal(why=f"there is no demo PKI in {directory} ({broken})") from broken
        found = [key for key in keys if isinstance(key, rsa.RSAPrivateKey)]
        if len(secret) != 32 or len(found) != 2 + LEAF_KEYS:
            raise Refusal(why=f"the demo PKI in {directory} is incomplete; delete the folder to have it made anew")
        return cls(directory, secret, found)

    @property
    def trust_directory(self) -> Path:
        """Folder of the four authority certificates."""
        return self.directory / "trust"

    def authority(self, role: str, algorithm: Algorithm) -> Authority:
        """Give the "root" or the "nca" of an algorithm."""
        return self._authorities[role, algorithm]

    def private_key(self, citizen: Citizen) -> SigningKey:
        """Key of a citizen: GOST derived from the secret and the number, RSA one of the pool."""
        if citizen.algorithm == "rsa":
            return self._rsa_keys[2 + citizen.number % LEAF_KEYS]
        return GostKey(self._derive(b"citizen %d" % citizen.number))

    def certificate(
        self, citizen: Citizen, *, now: datetime, days: int = LEAF_DAYS, purpose: Purpose = Purpose.SIGNING
    ) -> bytes:
        """Issue a certificate (DER) to a citizen, valid from now for that many days."""
        return self.enrol(citizen, now=now, days=days, purpose=purpose).certificate

    def enrol(
        self, citizen: Citizen, *, now: datetime, days: int = LEAF_DAYS, purpose: Purpose = Purpose.SIGNING
    ) -> Signatory:
        """Give a citizen a key and a certificate; the serial is a function of all that is asked for."""
        key, issuer = self.private_key(citizen), self.authority("nca", citizen.algorithm)
        seconds = int(now.timestamp())
        serial = self.serial_of(citizen, now=now, days=days, purpose=purpose)
        before, after = _leaf_extensions(citizen.algorithm, purpose, issuer.key_id)
        # As the national CA does it: the key identifier is the serial with its highest bit set.
        own_id = bytes((serial[0] | 0x80,)) + serial[1:]
        certificate = profile.certificate(
            issuer.key,
            serial=serial,
            issuer_name=issuer.name,
            validity=_validity(seconds, days),
            subject=profile.subject_name(citizen, purpose),
            key=key.public_key_info,
            extensions=before + profile.subject_key(own_id) + after,
        )
        return Signatory(key, certificate, issuer.name, serial)

    def serial_of(
        self, citizen: Citizen, *, now: datetime, days: int = LEAF_DAYS, purpose: Purpose = Purpose.SIGNING
    ) -> bytes:
        """The serial that `enrol` gives, without making the certificate."""
        return self.serial(f"{citizen.number} {int(now.timestamp())} {days} {purpose.value}")

    def serial(self, what: str) -> bytes:
        """Twenty bytes that are a positive INTEGER in its shortest form."""
        digest = blake2b(what.encode(), digest_size=20, key=self._secret).digest()
        return bytes((digest[0] & 0x3F | 0x40,)) + digest[1:]

    def crl(
        self,
        algorithm: Algorithm,
        revoked: Iterable[tuple[bytes, datetime, int]] = (),
        *,
        now: datetime,
        number: int = 1,
        base: int | None = None,
    ) -> bytes:
        """CRL (DER, RFC 5280 5) of an algorithm's CA; `revoked` are (serial, since, reason code; 0 is none).

        A full one, or with a `base` the delta list over the full one of that number.
        """
        issuer = self.authority("nca", algorithm)
        entries = [_revoked(*entry) for entry in sorted(revoked)]
        extensions = profile.authority_key(issuer.key_id) + profile.list_number(number, base)
        signed = der.sequence(
            der.integer(1),
            issuer.key.signature_algorithm,
            issuer.name,
            der.time(now),
            der.time(now + timedelta(hours=CRL_HOURS)),
            der.sequence(*entries) if entries else b"",
            der.context(0, der.sequence(extensions)),
        )
        return profile.seal(issuer.key, signed)

    @cached_property
    def _authorities(self) -> dict[tuple[str, Algorithm], Authority]:
        keys: dict[tuple[str, Algorithm], SigningKey] = {
            ("root", "gost"): GostKey(self._derive(b"root")),
            ("nca", "gost"): GostKey(self._derive(b"nca")),
            ("root", "rsa"): self._rsa_keys[0],
            ("nca", "rsa"): self._rsa_keys[1],
        }
        return {(role, algorithm): _authority(role, algorithm, key) for (role, algorithm), key in keys.items()}

    def _derive(self, label: bytes) -> int:
        """Scalar from the secret: 1 .. 2**511, below the order of the group, which is just under 2**512."""
        return int.from_bytes(blake2b(label, key=self._secret).digest(), "big") % 2**511 + 1

    def _write(self, now: datetime) -> None:
        private = self.directory / PRIVATE
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.trust_directory.mkdir(exist_ok=True)
        for role, algorithm in self._authorities:
            self.trust_directory.joinpath(f"demo_{role}_{algorithm}.cer").write_bytes(
                self._authority_certificate(role, algorithm, now)
            )
        pems = [key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for key in self._rsa_keys]
        _write_private(private / "rsa.pem", b"".join(pems))
        _write_private(private / "secret", self._secret)  # last: a folder with a secret is a whole one

    def _authority_certificate(self, role: str, algorithm: Algorithm, now: datetime) -> bytes:
        root, own = self.authority("root", algorithm), self.authority(role, algorithm)
        return profile.certificate(
            root.key,
            serial=bytes((own.key_id[0] & 0x7F,)) + own.key_id[1:],
            issuer_name=root.name,
            validity=_validity(int(now.timestamp()) - 86_400 * AUTHORITY_AGE_DAYS, 365 * AUTHORITY_YEARS),
            subject=own.name,
            key=own.key.public_key_info,
            extensions=profile.ca_extensions(own.key_id, None if role == "root" else root.key_id),
        )


def _authority(role: str, algorithm: Algorithm, key: SigningKey) -> Authority:
    name = profile.ca_name(NAMES[role].format(algorithm=algorithm.upper()))
    digest = blake2b(name, digest_size=20).digest()
    return Authority(key, name, bytes((digest[0] | 0xC0,)) + digest[1:])


_leaf_extensions = cache(profile.leaf_extensions)


@lru_cache(maxsize=64)
def _validity(seconds: int, days: int) -> bytes:
    since = datetime.fromtimestamp(seconds, UTC)
    return profile.validity(since, since + timedelta(days=days))


def _revoked(serial: bytes, since: datetime, reason: int) -> bytes:
    code = der.sequence(der.sequence(der.oid("2.5.29.21"), der.octets(der.tlv(0x0A, bytes((reason,))))))
    return der.sequence(der.tlv(0x02, serial), der.time(since), code if reason else b"")


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
