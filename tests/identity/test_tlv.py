"""The walk through DER: what it cuts out is byte for byte what a strict reader reads, and it refuses what that refuses."""

import pytest
from cryptography.hazmat import asn1 as strict
from cryptography.x509 import ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from dauys.demo import der
from dauys.identity import asn1, tlv

TAGS = st.integers(0, 255).filter(lambda tag: tag & 0x1F != 0x1F)
SIZES = st.one_of(st.integers(0, 300), st.sampled_from([0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000]))
ELEMENTS = st.builds(lambda tag, size: der.tlv(tag, b"x" * size), TAGS, SIZES)


def accepted(read, *arguments):
    try:
        return read(*arguments)
    except ValueError:
        return None


@given(st.lists(ELEMENTS, max_size=5))
def test_elements_are_cut_where_they_were_joined(parts):
    assert tlv.elements(b"".join(parts)) == parts
    assert tlv.children(der.sequence(*parts)) == parts
    assert tlv.value(der.sequence(*parts), tlv.SEQUENCE) == b"".join(parts)


@given(st.binary(max_size=12).filter(lambda data: data[:1] and data[0] & 0x1F != 0x1F))
def test_one_element_is_what_a_strict_reader_takes_for_one(data):
    read = accepted(strict.decode_der, strict.TLV, data)
    assert accepted(tlv.whole, data) == (None if read is None else data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x30",
        b"\x30\x01",
        b"\x30\x80\x00\x00",  # indefinite
        b"\x30\x81\x7f" + bytes(0x7F),  # could be shorter
        b"\x30\x82\x00\x80" + bytes(0x80),
        b"\x30\x81",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x1f\x81\x01\x00",  # a tag of several bytes
        b"\xbf\x01\x00",
        b"\x05\x00\x05",
    ],
)
def test_what_is_no_run_of_elements(data):
    with pytest.raises(asn1.Malformed):
        tlv.elements(data)


def test_a_tag_is_asked_for():
    with pytest.raises(asn1.Malformed):
        tlv.children(der.set_of(b"\x05\x00"))
    with pytest.raises(asn1.Malformed):
        tlv.value(b"\x05\x00")


def test_optional_fields_are_taken_in_their_order():
    fields = [der.context(0, b"\x05\x00"), b"\x05\x00"]
    assert tlv.take_list(fields, tlv.CONSTRUCTED + 1) is None
    assert tlv.take_list(fields, tlv.CONSTRUCTED) == [b"\x05\x00"]
    with pytest.raises(asn1.Malformed):
        tlv.require_end(fields)
    tlv.require_end([])


@given(st.binary(max_size=20))
def test_numbers_bits_and_identifiers_are_as_strict_as_the_reader(content):
    number, bits, identifier = (bytes((tag, len(content))) + content for tag in (2, 3, 6))
    assert accepted(tlv.integer, number) == accepted(strict.decode_der, int, number)
    read = accepted(strict.decode_der, strict.BitString, bits)
    assert accepted(tlv.whole_bytes, bits) == (read.as_bytes() if read and not read.padding_bits() else None)
    name = accepted(strict.decode_der, ObjectIdentifier, identifier)
    assert accepted(tlv.identifier, identifier) == (name and name.dotted_string)


@given(st.integers(-(1 << 170), 1 << 170))
def test_integers(number):
    assert tlv.integer(der.integer(number) if number >= 0 else strict.encode_der(number)) == number


@pytest.mark.parametrize(
    ("tag", "text", "read"),
    [
        (0x17, "260508064513Z", "2026-05-08 06:45:13+00:00"),
        (0x17, "491231235959Z", "2049-12-31 23:59:59+00:00"),
        (0x17, "500101000000Z", "1950-01-01 00:00:00+00:00"),
        (0x18, "20500101000000Z", "2050-01-01 00:00:00+00:00"),
        (0x18, "260508064513Z", None),
        (0x17, "2605080645Z", None),
        (0x17, "260508064513z", None),
        (0x17, "2605080645.3Z", None),
        (0x17, "260508240000Z", None),
        (0x17, "260229000000Z", None),
        (0x17, "260508064560Z", None),
        (0x18, "20500101000000.5Z", None),  # which ASN.1 allows, and RFC 5280 does not
    ],
)
def test_moments(tag, text, read):
    moment = accepted(tlv.moment, der.tlv(tag, text.encode()))
    assert (moment and str(moment)) == read
