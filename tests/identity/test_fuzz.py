"""Mutations of the real vectors: whatever the bytes, a verdict or a coded error, and never another person's.

A sample with a printed seed; 200,000 of each kind under --long. Repeat a failure with DAUYS_SEED.
"""

import os
import random

import pytest

from dauys.demo import der
from dauys.errors import DauysError, SignatureRejected
from dauys.identity.ocsp import OcspResponse
from dauys.identity.raw_checks import verify_raw
from dauys.identity.revocation import RevocationList
from dauys.identity.timestamp import TimeStamp
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Verdict
from dauys.identity.verify import Purpose, verify_certificate, verify_cms, verify_cms_all
from made_certificates import SINCE, Maker
from made_gost import KINDS, GostWorld, relisted
from made_lists import delta_of, entry, number, signed_list
from made_messages import Stamper, stamp_attribute
from made_messages import message as message_of

SAMPLE, WHOLE = 1_500, 200_000


@pytest.fixture
def rounds(long):
    return WHOLE if long else SAMPLE


@pytest.fixture
def dice():
    seed = int(os.environ.get("DAUYS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"DAUYS_SEED={seed}")
    return random.Random(seed)


def mutated(dice, data):
    """Bytes broken anywhere, or a tree of DER whose elements are broken while all lengths stay right."""
    return broken_bytes(dice, data) if dice.random() < 0.3 else broken_tree(dice, data)


def broken_bytes(dice, data):
    """A few bytes changed, removed, put in, repeated, or cut off."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        place = dice.randrange(len(data) or 1)
        match dice.randrange(6):
            case 0:
                data[place : place + 1] = bytes((dice.randrange(256),))
            case 1:
                del data[place:]
            case 2:
                del data[place : place + dice.choice((1, 2, 30))]
            case 3:
                data[place:place] = dice.randbytes(dice.choice((1, 2, 30)))
            case 4:
                data[place:place] = data[place : place + dice.choice((1, 10, 200))]
            case 5:
                data[place : place + 1] = dice.choice((b"\x00", b"\x80", b"\x84", b"\xff", b"\x30", b"\x1f"))
    return bytes(data)


TAGS = (0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x17, 0x18, 0x30, 0x31, 0x80, 0xA0, 0xA1, 0xA3)


def broken_tree(dice, data):
    """One to three elements broken, removed, doubled, or put in place of another."""
    root = [tree(data)]
    for _ in range(dice.choice((1, 1, 2, 3))):
        places = [(parent, index) for parent in lists(root) for index in range(len(parent))]
        if not places:
            break
        parent, index = dice.choice(places)
        match dice.randrange(7):
            case 0:
                del parent[index]
            case 1:
                parent.insert(index, parent[index])
            case 2:
                other, at = dice.choice(places)
                parent[index] = tree(encode(other[at]))
            case _:
                parent[index] = broken_element(dice, *parent[index])
    return b"".join(map(encode, root))


def broken_element(dice, tag, content):
    """Another tag, no content, other content, or one bit of it."""
    flat = content if isinstance(content, bytes) else b"".join(map(encode, content))
    match dice.randrange(4):
        case 0:
            return dice.choice(TAGS), content
        case 1:
            return tag, b""
        case 2:
            return tag, broken_bytes(dice, flat)
        case _:
            place = dice.randrange(len(flat) or 1)
            return tag, flat[:place] + bytes(byte ^ 1 << dice.randrange(8) for byte in flat[place : place + 1]) + flat[
                place + 1 :
            ]


def tree(data):
    """An element of DER: its tag, and its bytes or the elements in it."""
    tag, start, end = head(data)
    if not tag & 0x20:
        return tag, data[start:end]
    content, rest = [], data[start:end]
    while rest:
        _, _, size = head(rest)
        content.append(tree(rest[:size]))
        rest = rest[size:]
    return tag, content


def head(data):
    """Tag, start and end of the content of the first element; what is no DER is one element of bytes."""
    if len(data) < 2 or data[1] == 0x80:
        return 4, 0, len(data)
    size = data[1] & 0x7F if data[1] & 0x80 else 0
    length = int.from_bytes(data[2 : 2 + size], "big") if size else data[1]
    return data[0], 2 + size, min(len(data), 2 + size + length)


def encode(element):
    tag, content = element
    return der.tlv(tag, content if isinstance(content, bytes) else b"".join(map(encode, content)))


def lists(elements):
    """All lists of elements in a tree, outermost first."""
    yield elements
    for _, content in elements:
        if not isinstance(content, bytes):
            yield from lists(content)


def test_the_tree_keeps_what_it_does_not_break(vectors):
    for name in ("cms/gost512_attached.cms", "cms/rsa2048_attached.cms", "crl/nca_gost2022_test.crl"):
        data = (vectors / name).read_bytes()
        assert encode(tree(data)) == data


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
        assert "Parse" not in str(verdict.error), "a parser's own words"
        if verdict.valid:  # a byte that nobody signs was hit: it proves what it proved before
            assert verdict.signer.certificate == signers[name]
        codes.add(verdict.error and verdict.error.code)
    often, seldom = {"cms-malformed", "signature-invalid"}, {"content-differs", "certificate-mismatch"}
    assert (often | seldom if rounds == WHOLE else often) <= codes


@pytest.mark.long
def test_certificates(vectors, national_test, at, rounds, dice):
    originals = [
        path.read_bytes() for folder in ("test_leaf", "ca_test") for path in sorted((vectors / folder).iterdir())
    ]
    for _ in range(rounds):
        original = dice.choice(originals)
        verdict = verify_certificate(mutated(dice, original), national_test, at, dice.choice(list(Purpose)))
        assert "Parse" not in str(verdict.error), "a parser's own words"
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


@pytest.mark.long
def test_ocsp_responses(vectors, certificate, rounds, dice):
    original = (vectors / "ocsp" / "ocsp_response_individual_2015.bin").read_bytes()
    issuer = certificate("ca_test/nca_gost2022_test.cer")
    serial = 0x0FF06211DC82BEB00253FFA000F1DE84ABEF454F
    told = OcspResponse.load(original, issuer).told(serial)
    for _ in range(rounds):
        try:
            answered = OcspResponse.load(mutated(dice, original), issuer)
        except DauysError:
            continue
        assert answered.told(serial) == told


@pytest.mark.long
def test_time_stamps(rounds, dice):
    maker = Maker("NCA")
    unchanged_or_refused(Stamper(maker), TrustStore.of([maker.authority(maker)], Profile.TEST), rounds, dice)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_time_stamps_by_gost(kind, rounds, dice):
    world = GostWorld(kind)
    unchanged_or_refused(world.stamper, world.trust, rounds, dice)


def unchanged_or_refused(stamper, trust, rounds, dice):
    original = stamper.token(b"signature", SINCE)
    stamp = TimeStamp.load(original, b"signature", trust)
    for _ in range(rounds):
        try:
            read = TimeStamp.load(mutated(dice, original), b"signature", trust)
        except SignatureRejected:
            continue
        assert read == stamp


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_signatures_by_gost(kind, rounds, dice):
    """With a stamp in it, judged for one signer and for all of them."""
    world = GostWorld(kind)
    text = b"I signed this long ago."
    original = message_of(
        world.key, world.person, text, stamps=lambda value: [stamp_attribute(world.stamper.token(value, SINCE))]
    )
    codes = set()
    for _ in range(rounds):
        changed, judge = (
            mutated(dice, original),
            dice.choice((verify_cms_all, lambda *given, **more: (verify_cms(*given, **more),))),
        )
        verdicts = judge(
            changed, text, world.trust, SINCE, purpose=dice.choice((Purpose.ANY_SIGNING, Purpose.PERSON_SIGNING))
        )
        assert verdicts
        for verdict in verdicts:
            assert not verdict.valid or verdict.signer.certificate == world.person
            codes.add(verdict.error and verdict.error.code)
    often, seldom = (
        {"cms-malformed", "signature-invalid"},
        {"content-differs"},
    )  # a small sample may miss the seldom one
    assert (often | seldom if rounds == WHOLE else often) <= codes


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_raw_signatures(kind, rounds, dice):
    """Signature, certificate or text broken: only what was signed verifies."""
    world = GostWorld(kind)
    originals = (world.key.sign(b"text"), world.person.der, b"text")
    for _ in range(rounds):
        broken = dice.randrange(3)
        parts = [mutated(dice, part) if place == broken else part for place, part in enumerate(originals)]
        verdict = verify_raw(*parts, world.trust, SINCE, purpose=Purpose.ANY_SIGNING)
        assert verdict.valid is (tuple(parts) == originals)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_revocation_lists_by_gost(kind, rounds, dice):
    world = GostWorld(kind)
    original = relisted(world.maker.revocation_list([(77, SINCE, None)]), world.authority)
    told = RevocationList.load(original, world.issuer).revoked(77)
    for _ in range(rounds):
        try:
            listed = RevocationList.load(mutated(dice, original), world.issuer)
        except DauysError:
            continue
        assert (listed.revoked(77), listed.revoked(78)) == (told, None)


@pytest.mark.long
def test_delta_lists(rounds, dice):
    maker = Maker("NCA")
    entries = [entry(serial, code=6) for serial in range(1, 9)]
    full = RevocationList.load(signed_list(maker, entries, number(10)), maker.authority(maker))
    original = signed_list(maker, [entry(3, code=8), entry(20, code=1)], number(12), delta_of(10))
    told = {serial: full.updated(original).revoked(serial) for serial in range(30)}
    for _ in range(rounds):
        try:
            listed = full.updated(mutated(dice, original))
        except DauysError:
            continue
        assert {serial: listed.revoked(serial) for serial in told} == told
