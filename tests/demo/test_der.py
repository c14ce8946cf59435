"""The DER writer, judged by the decoder of `cryptography`."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from dauys.demo import der


@given(st.integers(0, 2**600))
def test_integers(number):
    assert asn1.decode_der(int, der.integer(number)) == number


@given(st.binary(max_size=70_000))
def test_octets_of_every_length_form(content):
    assert asn1.decode_der(bytes, der.octets(content)) == content


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths_at_their_edges(size):
    assert asn1.decode_der(bytes, der.octets(b"x" * size)) == b"x" * size


@given(st.text(max_size=200))
def test_text(text):
    assert asn1.decode_der(str, der.utf8(text)) == text


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=8).map(lambda arcs: [2, 39, *arcs]))
def test_object_identifiers(arcs):
    dotted = ".".join(map(str, arcs))
    assert asn1.decode_der(ObjectIdentifier, der.oid(dotted)).dotted_string == dotted


def test_a_national_identifier_byte_for_byte():
    assert der.oid("1.2.398.3.10.1.1.2.3.2").hex() == "060a2a830e030a0101020302"


@given(st.lists(st.binary(min_size=1, max_size=40).map(der.octets), max_size=6))
def test_sets_are_sorted(parts):
    assert asn1.decode_der(asn1.TLV, der.set_of(*parts)).data == b"".join(sorted(parts))


def test_times_change_form_in_2050():
    almaty = timezone(timedelta(hours=5))
    assert der.time(datetime(2026, 11, 21, 5, 0, 7, tzinfo=almaty)) == b"\x17\x0d261121000007Z"
    assert der.time(datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)) == b"\x17\x0d491231235959Z"
    assert der.time(datetime(2050, 1, 1, tzinfo=UTC)) == b"\x18\x0f20500101000000Z"
