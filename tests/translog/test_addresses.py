"""The signed list of true addresses: one spelling, one key, and no other note passes for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import AddressesInvalid, NoteInvalid
from dauys.translog.addresses import KINDS, Addresses, open_addresses, sign_addresses
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.note import Signer

SIGNER = Signer("log.example/2026", b"\x03" * 32)
LISTED = (
    ("site", "https://dauys.example"),
    ("mirror", "https://mirror.example/dauys"),
    ("gone", "http://127.0.0.1:8000"),
)
LIST = Addresses("log.example/2026", 3, "2026-11-22T03:00:00Z", LISTED)
TEXT = """dauys/addresses@v1
log log.example/2026
serial 3
date 2026-11-22T03:00:00Z
site https://dauys.example
mirror https://mirror.example/dauys
gone http://127.0.0.1:8000
"""

hosts = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?", fullmatch=True)


def test_the_form():
    assert LIST.to_text() == TEXT
    assert open_addresses(sign_addresses(SIGNER, LIST), [SIGNER.verifier]) == LIST
    assert (LIST.kind_of("https://dauys.example"), LIST.kind_of("https://other.example")) == ("site", "")
    assert LIST.of("gone") == ["http://127.0.0.1:8000"]


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), hosts.map("https://{}".format)), unique_by=lambda each: each[1]),
    st.integers(1, 2**63 - 1),
)
def test_a_list_is_read_as_it_was_written(listed, serial):
    made = Addresses("log.example/2026", serial, "2026-11-22T03:00:00Z", tuple(listed))
    assert Addresses.parse(made.to_text()) == made


@pytest.mark.parametrize(("old", "new"), [
    ("@v1", "@v2"), ("serial 3", "serial 03"), ("serial 3", "serial 0"), ("date 2026-11-22T03:00:00Z", "date yesterday"),
    ("site https://dauys.example\n", "site https://dauys.example/\n"), ("https://dauys.example", "https://Dauys.example"),
    ("https://dauys.example", "javascript:alert(1)"), ("https://dauys.example", "https://a@b.example"),
    ("https://dauys.example", "https://dauys.example/?q"), ("https://dauys.example", "https://дауыс.example"),
    ("gone http://127.0.0.1:8000", "site https://dauys.example"), ("gone ", "sold "), ("gone ", "gone  "), ("8000\n", "8000"),
    ("\nsite", "\n\nsite"),
])  # fmt: skip
def test_another_writing_is_no_list(old, new):
    assert old in TEXT
    with pytest.raises(AddressesInvalid):
        Addresses.parse(TEXT.replace(old, new, 1))


def test_only_the_log_itself_signs_its_list():
    stranger = Signer("stranger.example", b"\x05" * 32)
    for note in (stranger.sign(TEXT), Signer("log.example/2026", b"\x06" * 32).sign(TEXT)):
        with pytest.raises(AddressesInvalid):
            open_addresses(note, [SIGNER.verifier, stranger.verifier])
    harmed = sign_addresses(SIGNER, LIST).replace("dauys.example", "dauyz.example")
    with pytest.raises(AddressesInvalid):
        open_addresses(harmed, [SIGNER.verifier])


def test_a_checkpoint_is_no_list_and_a_list_no_checkpoint():
    note = sign_checkpoint(SIGNER, Checkpoint("log.example/2026", 3, bytes(32)))
    with pytest.raises(AddressesInvalid):
        open_addresses(note, [SIGNER.verifier])
    for listed in ((), LISTED):
        with pytest.raises(NoteInvalid):
            open_checkpoint(
                sign_addresses(SIGNER, Addresses("log.example/2026", 1, LIST.date, listed)), [SIGNER.verifier]
            )
