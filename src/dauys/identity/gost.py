"""GOST R 34.10-2012 (RFC 7091; in Kazakhstan GOST 34.10-2015) with 512-bit keys, in the national byte orders.

    public key  x ‖ y, each 64 bytes little-endian       digest  its bytes as a little-endian integer, mod q, 0 → 1
    signature   r ‖ s, each 64 bytes little-endian

These orders are those of certificates, CRLs, CMS, OCSP and time-stamps of the national authority alike.
"""

from __future__ import annotations

import secrets
from functools import cache, lru_cache
from typing import Final

from gmpy2 import invert, mpz

from dauys.identity.curve import Affine, Curve, FixedPoint, Jacobian

# id-tc26-gost-3410-12-512-paramSetA, RFC 7836 appendix A.1 (1.2.643.7.1.2.1.2.1); p = 2^512 - 569, a = p - 3.
CURVE: Final = Curve(
    p=mpz(2) ** 512 - 569,
    b=mpz(
        "0xe8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265"
        "ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760"
    ),
    q=mpz(
        "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275"
    ),
    base=(
        mpz(3),
        mpz(
            "0x7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921"
            "df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4"
        ),
    ),
    size=64,
)
KEY_SIZE: Final = 128  # bytes
SIGNATURE_SIZE: Final = 128
DIGEST_SIZE: Final = 64


@cache
def _base() -> FixedPoint:
    """Multiples of the base point; made at first use, once a process."""
    return FixedPoint(CURVE, CURVE.base)


def _integer(data: bytes) -> mpz:
    return mpz(int.from_bytes(data, "little"))


def _point(public_key: bytes) -> Affine | None:
    """The point of a public key, None where it is none. The curve has cofactor 1, so being on it is enough."""
    if len(public_key) != KEY_SIZE:
        return None
    point = _integer(public_key[: CURVE.size]), _integer(public_key[CURVE.size :])
    return point if CURVE.holds(point) else None


def _hash_scalar(digest: bytes) -> mpz:
    return _integer(digest) % CURVE.q or mpz(1)


def _scalars(digest: bytes, signature: bytes) -> tuple[mpz, mpz, mpz] | None:
    """(r, z1, z2) of RFC 7091 section 6.2, None where r or s is out of range."""
    if len(signature) != SIGNATURE_SIZE or len(digest) != DIGEST_SIZE:
        return None
    q = CURVE.q
    r, s = _integer(signature[: CURVE.size]), _integer(signature[CURVE.size :])
    if not (0 < r < q and 0 < s < q):
        return None
    v = invert(_hash_scalar(digest), q)
    return r, s * v % q, -r * v % q


def _matches(r: mpz, point: Jacobian) -> bool:
    flat = CURVE.affine(point)
    return flat is not None and flat[0] % CURVE.q == r


def verify(public_key: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether the signature (128 bytes) of the digest (64 bytes) is that of the key (128 bytes). Never raises."""
    point, scalars = _point(public_key), _scalars(digest, signature)
    if point is None or scalars is None:
        return False
    r, z1, z2 = scalars
    return _matches(r, CURVE.add(CURVE.multiply(z2, point), CURVE.sum(_base().terms(z1))))


class PreparedKey:
    """A public key with a table of its multiples: four times the speed, 0.1 s and 5 MB to make. For CA keys."""

    def __init__(self, public_key: bytes) -> None:
        point = _point(public_key)
        self._table = FixedPoint(CURVE, point) if point else None

    def verify(self, digest: bytes, signature: bytes) -> bool:
        """As the function `verify`, for this key."""
        scalars = _scalars(digest, signature)
        if self._table is None or scalars is None:
            return False
        r, z1, z2 = scalars
        return _matches(r, CURVE.sum(_base().terms(z1) + self._table.terms(z2)))


@lru_cache(maxsize=16)
def prepared(public_key: bytes) -> PreparedKey:
    """The prepared form of a CA key, kept for the process."""
    return PreparedKey(public_key)


def public_key(private_key: int) -> bytes:
    """x ‖ y little-endian (128 bytes) of a private key 0 < d < q; ValueError outside that range."""
    if not 0 < private_key < CURVE.q:
        raise ValueError("a private key lies between 0 and the order of the curve")
    flat = CURVE.affine(CURVE.sum(_base().terms(mpz(private_key))))
    assert flat is not None
    return b"".join(int(coordinate).to_bytes(CURVE.size, "little") for coordinate in flat)


def sign(private_key: int, digest: bytes, nonce: int | None = None) -> bytes:
    """r ‖ s little-endian (128 bytes) of a 64-byte digest, for demo keys and tests: not hardened against timing.

    A given nonce (0 < k < q) makes the signature repeatable; a nonce used for two digests gives the key away.
    """
    q, e = CURVE.q, _hash_scalar(digest)
    while True:
        k = mpz(nonce if nonce is not None else secrets.randbelow(int(q) - 1) + 1)
        flat = CURVE.affine(CURVE.sum(_base().terms(k % q)))
        r = flat[0] % q if flat else mpz(0)
        s = (r * private_key + k * e) % q
        if r and s:
            return b"".join(int(part).to_bytes(CURVE.size, "little") for part in (r, s))
        if nonce is not None:
            raise ValueError("this nonce gives no signature")
