import json

import pytest

from act_vectors import FILE, make
from dauys.ledger.leaves import decode_leaf

VECTORS = json.loads(FILE.read_text())


@pytest.mark.parametrize("field", sorted(VECTORS))
def test_the_formats_are_those_that_were_frozen(field):
    assert make()[field] == VECTORS[field]


@pytest.mark.parametrize("kind", sorted(VECTORS["leaves"]))
def test_frozen_leaves_are_read(kind):
    assert decode_leaf(VECTORS["leaves"][kind].encode())
