import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import BadInput
from dauys.ledger.envelope import MAGIC_2, Envelope, Form, Vault, commitment

FORMS = [(Form.CMS, st.just(b"")), (Form.XML, st.just(b"")), (Form.RAW, st.binary(min_size=1, max_size=2000))]
envelopes = st.one_of(
    st.builds(
        Envelope,
        st.binary(max_size=2000),
        st.binary(max_size=4000),
        st.integers(0, 2**64 - 1),
        st.just(form),
        certificate,
    )
    for form, certificate in FORMS
)


@given(envelopes)
def test_an_envelope_is_read_as_it_was_written(envelope):
    assert Envelope.parse(envelope.to_bytes()) == envelope


@given(envelopes, st.binary(max_size=40))
def test_a_longer_or_shorter_envelope_is_refused(envelope, more):
    data = envelope.to_bytes()
    for wrong in (data + more + b"x", data[: -1 - len(more)], more):
        with pytest.raises(BadInput):
            Envelope.parse(wrong)


@pytest.mark.parametrize(("form", "certificate"), [(0, b""), (1, b"c"), (2, b""), (3, b"c"), (255, b"")])
def test_each_form_is_written_in_one_way(form, certificate):
    wrong = Envelope(b"statement", b"signature", 5, Form.RAW, certificate).to_bytes()
    wrong = wrong.replace(MAGIC_2 + b"\x02", MAGIC_2 + bytes((form,)))
    with pytest.raises(BadInput):
        Envelope.parse(wrong)


@given(st.binary(max_size=500), st.binary(min_size=32, max_size=32))
def test_sealed_evidence_opens_with_its_key_and_commits_to_itself(data, key):
    sealed = Vault(key).seal(data)
    opened, salt = Vault(key).unseal(sealed)
    assert opened == data
    assert commitment(data, salt) == sealed.commitment


@pytest.mark.parametrize("field", ["commitment", "wrapped", "ciphertext"])
def test_one_changed_byte_does_not_open(field):
    vault = Vault(bytes(32))
    sealed = vault.seal(b"evidence")
    value = bytearray(getattr(sealed, field))
    for place in range(len(value)):
        changed = bytes(value[:place]) + bytes([value[place] ^ 1]) + bytes(value[place + 1 :])
        with pytest.raises(BadInput):
            vault.unseal(dataclasses.replace(sealed, **{field: changed}))


def test_another_key_does_not_open():
    with pytest.raises(BadInput):
        Vault(b"k" * 32).unseal(Vault(bytes(32)).seal(b"evidence"))


def test_the_same_envelope_never_commits_twice_to_the_same():
    assert Vault(bytes(32)).seal(b"x").commitment != Vault(bytes(32)).seal(b"x").commitment
