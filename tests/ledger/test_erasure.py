"""A person's evidence goes for good, and nothing that was counted changes."""

from contextlib import closing
from datetime import timedelta

import pytest

from dauys.errors import NoEvidence, OrderMissing
from dauys.ledger import sqlite
from dauys.ledger.erasure import acts_of, erase, erasure_of, forgetting
from dauys.ledger.leaves import decode_leaf, encode_leaf
from dauys.ledger.office_acts import Evidence, append_signed
from dauys.ledger.petition_leaves import Withdrawn
from dauys.ledger.receipts import receipts_of
from dauys.ledger.recount import Recount
from dauys.ledger.sequencer import KeyUse
from dauys.ledger.vault import read_envelope
from dauys.ledger.vault_leaves import EvidenceErased, TextErased, erased_texts
from dauys.ledger.withdrawals import withdraw
from dauys.translog.proof import verify_receipt
from small_installation import NOW

PERSON = "iin|990101300123"
ORDER = "ab" * 32


def sign(installation, *people, key=None):
    with closing(installation.sequencer()) as sequencer:
        placed = sequencer.commit([installation.admission(who, key=key) for who in people])
    return [each.index for each in placed]


def forget(installation, indices, reason="asked", order=""):
    with forgetting(installation.places) as connection:
        return erase(connection, indices, reason, NOW, order)


@pytest.fixture
def ledger(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        yield connection


def test_the_evidence_is_gone_and_everything_else_stands(installation, ledger):
    mine, other = sign(installation, PERSON, "iin|2")
    entry, count = forget(installation, acts_of(ledger, installation.keys, PERSON))
    leaf = decode_leaf(sqlite.read_entries(ledger, entry, entry + 1)[0])
    assert isinstance(leaf, EvidenceErased)
    assert (leaf.count, count, leaf.reason, leaf.order) == (1, 1, "asked", "")
    assert read_envelope(ledger, mine) is None
    assert read_envelope(ledger, other) is not None
    assert erasure_of(ledger, mine) == entry
    assert erasure_of(ledger, other) is None
    receipt = receipts_of(ledger, installation.keys.log, [mine])[mine]
    assert verify_receipt(receipt, [installation.keys.log.verifier])[0].index == mine
    (standing,) = ledger.execute("SELECT standing FROM ledger_count").fetchone()
    assert standing == 2


def test_the_key_leaves_the_files_of_the_database(installation, ledger):
    (mine,) = sign(installation, PERSON)
    wrapped = read_envelope(ledger, mine)[0]
    ledger.close()
    files = [path for path in installation.places.var.rglob("*") if path.is_file()]
    assert any(wrapped in path.read_bytes() for path in files)
    forget(installation, [mine])
    assert not any(wrapped in path.read_bytes() for path in files if path.exists())


def test_the_log_names_neither_the_person_nor_the_acts(installation, ledger):
    (mine,) = sign(installation, PERSON)
    entry, _ = forget(installation, [mine])
    (text,) = sqlite.read_entries(ledger, entry, entry + 1)
    pseudonym = decode_leaf(sqlite.read_entries(ledger, mine, mine + 1)[0]).pseudonym
    assert pseudonym.encode() not in text
    assert b"990101300123" not in text
    (salt,) = ledger.execute("SELECT salt FROM ledger_erasure").fetchone()
    ledger.execute("UPDATE ledger_erasure SET salt = ?", (bytes(32),))
    assert salt != bytes(32)
    assert erasure_of(ledger, mine) is None


def test_all_acts_of_a_person_are_found_and_no_others(installation, ledger):
    mine, _ = sign(installation, PERSON, "iin|2")
    keys, person = installation.keys, installation.keys.person(PERSON)
    with sqlite.transaction(ledger, installation.places.database):
        withdraw(ledger, keys, "petition/1", PERSON, Evidence(person, b"envelope", b"n" * 16, "mobile"), NOW)
        other, _ = append_signed(
            ledger, keys, "petition/1", Evidence(person, b"envelope", b"m" * 16, "mobile"),
            lambda commitment: Withdrawn(commitment=commitment, moment="2026-11-21T00:00:00Z", subject="petition/1"),
        )  # fmt: skip
    found = acts_of(ledger, keys, PERSON)
    assert found[0] == mine
    assert found[-1] == other
    assert len(found) == 3
    forget(installation, found)
    assert acts_of(ledger, keys, PERSON) == []
    assert {person for (person,) in ledger.execute("SELECT person FROM ledger_office_act")} == {""}


def test_nothing_is_erased_twice_and_an_order_needs_its_text(installation, ledger):
    (mine,) = sign(installation, PERSON)
    size = sqlite.read_tail(ledger).size
    for reason, order in (("court-order", ""), ("asked", ORDER)):
        with pytest.raises(OrderMissing):
            forget(installation, [mine], reason, order)
    forget(installation, [mine], "court-order", ORDER)
    for indices in ([mine], [0], [], [10**6]):
        with pytest.raises(NoEvidence):
            forget(installation, indices)
    assert sqlite.read_tail(ledger).size == size + 1


def test_an_act_that_awaits_its_confirmation_gets_it_from_the_next_list(installation, ledger, confirm):
    use = KeyUse(b"\x01" * 20, b"\x07", int(NOW.timestamp()), int(NOW.timestamp()))
    (mine,) = sign(installation, PERSON, key=use)
    forget(installation, [mine])
    assert ledger.execute("SELECT authority, serial, signed_at FROM ledger_unconfirmed").fetchall() == [
        (b"\x01" * 20, b"", 0)
    ]
    assert confirm(NOW - timedelta(seconds=1), {7}) == 0
    assert confirm(NOW + timedelta(seconds=1), {7, 0}) == 1
    assert ledger.execute("SELECT final, taken_back FROM ledger_tally").fetchall() == [(1, 0)]
    tail = sqlite.read_tail(ledger)
    recount = Recount(frozenset(), tail.origin)
    for index, entry in enumerate(sqlite.read_entries(ledger, 0, tail.size)):
        recount.entry(index, entry)
    assert [finding.code for finding in recount.findings] == ["evidence-erased"]
    assert recount.history.erased == 1


@pytest.fixture
def confirm(installation):
    """Confirms with a list of a moment that revokes some serial numbers."""
    from dauys.identity.revocation import Reason, Revoked
    from dauys.ledger.confirmation import Confirmer
    from dauys.ledger.confirmation_leaf import ListUsed
    from dauys.ledger.moments import moment_text

    class Listed:
        def __init__(self, issued, revoked):
            self.issued, self._revoked = issued, revoked
            self.used = (ListUsed("01" * 20, False, "5", "ab" * 32, moment_text(issued)),)

        def revoked(self, serial):
            early = NOW - timedelta(days=1)
            return Revoked(early, Reason(1)) if serial in self._revoked else None

    def run(issued, revoked):
        with closing(Confirmer(installation.places)) as confirmer:
            return confirmer.confirm({b"\x01" * 20: Listed(issued, revoked)})

    return run


def test_a_mirror_learns_from_the_log_which_texts_to_drop():
    leaf = TextErased("2026-11-21T00:00:00Z", [1, 2], "", "personal-data", "cd" * 32)
    assert erased_texts([decode_leaf(encode_leaf(leaf)), object()]) == {"cd" * 32: leaf}
