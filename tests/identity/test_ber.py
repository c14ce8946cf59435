"""BER of indefinite length becomes the DER it stands for, and nothing else becomes anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.demo import der
from dauys.identity import asn1, ber, tlv
from dauys.identity.verify import verify_cms

END = b"\x00\x00"
# A tree: (tag, bytes) or (tag, list of trees); octet strings may be drawn in pieces when they are written as BER.
LEAVES = st.tuples(st.sampled_from([0x02, 0x04, 0x05, 0x0C, 0x80, 0x9E]), st.binary(max_size=300))
TREES = st.recursive(LEAVES, lambda inner: st.tuples(st.sampled_from([0x30, 0x31, 0xA0]), st.lists(inner, max_size=4)))


def as_der(tree):
    tag, content = tree
    return der.tlv(tag, content if isinstance(content, bytes) else b"".join(map(as_der, content)))


def as_ber(tree, draw):
    """The tree with lengths longer than needed or indefinite, and octet strings in pieces, as `draw` decides."""
    tag, content = tree
    if isinstance(content, list):
        return framed(tag, b"".join(as_ber(part, draw) for part in content), draw)
    if tag == 0x04 and draw(st.booleans()):
        cut = draw(st.integers(0, len(content)))
        pieces = [as_ber((0x04, piece), lambda _: False) for piece in (content[:cut], content[cut:])]
        return framed(0x24, b"".join(pieces), draw)
    return bytes((tag, 0x83)) + len(content).to_bytes(3, "big") + content


def framed(tag, content, draw):
    return bytes((tag, 0x80)) + content + END if draw(st.booleans()) else der.tlv(tag, content)


@given(TREES, st.data())
def test_ber_is_read_as_the_der_it_stands_for(tree, data):
    assert ber.to_der(as_ber(tree, data.draw)) == as_der(tree)


@given(TREES)
def test_der_stays_as_it_is(tree):
    assert ber.to_der(as_der(tree)) == as_der(tree)


@given(st.binary(max_size=60))
def test_whatever_comes_out_is_one_element_of_der(data):
    try:
        read = ber.to_der(data)
    except asn1.Malformed:
        return
    assert tlv.whole(read) == read
    assert ber.to_der(read) == read


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x80\x00",
        b"\x30\x80" + END + b"\x00",  # something after the end
        END,
        b"\x30\x02" + END,  # an end mark where the length is told
        b"\x04\x80\x04\x01a" + END,  # only elements can have an end mark
        b"\x24\x80\x0c\x01a" + END,  # a piece of another kind
        b"\x30\x04\x30\x80" + END + END,  # an end mark beyond the length around it
        b"\x3f\x81\x01\x00",  # a tag of several bytes
        b"\x30\x88" + b"\xff" * 8,
        b"\x04\xff" + bytes(127),
    ],
)
def test_what_is_no_ber(data):
    with pytest.raises(asn1.Malformed):
        ber.to_der(data)


def test_depth_and_number_of_elements_are_bounded():
    deep = b"\x30\x80" * ber.DEEPEST + END * ber.DEEPEST
    assert tlv.whole(ber.to_der(deep))
    with pytest.raises(asn1.Malformed):
        ber.to_der(b"\x30\x80" + deep + END)
    with pytest.raises(asn1.Malformed):
        ber.to_der(b"\x30\x80" * 30_000)
    many = b"\x05\x00" * (ber.MOST_ELEMENTS - 2)
    assert ber.to_der(b"\x30\x80" + many + END)
    with pytest.raises(asn1.Malformed):
        ber.to_der(b"\x30\x80" + many + b"\x05\x00" + END)


def test_a_real_message_has_the_same_verdict_as_its_twin_in_der(vectors, national_test, message, at):
    in_ber, in_der = ((vectors / "cms" / f"gost512_attached{kind}.cms").read_bytes() for kind in ("_ber", ""))
    for content in (None, message, b"another text"):
        found, twin = (verify_cms(data, content, national_test, at).report() for data in (in_ber, in_der))
        assert found["checks"][0].pop("evidence") != twin["checks"][0].pop("evidence"), "the bytes as they came"
        assert found == twin
    broken = in_ber.replace(b"\x00" * 6, b"\x00" * 4, 1)
    assert verify_cms(broken, None, national_test, at).error.code == "cms-malformed"


def test_attributes_in_ber_are_signed_as_der(vectors, national_test, at):
    """The signer hashed the DER of its attributes; each of them may travel with an indefinite length."""
    data = (vectors / "cms" / "gost512_attached.cms").read_bytes()
    kind, wrapped = tlv.children(data)
    version, digests, content, certificates, signers = tlv.children(tlv.children(wrapped, 0xA0)[0])
    parts = tlv.children(tlv.children(signers, 0x31)[0])
    attributes = [b"\x30\x80" + tlv.value(one, 0x30) + END for one in tlv.children(parts[3], 0xA0)]
    parts[3] = b"\xa0\x80" + b"".join(reversed(attributes)) + END
    signer = b"\x31\x80\x30\x80" + b"".join(parts) + END + END
    signed = b"\x30\x80" + version + digests + content + certificates + signer + END
    verdict = verify_cms(b"\x30\x80" + kind + b"\xa0\x80" + signed + END + END, None, national_test, at)
    assert verdict.valid
