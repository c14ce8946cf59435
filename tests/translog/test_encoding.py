"""One value has one writing."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.translog.encoding import decode_base64, decode_decimal, encode_base64


@given(st.binary(max_size=100))
def test_base64_is_read_back(data):
    assert decode_base64(encode_base64(data)) == data == base64.b64decode(encode_base64(data))


@given(st.text(max_size=12) | st.text(alphabet="AQgw+/=_-\n ", max_size=12))
def test_what_base64_reads_it_writes_the_same(text):
    try:
        data = decode_base64(text)
    except ValueError:
        return
    assert encode_base64(data) == text


@pytest.mark.parametrize("text", ["AB==", "AAB=", "AA", "AA=", "AAAA=", "AAAA\n", "A A A A", "-_-_", "é"])
def test_base64_refuses_a_second_writing(text):
    with pytest.raises(ValueError, match=r".+"):
        decode_base64(text)


@given(st.integers(0, 2**63 - 1))
def test_decimals_are_read_back(number):
    assert decode_decimal(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "00", "01", "+1", "-1", "1_0", " 1", "1\n", "٣", "1e3", "9223372036854775808", "9" * 5000]
)
def test_decimals_refuse_a_second_writing(text):
    with pytest.raises(ValueError, match="decimal"):
        decode_decimal(text)
