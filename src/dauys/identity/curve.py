"""Points of a short Weierstrass curve in Python: Jacobian sums, wNAF, and a window table for fixed points.

Verification handles public values only, so nothing here runs in constant time; do not sign with an exposed clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from dauys.identity.gost_curves import Parameters
    from dauys.identity.integers import Integers

Affine: TypeAlias = "tuple[int, int]"
Jacobian: TypeAlias = "tuple[int, int, int]"  # (X, Y, Z) stands for (X / Z^2, Y / Z^3); Z = 0 is the point at infinity

INFINITY: Final[Jacobian] = (1, 1, 0)

WNAF_WIDTH: Final = 6  # 16 odd multiples of the point, about 73 additions for 512 bits: the fastest measured
WINDOW: Final = 9  # signed digits of the fixed-point table: 57 windows of 256 points, about 5 MB and 0.1 s to make


@dataclass(frozen=True)
class Curve:
    """y^2 = x^3 + ax + b over GF(p), with a base point of prime order q; `small` is a, or -3 where a is p - 3."""

    p: int
    small: int
    b: int
    q: int
    cofactor: int
    base: Affine
    size: int  # bytes of a coordinate and of a scalar
    integers: Integers  # what all of these are made of

    @classmethod
    def of(cls, parameters: Parameters, integers: Integers) -> Curve:
        """The curve over one kind of integers."""
        p, a, b, q, cofactor, x, y, size = parameters
        number = integers.make
        small = -3 if a == p - 3 else a
        return cls(number(p), number(small), number(b), number(q), cofactor, (number(x), number(y)), size, integers)

    def holds(self, point: Affine) -> bool:
        """Whether the point has reduced coordinates, lies on the curve, and is of the order of the base point."""
        x, y = point
        if not (0 <= x < self.p and 0 <= y < self.p) or (y * y - (x * x + self.small) * x - self.b) % self.p:
            return False
        return self.cofactor == 1 or not self._times_order(point)[2]

    def _times_order(self, point: Affine) -> Jacobian:
        """q * P for a point of any order, bit by bit: the quicker way meets no infinity only within the subgroup."""
        result = INFINITY
        for bit in f"{int(self.q):b}":
            result = self.double(result)
            if bit == "1":
                result = self.add_affine(result, point)
        return result

    def double(self, point: Jacobian) -> Jacobian:
        """2P (the dbl-2001-b formulas, and their general slope where a is not -3); infinity maps to infinity."""
        x, y, z = point
        p = self.p
        delta = z * z % p
        gamma = y * y % p
        beta = x * gamma % p
        slope = (x - delta) * (x + delta) * 3 if self.small == -3 else 3 * x * x + self.small * delta * delta
        alpha = slope % p
        x3 = (alpha * alpha - (beta << 3)) % p
        return x3, (alpha * ((beta << 2) - x3) - (gamma * gamma << 3)) % p, (y * z << 1) % p

    def add_affine(self, point: Jacobian, other: Affine) -> Jacobian:
        """P + Q with an affine Q; complete: equal, opposite and infinite points are handled."""
        x1, y1, z1 = point
        x2, y2 = other
        if not z1:
            return x2, y2, 1
        p = self.p
        zz = z1 * z1 % p
        h = (x2 * zz - x1) % p
        r = (y2 * zz * z1 - y1) % p
        if not h:
            return INFINITY if r else self.double(point)
        hh = h * h % p
        hhh = h * hh % p
        v = x1 * hh % p
        x3 = (r * r - hhh - (v << 1)) % p
        return x3, (r * (v - x3) - y1 * hhh) % p, z1 * h % p

    def add(self, point: Jacobian, other: Jacobian) -> Jacobian:
        """P + Q."""
        flat = self.affine(other)
        return point if flat is None else self.add_affine(point, flat)

    def affine(self, point: Jacobian) -> Affine | None:
        """The affine point, None for infinity."""
        x, y, z = point
        if not z:
            return None
        inverse = self.integers.invert(z, self.p)
        square = inverse * inverse % self.p
        return x * square % self.p, y * square * inverse % self.p

    def flatten(self, points: list[Jacobian]) -> list[Affine]:
        """Affine forms of finite points by one shared inversion."""
        prefix = [1]
        for _, _, z in points:
            prefix.append(prefix[-1] * z % self.p)
        inverse = self.integers.invert(prefix[-1], self.p)
        flat: list[Affine] = []
        for (x, y, z), before in zip(reversed(points), reversed(prefix[:-1]), strict=True):
            own = inverse * before % self.p
            inverse = inverse * z % self.p
            square = own * own % self.p
            flat.append((x * square % self.p, y * square * own % self.p))
        flat.reverse()
        return flat

    def multiply(self, scalar: int, point: Affine) -> Jacobian:
        """scalar * P for any point, 0 <= scalar < q, by the width-6 non-adjacent form."""
        odd = self._odd_multiples(point)
        result = INFINITY
        double, add, p = self.double, self.add_affine, self.p
        for digit in reversed(_wnaf(scalar)):
            result = double(result)
            if digit > 0:
                result = add(result, odd[digit >> 1])
            elif digit < 0:
                x, y = odd[-digit >> 1]
                result = add(result, (x, p - y))
        return result

    def _odd_multiples(self, point: Affine) -> list[Affine]:
        """P, 3P, 5P ... 31P. The order q is a large prime, so none of them is infinite."""
        twice = self.affine(self.double((*point, 1)))
        assert twice is not None
        multiples: list[Jacobian] = [(*point, 1)]
        while len(multiples) < 1 << (WNAF_WIDTH - 2):
            multiples.append(self.add_affine(multiples[-1], twice))
        return self.flatten(multiples)

    def sum(self, points: list[Affine]) -> Jacobian:
        """The sum of affine points, pairwise with one shared inversion a level: half the work of Jacobian sums.

        Where two points of a pair share x there is no inverse; the complete Jacobian formulas then do the sum.
        """
        rest = points
        try:
            while len(rest) > 1:
                rest = self._halve(rest)
        except ZeroDivisionError:
            result = INFINITY
            for point in points:
                result = self.add_affine(result, point)
            return result
        return (*rest[0], 1) if rest else INFINITY

    def _halve(self, points: list[Affine]) -> list[Affine]:
        """Sums of neighbours; an odd point out stays as it is. ZeroDivisionError where two share x."""
        p = self.p
        pairs = list(zip(points[::2], points[1::2], strict=False))
        prefix = [1]
        for left, right in pairs:
            prefix.append(prefix[-1] * (right[0] - left[0]) % p)
        inverse = self.integers.invert(prefix[-1], p)
        sums = points[-1:] if len(points) % 2 else []
        for ((x1, y1), (x2, y2)), before in zip(reversed(pairs), reversed(prefix[:-1]), strict=True):
            slope = (y2 - y1) * (inverse * before % p) % p
            inverse = inverse * (x2 - x1) % p
            x3 = (slope * slope - x1 - x2) % p
            sums.append((x3, (slope * (x1 - x3) - y1) % p))
        return sums


class FixedPoint:
    """Multiples of one point from a table of signed windows: no doublings at all."""

    def __init__(self, curve: Curve, point: Affine) -> None:
        self._curve = curve
        multiples: list[Jacobian] = []
        half = 1 << (WINDOW - 1)
        for _ in range(curve.size * 8 // WINDOW + 1):
            run: list[Jacobian] = [(*point, 1)]
            while len(run) < half:
                run.append(curve.add_affine(run[-1], point))
            multiples.extend(run)
            following = curve.affine(curve.double(run[-1]))
            assert following is not None
            point = following
        flat = curve.flatten(multiples)
        self._windows = [flat[start : start + half] for start in range(0, len(flat), half)]

    def terms(self, scalar: int) -> list[Affine]:
        """Affine points that sum to scalar * P, 0 <= scalar < q; at most one a window."""
        chosen: list[Affine] = []
        p, carry, rest = self._curve.p, 0, int(scalar)
        for window in self._windows:
            digit = (rest & (1 << WINDOW) - 1) + carry
            rest >>= WINDOW
            carry = digit > 1 << (WINDOW - 1)
            if carry:
                digit -= 1 << WINDOW
            if digit > 0:
                chosen.append(window[digit - 1])
            elif digit < 0:
                x, y = window[-digit - 1]
                chosen.append((x, p - y))
        return chosen


def _wnaf(scalar: int) -> list[int]:
    """Digits of the non-adjacent form, lowest first: zero or odd, each below 2^(width - 1) in size."""
    digits: list[int] = []
    rest = int(scalar)
    full, half = 1 << WNAF_WIDTH, 1 << (WNAF_WIDTH - 1)
    while rest:
        if rest & 1:
            digit = rest & full - 1
            if digit >= half:
                digit -= full
            rest -= digit
        else:
            digit = 0
        digits.append(digit)
        rest >>= 1
    return digits
