"""What becomes final, what is taken back, and that the log alone tells the same as the database."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.errors import RevocationUnknown
from dauys.identity.revocation import HARMLESS, Reason, Revoked
from dauys.ledger import confirmation, sqlite
from dauys.ledger.confirmation import Confirmer, Waiting, read_signatures, read_waiting
from dauys.ledger.confirmation_leaf import ListUsed
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.moments import moment_text
from dauys.ledger.publication import Publisher
from dauys.ledger.published_counts import read_counts
from dauys.ledger.recount import Recount
from dauys.ledger.sequencer import KeyUse, Outcome

ONE, OTHER = b"\x01" * 20, b"\x02" * 20
START = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


def at(seconds):
    return START + timedelta(seconds=seconds)


@dataclass
class Listed:
    """Lists of an authority as a dictionary: serial → (seconds after START, reason)."""

    seconds: int
    entries: dict = field(default_factory=dict)
    authority: bytes = ONE

    @property
    def issued(self):
        return at(self.seconds)

    @property
    def used(self):
        number = str(1000 + self.seconds)
        return (ListUsed(self.authority.hex(), False, number, "ab" * 32, moment_text(self.issued)),)

    def revoked(self, serial):
        found = self.entries.get(serial)
        return found and Revoked(at(found[0]), Reason(found[1]))


def use(serial, seconds, authority=ONE, signed=None):
    admitted = int(at(seconds).timestamp())
    return KeyUse(authority, bytes([serial]), admitted if signed is None else int(at(signed).timestamp()), admitted)


def commit(installation, uses):
    """Signatures one by one, so that they stand in this order; from entry 2 on."""
    with closing(installation.sequencer()) as sequencer:
        return [sequencer.commit([installation.admission(f"iin|{n}", key=each)])[0] for n, each in uses]


def confirm(installation, *lists):
    with closing(Confirmer(installation.places)) as confirmer:
        return confirmer.confirm({each.authority: each for each in lists})


def leaves(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        return [decode_leaf(entry) for entry in sqlite.read_entries(connection, 0, 10_000)]


def counts(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        standing, final = read_counts(connection)
        return tuple(sum(each.get("petition/1", {}).values()) for each in (standing, final))


def recounted(installation):
    entries = [*sqlite.read_entries(sqlite.connect(installation.places.database), 0, 10_000)]
    recount = Recount(frozenset({len(entries)}), "demo.example/2026")
    for index, entry in enumerate(entries):
        recount.entry(index, entry)
    assert recount.findings == []
    return recount.counts.standing.total(), recount.counts.final.total()


def test_an_act_is_final_with_the_first_list_from_after_it(installation):
    commit(installation, [(0, use(1, 0)), (1, use(2, 20))])
    assert confirm(installation) == 0
    assert confirm(installation, Listed(0)) == 0  # of the same second: perhaps from before
    assert confirm(installation, Listed(10)) == 1
    assert counts(installation) == recounted(installation) == (2, 1)
    assert confirm(installation, Listed(30)) == 1
    assert counts(installation) == recounted(installation) == (2, 2)
    ranges = [(leaf.first, leaf.last) for leaf in leaves(installation) if hasattr(leaf, "exceptions")]
    assert ranges == [(0, 2), (3, 4)]


def test_nothing_new_makes_no_leaf(installation):
    commit(installation, [(0, use(1, 0))])
    assert [confirm(installation, Listed(10)) for _ in range(3)] == [1, 0, 0]
    assert len(leaves(installation)) == 4


@pytest.mark.parametrize(("revoked", "stands"), [
    ((-5, Reason.SUPERSEDED), False),
    ((0, Reason.SUPERSEDED), False),
    ((5, Reason.SUPERSEDED), True),  # reissued after signing: the signature stays good
    ((5, Reason.KEY_COMPROMISE), False),
    ((5, Reason.CERTIFICATE_HOLD), False),
])  # fmt: skip
def test_only_a_key_that_was_bad_when_it_signed_is_taken_back(installation, revoked, stands):
    commit(installation, [(0, use(1, 0)), (1, use(2, 1))])
    confirm(installation, Listed(10, {1: revoked}))
    assert counts(installation) == recounted(installation) == ((2, 2) if stands else (1, 1))
    assert [each.index for each in leaves(installation)[-1].exceptions] == ([] if stands else [2])


def test_the_moment_of_signing_is_what_counts_not_that_of_admission(installation):
    commit(installation, [(0, use(1, 60, signed=0))])
    confirm(installation, Listed(100, {1: (30, Reason.SUPERSEDED)}))
    assert counts(installation) == (1, 1)


def test_the_range_ends_before_the_first_act_that_no_list_can_judge(installation):
    uses = [use(1, 0), use(2, 0, OTHER), use(3, 0)]
    commit(installation, enumerate(uses))
    assert confirm(installation, Listed(10)) == 1
    assert confirm(installation, Listed(10), Listed(5, authority=OTHER)) == 2
    assert [used.authority for used in leaves(installation)[-1].lists] == [ONE.hex(), OTHER.hex()]


def test_an_entry_that_cannot_be_read_waits_for_a_better_list(installation):
    class Broken(Listed):
        def revoked(self, serial):  # noqa: ARG002 - the protocol's signature
            raise RevocationUnknown

    commit(installation, [(0, use(1, 0))])
    assert confirm(installation, Broken(10)) == 0


def test_acts_without_a_key_are_final_with_their_range(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission(f"iin|{n}", tier="paper") for n in range(3)])
    assert confirm(installation) == 3
    assert recounted(installation) == (3, 3)


def test_who_was_taken_back_may_sign_again_with_a_good_key(installation):
    (first,) = commit(installation, [(0, use(1, 0))])
    confirm(installation, Listed(10, {1: (-5, Reason.KEY_COMPROMISE)}))
    (again,) = commit(installation, [(0, use(2, 20))])
    assert (first.outcome, again.outcome) == (Outcome.ADMITTED, Outcome.ADMITTED)
    confirm(installation, Listed(30, {1: (-5, Reason.KEY_COMPROMISE)}))
    assert counts(installation) == recounted(installation) == (1, 1)


def test_the_questions_are_gone_with_the_answer(installation):
    commit(installation, [(n, use(n, n)) for n in range(5)])
    confirm(installation, Listed(3))
    with closing(sqlite.connect(installation.places.database)) as connection:
        assert connection.execute("SELECT idx FROM ledger_unconfirmed").fetchall() == [(5,), (6,)]
        assert read_waiting(connection) == Waiting(2, ONE, at(3))
    confirm(installation, Listed(9))
    with closing(sqlite.connect(installation.places.database)) as connection:
        assert read_waiting(connection) is None


def test_long_histories_are_confirmed_in_parts(installation, monkeypatch):
    monkeypatch.setattr(confirmation, "MOST_ENTRIES", 4)
    commit(installation, [(n, use(n, n)) for n in range(10)])
    assert confirm(installation, Listed(100, {3: (0, Reason.KEY_COMPROMISE)})) == 10
    assert counts(installation) == recounted(installation) == (9, 9)


def test_many_exceptions_take_several_leaves(installation, monkeypatch):
    monkeypatch.setattr(confirmation, "MOST_EXCEPTIONS", 3)
    commit(installation, [(n, use(n, n)) for n in range(10)])
    confirm(installation, Listed(100, dict.fromkeys(range(10), (0, Reason.KEY_COMPROMISE))))
    assert counts(installation) == recounted(installation) == (0, 0)
    assert [len(leaf.exceptions) for leaf in leaves(installation) if hasattr(leaf, "exceptions")] == [3, 3, 3, 1]


@pytest.mark.parametrize("step", ["append", "_move_tallies", "_take_back"])
def test_killed_between_two_steps_nothing_happened_and_the_same_is_said_again(installation, monkeypatch, step):
    commit(installation, [(n, use(n, 0)) for n in range(5)])
    lists = Listed(10, {2: (0, Reason.KEY_COMPROMISE)})
    with monkeypatch.context() as patch:
        patch.setattr(confirmation, step, lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("killed")))
        with pytest.raises(sqlite3.OperationalError):
            confirm(installation, lists)
    assert counts(installation) == recounted(installation) == (5, 0)
    confirm(installation, lists)
    assert counts(installation) == recounted(installation) == (4, 4)


def test_of_two_confirmers_one_wins_each_range(installation):
    commit(installation, [(n, use(n, 0)) for n in range(5)])
    with closing(Confirmer(installation.places)) as one, closing(Confirmer(installation.places)) as two:
        judged = two._judge({ONE: Listed(10)})
        assert one.confirm({ONE: Listed(10)}) == 5
        assert not two._write(judged, read_signatures(two._connection, judged.first, judged.end))
    assert counts(installation) == recounted(installation) == (5, 5)


def test_signatures_go_on_while_others_are_confirmed(installation):
    with closing(installation.sequencer()) as sequencer, closing(Confirmer(installation.places)) as confirmer:
        for n in range(30):
            sequencer.commit([installation.admission(f"iin|{n}", key=use(1, n))])
            confirmer.confirm({ONE: Listed(n)})
        assert confirmer.confirm({ONE: Listed(100)}) == 1
    assert counts(installation) == recounted(installation) == (30, 30)


def test_published_counts_follow_together(installation):
    commit(installation, [(n, use(n, 0)) for n in range(5)])
    with closing(Publisher(installation.places, installation.keys.log)) as publisher:
        publisher.publish()
        shown = "SELECT published_signatures, published_final FROM ledger_subject"
        assert publisher.connection.execute(shown).fetchone() == (5, 0)
        confirm(installation, Listed(10, {1: (0, Reason.KEY_COMPROMISE)}))
        assert publisher.connection.execute(shown).fetchone() == (5, 0)
        publisher.publish()
        assert publisher.connection.execute(shown).fetchone() == (4, 4)


ACTS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 50), st.sampled_from([ONE, OTHER])), min_size=1, max_size=12
)
REVOKED = st.dictionaries(
    st.integers(1, 9), st.tuples(st.integers(-20, 60), st.sampled_from(sorted(Reason))), max_size=6
)


@given(
    acts=ACTS,
    one=REVOKED,
    other=REVOKED,
    issued=st.lists(st.integers(0, 60), min_size=1, max_size=4),
    seed=st.integers(),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_agrees_with_an_oracle(fresh, acts, one, other, issued, seed):
    """The oracle walks acts in their order, each judged by the first list round that is younger than it and all before."""
    installation = fresh()
    revoked, dice = {ONE: one, OTHER: other}, random.Random(seed)
    rounds, waiting, standing, final = sorted(issued), list(enumerate(acts)), len(acts), Counter()
    commit(installation, [(n, use(serial, seconds, authority)) for n, (serial, seconds, authority) in waiting])
    for seconds in rounds:
        here = [Listed(seconds, revoked[each], each) for each in (ONE, OTHER) if dice.random() < 0.8]
        known = {each.authority for each in here}
        while waiting and waiting[0][1][2] in known and waiting[0][1][1] < seconds:
            _, (serial, signed, authority) = waiting.pop(0)
            since, reason = revoked[authority].get(serial, (1_000, Reason.SUPERSEDED))
            bad = signed >= since or reason not in HARMLESS
            standing -= bad and serial in revoked[authority]
            final["yes"] += not (bad and serial in revoked[authority])
        confirm(installation, *here)
        assert counts(installation) == recounted(installation) == (standing, final["yes"])
