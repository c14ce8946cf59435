import sqlite3
from contextlib import closing

import pytest

from dauys.errors import Refusal
from dauys.ledger import sqlite
from dauys.ledger.sequencer import Outcome
from dauys.translog.proof import verify_receipt


def outcomes(placed):
    return [place.outcome for place in placed]


def test_a_batch_is_admitted_once_with_receipts_that_verify(installation):
    with closing(installation.sequencer()) as sequencer:
        batch = [installation.admission(f"iin|{n}") for n in range(300)]
        placed = sequencer.commit(batch)
        assert outcomes(placed) == [Outcome.ADMITTED] * 300
        assert sorted(place.index for place in placed) == list(range(2, 302))
        for place, act in zip(placed, batch, strict=True):
            receipt, checkpoint = verify_receipt(place.receipt, [installation.keys.log.verifier])
            assert (receipt.index, receipt.entry, checkpoint.size) == (place.index, act.entry, 302)


def test_leaves_of_a_batch_stand_in_a_random_order(installation):
    with closing(installation.sequencer()) as sequencer:
        placed = sequencer.commit([installation.admission(f"iin|{n}") for n in range(200)])
        indices = [place.index for place in placed]
        assert indices != sorted(indices)  # 1 in 200! would be sorted by chance


def test_groups_stand_in_their_order_and_nobody_twice(installation):
    with closing(installation.sequencer()) as sequencer:
        groups = [[installation.admission(f"iin|{n}") for n in range(first, first + 20)] for first in (0, 20, 30)]
        assert sequencer.commit_in_order(groups) == 50  # ten of the third group stand in the second
        entries = sqlite.read_entries(sequencer.connection, 2, 52)
        assert set(entries[:20]) == {act.entry for act in groups[0]}
        assert set(entries[20:40]) == {act.entry for act in groups[1]}
        assert set(entries[40:]) == {act.entry for act in groups[2][10:]}


def test_same_request_and_person_gets_the_same_entry_again(installation):
    with closing(installation.sequencer()) as sequencer:
        act = installation.admission("iin|1")
        first, again = sequencer.commit([act])[0], sequencer.commit([act])[0]
        assert (first.outcome, again.outcome, again.index) == (Outcome.ADMITTED, Outcome.REPEATED, first.index)
        assert verify_receipt(again.receipt, [installation.keys.log.verifier])[0].entry == act.entry


def test_second_signature_of_a_person_changes_nothing(installation):
    with closing(installation.sequencer()) as sequencer:
        first = sequencer.commit([installation.admission("iin|1")])[0]
        size = sqlite.read_tail(sequencer.connection).size
        second = sequencer.commit([installation.admission("iin|1")])[0]
        assert (second.outcome, second.index) == (Outcome.ALREADY, first.index)
        assert sqlite.read_tail(sequencer.connection).size == size


def test_another_person_cannot_use_a_used_request(installation):
    with closing(installation.sequencer()) as sequencer:
        nonce = bytes(range(16))
        sequencer.commit([installation.admission("iin|1", nonce=nonce)])
        other = sequencer.commit([installation.admission("iin|2", nonce=nonce)])[0]
        assert (other.outcome, other.receipt) == (Outcome.USED, "")


def test_one_batch_with_the_same_person_and_the_same_nonce_twice(installation):
    with closing(installation.sequencer()) as sequencer:
        nonce = bytes(16)
        batch = [installation.admission("iin|1"), installation.admission("iin|1"),
                 installation.admission("iin|2", nonce=nonce), installation.admission("iin|3", nonce=nonce)]  # fmt: skip
        got = outcomes(sequencer.commit(batch))
        assert sorted(o.name for o in got[:2]) == ["ADMITTED", "ALREADY"]
        assert sorted(o.name for o in got[2:]) == ["ADMITTED", "USED"]


def test_counts_move_with_the_batch(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission(f"iin|{n}", tier="desktop" if n < 3 else "mobile") for n in range(10)])
        rows = sequencer.connection.execute(
            "SELECT tier, committed, published FROM ledger_tally ORDER BY tier"
        ).fetchall()
        assert rows == [("desktop", 3, 0), ("mobile", 7, 0)]


def test_a_failed_batch_leaves_nothing_and_the_next_one_goes_on(installation, monkeypatch):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission("iin|1")])
        before = sqlite.read_tail(sequencer.connection)
        with monkeypatch.context() as patch:
            patch.setattr(
                sqlite, "move_tallies", lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("disk full"))
            )
            with pytest.raises(sqlite3.OperationalError):
                sequencer.commit([installation.admission(f"iin|{n}") for n in range(2, 9)])
        assert sqlite.read_tail(sequencer.connection) == before
        placed = sequencer.commit([installation.admission("iin|2")])[0]
        assert (placed.outcome, placed.index) == (Outcome.ADMITTED, before.size)
        verify_receipt(placed.receipt, [installation.keys.log.verifier])


def test_two_sequencers_share_one_log(installation):
    with closing(installation.sequencer()) as one, closing(installation.sequencer()) as two:
        placed = []
        for n in range(20):
            placed += (one if n % 2 else two).commit([installation.admission(f"iin|{n}-{k}") for k in range(20)])
        assert sorted(place.index for place in placed) == list(range(2, 402))
        for place in placed:
            verify_receipt(place.receipt, [installation.keys.log.verifier])


def test_tiles_that_do_not_give_the_root_refuse(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.connection.execute("UPDATE ledger_tile SET hashes = zeroblob(length(hashes))")
        with pytest.raises(Refusal):
            sequencer.commit([installation.admission("iin|1")])
