"""Mutations of signed XML documents: whatever the bytes, a verdict with a coded error, and never another content or person.

A sample with a printed seed; 200,000 under --long. Repeat a failure with DAUYS_SEED.
"""

import os
import random
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.xml_signer import sign_xml
from dauys.errors import SignatureRejected
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.xml_checks import verify_xml
from made_xml import wrapped

SAMPLE, WHOLE = 2_000, 200_000
DOCUMENT = (
    '<statement xml:lang="kk"><text q:kind="1" xmlns:q="urn:q">Мен қол қоямын</text>\n<rest/></statement>'.encode()
)
PIECES = (
    b"<", b">", b"/>", b"&", b"&#0;", b"&lt;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x?>", b"<!DOCTYPE a>", b" xmlns='a'",
    b" Id='a'", b"<a>", b"</a>", b"<ds:Signature>", b"</ds:Signature>", b"\xff", b"\x00", b"\xef\xbb\xbf", b"=", b"#WithComments", b"\r\n",
)  # fmt: skip


@pytest.fixture
def dice():
    seed = int(os.environ.get("DAUYS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"DAUYS_SEED={seed}")
    return random.Random(seed)


def broken_bytes(dice, data):
    """A few bytes changed, removed or repeated, or a piece of markup put in."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        place, length = dice.randrange(len(data) or 1), dice.choice((1, 5, 60, 400))
        match dice.randrange(4):
            case 0:
                data[place : place + 1] = bytes((dice.randrange(256),))
            case 1:
                del data[place : place + length]
            case 2:
                data[place:place] = data[place : place + length]
            case 3:
                data[place:place] = dice.choice(PIECES)
    return bytes(data)


def broken_tree(dice, data):
    """Elements removed, doubled, moved, renamed, given other attributes or text."""
    root = etree.fromstring(data)
    for _ in range(dice.choice((1, 1, 2, 3))):
        elements = list(root.iter())
        one, other = dice.choice(elements), dice.choice(elements)
        match dice.randrange(7):
            case 0 if one is not root:
                one.getparent().remove(one)
            case 1:
                other.append(etree.fromstring(etree.tostring(one, with_tail=False)))
            case 2 if one not in (root, *other.iterancestors(), other):
                other.insert(0, one)
            case 3:
                one.tag = other.tag
            case 4:
                one.set(
                    dice.choice(("Id", "URI", "Algorithm", "more")), dice.choice(("", "#a", *other.attrib.values()))
                )
            case 5:
                one.text = other.text
            case 6:
                one.tail = dice.choice(("", " ", "text"))
    return etree.tostring(root, encoding="UTF-8")


@pytest.mark.long
def test_signed_documents(authorities, dice, long):
    now, pki = datetime.now(UTC), DemoPki.load(authorities)
    trust = TrustStore.load(pki.trust_directory, Profile.TEST)
    signed = [
        sign_xml(pki.enrol(citizen(number), now=now - timedelta(days=1)), DOCUMENT)
        for number in (next(n for n in range(1000) if citizen(n).algorithm == kind) for kind in ("gost", "rsa"))
    ]
    signers = {verify_xml(data, DOCUMENT, trust, now).require().certificate for data in signed}
    originals = [*signed, *wrapped(signed[1]).values()]
    codes, held = set(), 0
    for _ in range(WHOLE if long else SAMPLE):
        data = (broken_bytes if dice.random() < 0.5 else broken_tree)(dice, dice.choice(originals))
        verdict = verify_xml(data, DOCUMENT if dice.random() < 0.8 else None, trust, now)
        assert verdict.error is None or isinstance(verdict.error, SignatureRejected)
        if verdict.valid:  # what was hit changes nothing of what the document says
            assert verdict.signer.certificate in signers
            assert verify_xml(data, DOCUMENT, trust, now).valid
            held += 1
        codes.add(verdict.error and verdict.error.code)
    print(f"{held} held")
    assert {"xml-malformed", "xml-not-covered", "signature-invalid", "content-differs", "no-certificate"} <= codes
