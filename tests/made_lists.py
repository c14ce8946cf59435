"""Revocation lists of any size, made on the spot: what a national authority publishes, and what none would."""

import random

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from dauys.demo import der
from made_certificates import SINCE, UNTIL

NATIONAL = 422_065  # entries
ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
REASONS = (0, 1, 3, 4, 5, 6, 9)


def reason(number):
    code = der.octets(bytes((0x0A, 0x01, number)))
    return der.sequence(der.sequence(der.oid("2.5.29.21"), code))


def entry(serial, date=SINCE, code=None, extensions=b""):
    return der.sequence(der.integer(serial), der.time(date), extensions or (b"" if code is None else reason(code)))


def serials(count, seed=1):
    """Serial numbers of 20 bytes, as the national authority gives them."""
    dice = random.Random(seed)
    return [dice.getrandbits(158) | 1 << 157 for _ in range(count)]


def extension(identifier, value, *, critical=False):
    return der.sequence(der.oid(identifier), der.TRUE if critical else b"", der.octets(value))


def number(value):
    return extension("2.5.29.20", der.integer(value))


def delta_of(value, *, critical=True):
    return extension("2.5.29.27", der.integer(value), critical=critical)


FRESHEST = extension("2.5.29.46", der.sequence(), critical=True)


def signed_list(maker, entries, *extensions, since=SINCE, until=UNTIL, inner=ECDSA_SHA256, outer=ECDSA_SHA256):
    """DER of a list over encoded entries and extensions (a list of a maker of `made_certificates`)."""
    tbs = der.sequence(
        der.integer(1),
        inner,
        maker.name.public_bytes(),
        der.time(since),
        der.time(until) if until else b"",
        der.sequence(*entries) if entries else b"",
        der.context(0, der.sequence(*extensions)) if extensions else b"",
    )
    signature = maker.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    return der.sequence(tbs, outer, der.bit_string(signature))


def national_list(maker, count=NATIONAL, seed=1):
    """A list of the national size and shape: 53 bytes an entry."""
    dates = der.time(SINCE)
    tails = [dates + reason(code) for code in REASONS]
    listed = [
        der.sequence(der.integer(serial), tails[place % len(tails)])
        for place, serial in enumerate(serials(count, seed))
    ]
    return signed_list(maker, listed, number(1346))
