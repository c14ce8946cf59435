"""Mutations of the real vectors: whatever the bytes, a verdict or a coded error, and never another person's.

A sample with a printed seed; 100,000 under --long. Repeat a failure with DAUYS_SEED.
"""

import os
import random

import pytest

from dauys.errors import DauysError, SignatureRejected
from dauys.identity.revocation import RevocationList
from dauys.identity.verdict import Verdict
from dauys.identity.verify import Purpose, verify_certificate, verify_cms

SAMPLE, WHOLE = 1_500, 100_000


@pytest.fixture
def rounds(long):
    return WHOLE if long else SAMPLE


@pytest.fixture
def dice():
    seed = int(os.environ.get("DAUYS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"DAUYS_SEED={seed}")  # noqa: T201 - pytest shows it where a test fails
    return random.Random(seed)


def mutated(dice, data):
    """A few bytes changed, removed, put in, repeated, or cut off; lengths and tags are hit as often as contents."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        place = dice.randrange(len(data) or 1)
        match dice.randrange(7):
            case 0:
                data[place : place + 1] = bytes((dice.randrange(256),))
            case 1:
                data[place : place + 1] = bytes((data[place] ^ 1 << dice.randrange(8),)) if data else b""
            case 2:
                del data[place:]
            case 3:
                del data[place : place + dice.choice((1, 2, 30))]
            case 4:
                data[place:place] = dice.randbytes(dice.choice((1, 2, 30)))
            case 5:
                data[place:place] = data[place : place + dice.choice((1, 10, 200))]
            case 6:
                data[place : place + 1] = dice.choice((b"\x00", b"\x80", b"\x84", b"\xff", b"\x30", b"\x1f"))
    return bytes(data)


@pytest.mark.long
def test_signatures(vectors, national_test, message, *, at, rounds, dice):
    originals = {path.name: path.read_bytes() for path in sorted((vectors / "cms").glob("*.cms"))}
    signers = {
        name: verdict.signer and verdict.signer.certificate
        for name, data in originals.items()
        for verdict in [verify_cms(data, message, national_test, at, purpose=Purpose.ANY_SIGNING)]
    }
    codes = set()
    for _ in range(rounds):
        name = dice.choice(list(originals))
        verdict = verify_cms(
            mutated(dice, originals[name]),
            message if dice.random() < 0.5 else None,
            national_test,
            at,
            purpose=dice.choice((Purpose.ANY_SIGNING, Purpose.PERSON_SIGNING)),
        )
        assert isinstance(verdict, Verdict)
        assert verdict.error is None or isinstance(verdict.error, SignatureRejected)
        if verdict.valid:  # a byte that nobody signs was hit: it proves what it proved before
            assert verdict.signer.certificate == signers[name]
        codes.add(verdict.error and verdict.error.code)
    assert {"cms-malformed", "signature-invalid"} <= codes


@pytest.mark.long
def test_certificates(vectors, national_test, at, rounds, dice):
    originals = [
        path.read_bytes() for folder in ("test_leaf", "ca_test") for path in sorted((vectors / folder).iterdir())
    ]
    for _ in range(rounds):
        original = dice.choice(originals)
        verdict = verify_certificate(mutated(dice, original), national_test, at, dice.choice(list(Purpose)))
        if verdict.valid:
            assert verify_certificate(original, national_test, at).signer.certificate == verdict.signer.certificate


@pytest.mark.long
def test_revocation_lists(vectors, certificate, rounds, dice):
    original = (vectors / "crl" / "nca_gost2022_test.crl").read_bytes()
    issuer = certificate("ca_test/nca_gost2022_test.cer")
    for _ in range(rounds):
        changed = mutated(dice, original)
        try:
            listed = RevocationList.load(changed, issuer)
        except DauysError:
            continue
        assert [listed.revoked(serial) for serial in (1, 2)] == [None, None]
        assert len(listed) == 6
