"""GOST R 34.10-2012 (RFC 7091; in Kazakhstan GOST 34.10-2015, and 34.310-2004 before it), in the national byte orders.

    public key  x ‖ y, each little-endian       digest  its bytes as a little-endian integer, mod q, 0 → 1
    signature   r ‖ s, each little-endian

Coordinates, scalars and digests have 64 bytes with 512-bit keys and 32 bytes with 256-bit ones. These orders are those of
certificates, CRLs, CMS, OCSP and time stamps of the national authority alike.
"""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Final

from dauys.identity.curve import Affine, Curve, FixedPoint, Jacobian
from dauys.identity.gost_curves import TC26_512_A
from dauys.identity.integers import FASTEST

if TYPE_CHECKING:
    from dauys.identity.gost_curves import Parameters
    from dauys.identity.integers import Integers

# Bytes with 512-bit keys.
KEY_SIZE: Final = 128
SIGNATURE_SIZE: Final = 128
DIGEST_SIZE: Final = 64


class Gost:
    """The algorithm on one curve over one kind of integers."""

    def __init__(self, integers: Integers, parameters: Parameters = TC26_512_A) -> None:
        self.curve = Curve.of(parameters, integers)
        self.size = parameters.size  # bytes of a coordinate, of a scalar and of a digest
        self._number = integers.make

    @cached_property
    def base(self) -> FixedPoint:
        """Multiples of the base point; made at first use, once a process."""
        return FixedPoint(self.curve, self.curve.base)

    def verify(self, public_key: bytes, digest: bytes, signature: bytes) -> bool:
        """Whether the signature (r ‖ s) of the digest is that of the key (x ‖ y). Never raises."""
        point, scalars = self.point(public_key), self.scalars(digest, signature)
        if point is None or scalars is None:
            return False
        r, z1, z2 = scalars
        curve = self.curve
        return self.matches(r, curve.add(curve.multiply(z2, point), curve.sum(self.base.terms(z1))))

    def verify_batch(self, items: list[tuple[bytes, bytes, bytes]]) -> list[bool]:
        """As `verify`, for each (public key, digest, signature)."""
        return [self.verify(*item) for item in items]

    def prepare(self, public_key: bytes) -> PreparedKey:
        """The key with a table of its multiples."""
        return PreparedKey(self, public_key)

    def point(self, public_key: bytes) -> Affine | None:
        """The point of a public key, None where it is none."""
        size = self.size
        if len(public_key) != 2 * size:
            return None
        point = self._integer(public_key[:size]), self._integer(public_key[size:])
        return point if self.curve.holds(point) else None

    def scalars(self, digest: bytes, signature: bytes) -> tuple[int, int, int] | None:
        """(r, z1, z2) of RFC 7091 section 6.2, None where r or s is out of range."""
        size = self.size
        if len(signature) != 2 * size or len(digest) != size:
            return None
        q = self.curve.q
        r, s = self._integer(signature[:size]), self._integer(signature[size:])
        if not (0 < r < q and 0 < s < q):
            return None
        v = self.curve.integers.invert(self._hash_scalar(digest), q)
        return r, s * v % q, -r * v % q

    def matches(self, r: int, point: Jacobian) -> bool:
        """Whether the x of a point is r modulo q."""
        flat = self.curve.affine(point)
        return flat is not None and flat[0] % self.curve.q == r

    def public_key(self, private_key: int) -> bytes:
        """x ‖ y little-endian of a private key 0 < d < q; ValueError outside that range."""
        if not 0 < private_key < self.curve.q:
            raise ValueError("a private key lies between 0 and the order of the curve")
        flat = self.curve.affine(self.curve.sum(self.base.terms(private_key)))
        assert flat is not None
        return b"".join(int(coordinate).to_bytes(self.size, "little") for coordinate in flat)

    def sign(self, private_key: int, digest: bytes, nonce: int | None = None) -> bytes:
        """r ‖ s little-endian of a digest, for demo keys and tests: not hardened against timing.

        A given nonce (0 < k < q) makes the signature repeatable; a nonce used for two digests gives the key away.
        """
        curve, q, e = self.curve, self.curve.q, self._hash_scalar(digest)
        while True:
            k = nonce if nonce is not None else secrets.randbelow(int(q) - 1) + 1
            flat = curve.affine(curve.sum(self.base.terms(k % q)))
            r = flat[0] % q if flat else 0
            s = (r * private_key + k * e) % q
            if r and s:
                return b"".join(int(part).to_bytes(self.size, "little") for part in (r, s))
            if nonce is not None:
                raise ValueError("this nonce gives no signature")

    def _integer(self, data: bytes) -> int:
        return self._number(int.from_bytes(data, "little"))

    def _hash_scalar(self, digest: bytes) -> int:
        return self._integer(digest) % self.curve.q or self._number(1)


class PreparedKey:
    """A public key with a table of its multiples: five times the speed, 0.1 s and 5 MB to make. For CA keys."""

    def __init__(self, gost: Gost, public_key: bytes) -> None:
        point = gost.point(public_key)
        self._gost = gost
        self._table = FixedPoint(gost.curve, point) if point else None

    def verify(self, digest: bytes, signature: bytes) -> bool:
        """As `Gost.verify`, for this key."""
        scalars = self._gost.scalars(digest, signature)
        if self._table is None or scalars is None:
            return False
        r, z1, z2 = scalars
        return self._gost.matches(r, self._gost.curve.sum(self._gost.base.terms(z1) + self._table.terms(z2)))


# Signing always runs here, over the fastest integers there are; verification goes through `kernel`.
_FASTEST: Final = Gost(FASTEST)
CURVE: Final = _FASTEST.curve
verify: Final = _FASTEST.verify
public_key: Final = _FASTEST.public_key
sign: Final = _FASTEST.sign
