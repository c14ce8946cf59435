import json

import pytest

import leaf_vectors
from act_vectors import FILE, make
from dauys.ledger.envelope import Envelope, Form
from dauys.ledger.leaves import KINDS, decode_leaf

VECTORS = json.loads(FILE.read_text())
LEAVES = json.loads(leaf_vectors.FILE.read_text())


@pytest.mark.parametrize("field", sorted(VECTORS))
def test_the_formats_are_those_that_were_frozen(field):
    assert make()[field] == VECTORS[field]


@pytest.mark.parametrize("kind", sorted(VECTORS["leaves"]))
def test_frozen_leaves_are_read(kind):
    assert decode_leaf(VECTORS["leaves"][kind].encode())


@pytest.mark.parametrize("kind", sorted(LEAVES))
def test_every_other_leaf_is_the_one_that_was_frozen(kind):
    assert leaf_vectors.make()[kind] == LEAVES[kind]
    assert decode_leaf(LEAVES[kind]["entry"].encode())


def test_no_kind_of_leaf_lacks_a_vector():
    assert {kind.__struct_config__.tag for kind in KINDS} == VECTORS["leaves"].keys() | {
        name.partition(",")[0] for name in LEAVES
    }


@pytest.mark.parametrize(
    ("field", "form", "tier"), [("envelope_link", Form.LINK, "email"), ("envelope_sheet", Form.SHEET, "paper")]
)
def test_frozen_evidence_without_a_key_says_what_was_declared(field, form, tier):
    envelope = Envelope.parse(bytes.fromhex(VECTORS[field]))
    assert (envelope.form, envelope.certificate) == (form, b"")
    words, facts = envelope.statement.decode().split("dauys-statement/v1")
    assert "азамат" not in words
    assert "declares: age>=14\n" in facts
    assert f"tier: {tier}\n" in facts
