"""Notes against C2SP's and Go's own examples, then by properties."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import KeyMalformed, NoteInvalid
from dauys.translog.note import Signer, Verifier, open_note, split_note

SIGNER = Signer("log.example/2026", bytes(range(32)))
OTHER = Signer("witness.example", bytes(32))

texts = st.text(st.characters(codec="utf-8", exclude_characters=[chr(code) for code in range(32)])).map("{}\n".format)
lines = st.lists(texts, min_size=1, max_size=5).map("".join)
names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="+"), min_size=1)


@pytest.fixture(scope="module")
def published(log_vectors):
    return json.loads((log_vectors / "note.json").read_text())


# ---- What others signed ----


def test_the_note_of_the_specification(published):
    example = published["specification"]
    verifier = Verifier.parse(example["vkey"])
    assert verifier.key_id.hex() == "530d903a"
    assert open_note(example["note"], [verifier]) == (example["text"], [(verifier, None)])


def test_we_sign_as_go_does(published):
    go = published["go"]
    signer = Signer.load(go["skey"])
    assert signer.skey == go["skey"]
    assert signer.verifier.vkey == go["vkey"]
    assert signer.sign(go["text"]) == go["note"]


def test_signatures_of_unknown_keys_are_ignored(published):
    go = published["go"]
    first, second = Verifier.parse(go["vkey"]), Verifier.parse(go["second_vkey"])
    note = go["note"] + go["second_line"]
    assert open_note(note, [first]).signed_by == ["PeterNeumann"]
    assert open_note(note.encode(), [second]).signed_by == ["EnochRoot"]
    assert open_note(note, [first, second]).signed_by == ["PeterNeumann", "EnochRoot"]
    assert open_note(note, [first, first]).signed_by == ["PeterNeumann"]
    assert open_note(note + go["second_line"], [second]).signed_by == ["EnochRoot"]


def test_refused_notes(published):
    verifier = Verifier.parse(published["go"]["vkey"])
    go = published["go"]
    too_many = ["101 signatures", go["note"] + go["note"].rpartition("\n\n")[2] * 100]
    for why, note in [*published["refused_notes"], too_many]:
        assert is_refused(note, [verifier]), why


def is_refused(note, verifiers):
    try:
        open_note(note, verifiers)
    except NoteInvalid:
        return True
    return False


# ---- Keys ----


def test_base64_with_a_plus_inside_is_one_key(published):
    plus = published["plus"]
    assert plus["vkey"].count("+") > 2
    assert Verifier.parse(plus["vkey"]).vkey == plus["vkey"]
    assert Signer.load(plus["skey"]).verifier.vkey == plus["vkey"]


def test_refused_keys(published):
    for vkey in published["refused_vkeys"]:
        with pytest.raises(KeyMalformed):
            Verifier.parse(vkey)


def test_every_mangled_key_is_refused(published):
    for read, text in ((Verifier.parse, published["go"]["vkey"]), (Signer.load, published["go"]["skey"])):
        for place in range(len(text)):
            for mangled in (
                text[:place],
                text[place + 1 :],
                text[:place] + chr(ord(text[place]) + 1) + text[place + 1 :],
                text[:place] + text[place + 1 :],
            ):
                with pytest.raises(KeyMalformed):
                    read(mangled)


@given(names, st.binary(min_size=32, max_size=32))
def test_keys_are_read_back(name, seed):
    signer = Signer(name, seed)
    assert Signer.load(signer.skey) == signer
    assert Verifier.parse(signer.verifier.vkey) == signer.verifier


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2028b", "a\nb", "a\x00b", "\ud800"])
def test_names_that_would_break_a_line(name):
    with pytest.raises(KeyMalformed):
        Signer.generate(name)


def test_generated_keys_differ():
    assert Signer.generate("a").seed != Signer.generate("a").seed


def test_the_seed_is_never_shown():
    assert SIGNER.seed.hex() not in repr(SIGNER)
    assert repr(SIGNER) == "Signer(name='log.example/2026', type=Ed25519)"
    with pytest.raises(KeyMalformed) as refused:
        Signer.load(SIGNER.skey[:-4])
    assert SIGNER.skey[-30:-4] not in str(refused.value)


# ---- Properties ----


@given(lines)
def test_a_signed_text_opens(text):
    """Also one with empty lines and lines like signatures: the last empty line separates."""
    for tricky in (text, f"{text}\n", f"{text}\n— log.example/2026 AAAA\n"):
        note = SIGNER.sign(tricky)
        assert open_note(note, [OTHER.verifier, SIGNER.verifier]) == (tricky, [(SIGNER.verifier, None)])


@given(st.text())
def test_only_lines_of_plain_text_are_signed(text):
    try:
        note = SIGNER.sign(text)
    except NoteInvalid:
        return
    assert open_note(note, [SIGNER.verifier]).text == text


@given(lines, st.data())
def test_one_changed_byte_is_refused(text, data):
    note = bytearray(SIGNER.sign(text).encode())
    place = data.draw(st.integers(0, len(note) - 1))
    note[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NoteInvalid):
        open_note(bytes(note), [SIGNER.verifier])


@given(lines, st.data())
def test_a_piece_is_refused(text, data):
    note = SIGNER.sign(text).encode()
    cut = data.draw(st.integers(1, len(note)))
    for piece in (note[:-cut], note[cut:]):
        with pytest.raises(NoteInvalid):
            open_note(piece, [SIGNER.verifier])


def test_a_bad_signature_of_a_known_key_rejects_the_good_one_beside_it():
    note, other = SIGNER.sign("a\n"), SIGNER.sign("b\n")
    both = note + other.rpartition("\n\n")[2]
    for verifiers in ([SIGNER.verifier], [SIGNER.verifier, OTHER.verifier]):
        with pytest.raises(NoteInvalid, match="not over this text"):
            open_note(both, verifiers)


def test_two_keys_that_cannot_be_told_apart_are_refused(monkeypatch):
    monkeypatch.setattr(Verifier, "key_id", b"same")
    with pytest.raises(NoteInvalid, match="two different known keys"):
        open_note(SIGNER.sign("a\n"), [Verifier("a", bytes(32)), Verifier("a", bytes(range(32)))])


def test_sixteen_signatures_and_more_are_accepted():
    signers = [Signer(f"witness{number}.example", bytes([number]) * 32) for number in range(100)]
    block = "".join(signer.sign("a\n").rpartition("\n\n")[2] for signer in signers)
    opened = open_note(f"a\n\n{block}", [signer.verifier for signer in signers])
    assert opened.signed_by == [signer.name for signer in signers]


def test_a_note_too_long_is_refused_unread():
    with pytest.raises(NoteInvalid, match="longer than"):
        open_note("a" * 1_000_001, [])


pieces = st.sampled_from(
    ["\n", "\n\n", "— ", "log.example/2026 ", "AAAAAAAAAAAA", SIGNER.sign("a\n"), "+", "é", "\x00", " "]
)


@given(st.binary() | st.text() | st.lists(pieces, max_size=8).map("".join))
def test_anything_else_is_a_note_or_a_clean_refusal(note):
    try:
        text, signatures = split_note(note)
    except NoteInvalid:
        assert is_refused(note, [SIGNER.verifier])
        return
    assert text.endswith("\n")
    assert signatures


@given(st.text() | st.lists(st.sampled_from(["PRIVATE+KEY+", "a", "+", "AQ", "A" * 44, "ffffffff"])).map("".join))
def test_anything_else_is_a_key_or_a_clean_refusal(text):
    for read in (Verifier.parse, Signer.load):
        with pytest.raises(KeyMalformed):
            read(text)
