"""Pseudonyms nobody can forge or guess: the VRF of c2sp.org/vrf-r255 (ECVRF-RISTRETTO255-SHA512, RFC 9381).

`output` gives the one value that a secret has for an input, fast and without its proof; `prove` and `verify` show to
others that it is that one value. Points are 32 bytes, scalars 32 bytes little-endian, outputs 64, proofs 80.
"""

from __future__ import annotations

import contextlib
from hashlib import sha512
from pathlib import Path

import rbcl

from dauys.errors import KeyMalformed, ProofInvalid

SUITE = b"\xffc2sp.org/vrf-r255"
# Separators of RFC 9381 §5.4.3 and §5.2, then of vrf-r255's own two procedures.
CHALLENGE, OUTPUT, NONCE, ENCODE, END = b"\x02", b"\x03", b"\x81", b"\x82", b"\x00"
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the ristretto255 group (RFC 9496 §4)
POINT_SIZE = SCALAR_SIZE = 32
CHALLENGE_SIZE = 16
PROOF_SIZE = POINT_SIZE + CHALLENGE_SIZE + SCALAR_SIZE

# rbcl unpacks its libsodium, 2.8 MB, into a new temporary file in every process and leaves it there. Once loaded the
# file is not needed; if rbcl ever does otherwise, nothing is removed.
with contextlib.suppress(AttributeError, TypeError, OSError):
    _unpacked = Path(rbcl._sodium._name)  # noqa: SLF001 (rbcl gives no public name for it)
    if _unpacked.name.startswith("tmp"):
        _unpacked.unlink()


def generate() -> bytes:
    """A new secret: a random scalar other than zero."""
    return bytes(rbcl.crypto_core_ristretto255_scalar_random())


def public(secret: bytes) -> bytes:
    """The public key of a secret; KeyMalformed where it is none."""
    _require_secret(secret)
    return bytes(rbcl.crypto_scalarmult_ristretto255_base(secret))


def output(secret: bytes, alpha: bytes, public_key: bytes | None = None) -> bytes:
    """The value for `alpha`, 64 bytes, without proof; pass the secret's own public key to save deriving it."""
    _require_secret(secret)
    return _hash_output(_evaluate(secret, _encode(public_key or public(secret), alpha)))


def prove(secret: bytes, alpha: bytes) -> tuple[bytes, bytes]:
    """The value for `alpha` and the proof that it is this secret's (RFC 9381 §5.1)."""
    key = public(secret)
    point = _encode(key, alpha)
    gamma = _evaluate(secret, point)
    nonce = rbcl.crypto_core_ristretto255_scalar_reduce(sha512(SUITE + NONCE + secret + point).digest())
    challenge = _challenge(
        key,
        point,
        gamma,
        rbcl.crypto_scalarmult_ristretto255_base(nonce),
        rbcl.crypto_scalarmult_ristretto255(nonce, point),
    )
    product = rbcl.crypto_core_ristretto255_scalar_mul(_widen(challenge), secret)
    response = rbcl.crypto_core_ristretto255_scalar_add(product, nonce)
    return _hash_output(gamma), gamma + challenge + response


def verify(public_key: bytes, alpha: bytes, proof: bytes) -> bytes:
    """The proven value, 64 bytes; ProofInvalid where the key or the proof does not hold (RFC 9381 §5.3)."""
    gamma, challenge, response = proof[:32], proof[32:48], proof[48:]
    if len(proof) != PROOF_SIZE or int.from_bytes(response, "little") >= ORDER:
        raise ProofInvalid(what=f"a VRF proof has {PROOF_SIZE} bytes that end in a scalar")
    if not _is_point(public_key) or not _is_point(gamma):
        raise ProofInvalid(what="the VRF key or the proof is not of the group")
    point = _encode(public_key, alpha)
    scalar = _widen(challenge)
    u = _difference(_multiply_base(response), _multiply(scalar, public_key))
    v = _difference(_multiply(response, point), _multiply(scalar, gamma))
    if _challenge(public_key, point, gamma, u, v) != challenge:
        raise ProofInvalid(what="the VRF value is not the one of this key and input")
    return _hash_output(gamma)


def _require_secret(secret: bytes) -> None:
    if len(secret) != SCALAR_SIZE or not 0 < int.from_bytes(secret, "little") < ORDER:
        raise KeyMalformed(what="a VRF secret is a scalar of 32 bytes, not zero")


def _encode(public_key: bytes, alpha: bytes) -> bytes:
    """ECVRF_encode_to_curve: the group element of an input."""
    digest = sha512(SUITE + ENCODE + public_key + alpha).digest()
    return bytes(rbcl.crypto_core_ristretto255_from_hash(digest))


def _evaluate(secret: bytes, point: bytes) -> bytes:
    return bytes(rbcl.crypto_scalarmult_ristretto255(secret, point))


def _challenge(*points: bytes) -> bytes:
    return sha512(SUITE + CHALLENGE + b"".join(points) + END).digest()[:CHALLENGE_SIZE]


def _hash_output(gamma: bytes) -> bytes:
    return sha512(SUITE + OUTPUT + gamma + END).digest()


def _widen(challenge: bytes) -> bytes:
    return challenge + bytes(SCALAR_SIZE - CHALLENGE_SIZE)


# libsodium refuses a product that is the identity; in a proof it is a value like any other, 32 zero bytes.


def _multiply(scalar: bytes, point: bytes) -> bytes:
    return bytes(rbcl.crypto_scalarmult_ristretto255_allow_scalar_zero(scalar, point))


def _multiply_base(scalar: bytes) -> bytes:
    return bytes(rbcl.crypto_scalarmult_ristretto255_base_allow_scalar_zero(scalar))


def _difference(left: bytes, right: bytes) -> bytes:
    return bytes(rbcl.crypto_core_ristretto255_sub(left, right))


def _is_point(candidate: bytes) -> bool:
    """Whether it encodes an element of the group other than the identity (RFC 9381 §5.4.5, validate_key)."""
    return (
        len(candidate) == POINT_SIZE
        and candidate != bytes(POINT_SIZE)
        and bool(rbcl.crypto_core_ristretto255_is_valid_point(candidate))
    )
