"""What stands in vaults can be read for as long as vaults are kept."""

import json

import pytest

from dauys.ledger import shamir
from dauys.ledger.auditors import INFO, SUITE
from dauys.ledger.envelope import Envelope, Sealed, Vault
from dauys.ledger.segments import HEAD, scan
from vault_vectors import AUDITOR, FILE, make

VECTORS = json.loads(FILE.read_text())


@pytest.mark.parametrize("field", sorted(VECTORS.keys() - {"auditor_share"}))
def test_the_formats_are_those_that_were_frozen(field):
    assert make()[field] == VECTORS[field]


@pytest.mark.parametrize("form", sorted(VECTORS["sealed"]))
def test_frozen_evidence_opens(form):
    parts = {name: bytes.fromhex(value) for name, value in VECTORS["sealed"][form].items()}
    sealed = Sealed(parts["commitment"], parts["wrapped"], parts["ciphertext"])
    envelope, salt = Vault(bytes.fromhex(VECTORS["vault_key"])).unseal(sealed)
    assert salt.hex() == VECTORS["salt"]
    assert Envelope.parse(envelope).statement


def test_a_frozen_segment_is_read():
    data = bytes.fromhex(VECTORS["segment"])
    found = list(scan(data))
    assert [index for index, _ in found] == [300, 301, 302, 303, 304]
    kept = [data[place.offset + HEAD.size :][: place.length].hex() for _, place in found]
    assert kept == [each["ciphertext"] for each in VECTORS["sealed"].values()]


def test_a_frozen_share_opens_for_its_auditor_and_gives_the_key_back():
    share = SUITE.decrypt(bytes.fromhex(VECTORS["auditor_share"]), AUDITOR, INFO + VECTORS["label"].encode())
    assert share.hex() == VECTORS["shamir"]["shares"][0]
    for other in VECTORS["shamir"]["shares"][1:]:
        assert shamir.combine([share, bytes.fromhex(other)]).hex() == VECTORS["shamir"]["secret"]
