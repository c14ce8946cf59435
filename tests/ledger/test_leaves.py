import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import BadInput
from dauys.ledger.leaves import KINDS, LogOpened, PetitionSignature, decode_leaf, encode_leaf, from_text, to_text
from dauys.ledger.moments import hour_text

SCHEMAS = Path(__file__).parents[2] / "docs" / "spec" / "schemas"

signatures = st.builds(
    PetitionSignature,
    commitment=st.binary(min_size=32, max_size=32).map(to_text),
    hour=st.integers(0, 2_000_000).map(hour_text),
    pseudonym=st.binary(min_size=32, max_size=32).map(to_text),
    subject=st.integers(1, 10**17).map(lambda n: f"petition/{n}"),
    tier=st.sampled_from(["desktop", "mobile", "paper", "email", "outside"]),
)


@given(signatures)
def test_a_leaf_is_read_as_it_was_written(leaf):
    entry = encode_leaf(leaf)
    assert decode_leaf(entry) == leaf
    assert entry == json.dumps(json.loads(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(signatures, st.data())
def test_any_other_spelling_of_a_leaf_is_refused(leaf, data):
    value = json.loads(encode_leaf(leaf))
    spelling = data.draw(st.sampled_from(["spaces", "order", "extra", "missing", "version", "escape"]))
    if spelling == "spaces":
        entry = json.dumps(value, sort_keys=True)
    elif spelling == "order":
        entry = json.dumps(dict(sorted(value.items(), reverse=True)), separators=(",", ":"))
    elif spelling == "extra":
        entry = json.dumps(value | {"name": "Айгүл"}, sort_keys=True, separators=(",", ":"))
    elif spelling == "missing":
        del value[data.draw(st.sampled_from([name for name in sorted(value) if name != "v"]))]
        entry = json.dumps(value, sort_keys=True, separators=(",", ":"))
    elif spelling == "version":
        entry = json.dumps(value | {"v": 2}, sort_keys=True, separators=(",", ":"))
    else:
        entry = json.dumps(value, sort_keys=True, separators=(",", ":")).replace("petition/", "petition\\/", 1)
    with pytest.raises(BadInput):
        decode_leaf(entry.encode())


def test_a_pseudonym_has_one_spelling():
    leaf = PetitionSignature(to_text(bytes(32)), "2026-11-21T15Z", to_text(bytes(32)), "petition/1", "mobile")
    entry = encode_leaf(leaf)
    for last in "BCD":  # the same 32 bytes, were the spare bits not checked
        with pytest.raises(BadInput):
            decode_leaf(entry.replace(b'A","subject', last.encode() + b'","subject'))


@given(st.binary(max_size=300))
def test_random_bytes_are_no_leaf(data):
    with pytest.raises(BadInput):
        decode_leaf(data)


def test_deep_nesting_is_refused_and_not_suffered():
    with pytest.raises(BadInput):
        decode_leaf(b"[" * 60_000)


@pytest.mark.parametrize("text", ["a", "&&&&", "ааа"])
def test_what_is_no_base64url_is_refused(text):
    with pytest.raises(BadInput):
        from_text(text)


@pytest.mark.parametrize("kind", KINDS)
def test_frozen_schema_is_what_the_code_checks(kind):
    """A change here is a change of the log's format: it needs a new version, not a new file."""
    name = f"{kind.__struct_config__.tag}.v1.json"
    schema = msgspec.json.schema(kind)
    assert json.loads((SCHEMAS / name).read_text()) == schema, f"docs/spec/schemas/{name}"


def test_every_leaf_has_a_place_in_the_log_of_a_demo():
    assert decode_leaf(encode_leaf(LogOpened("demo", "2026-11-21T15:00:00Z", "x"))).mode == "demo"
