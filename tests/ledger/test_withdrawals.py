"""Withdrawing a signature: final, counted at once, hidden until signing is over, and recounted from the log alone."""

import random
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.errors import CodeUsed, NotSigned, SubjectClosed
from dauys.identity.revocation import Reason, Revoked
from dauys.ledger import sqlite, withdrawals
from dauys.ledger.confirmation import Confirmer
from dauys.ledger.confirmation_leaf import ListUsed
from dauys.ledger.leaves import PetitionSignature, decode_leaf, encode_leaf, to_text
from dauys.ledger.moments import moment_text
from dauys.ledger.office_acts import Evidence
from dauys.ledger.publication import Publisher
from dauys.ledger.published_counts import read_counts
from dauys.ledger.recount import Recount
from dauys.ledger.sequencer import KeyUse, Outcome
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn, WithdrawalsOpened
from small_installation import NOW

AUTHORITY = b"\x01" * 20
CLOSED = NOW + timedelta(days=31)


class Listed:
    """A full list of after every act, in which the serials given were revoked before all of them."""

    issued = NOW + timedelta(days=1)
    used = (ListUsed(AUTHORITY.hex(), False, "1", "ab" * 32, moment_text(NOW + timedelta(days=1))),)

    def __init__(self, revoked=()):
        self._revoked = revoked

    def revoked(self, serial):
        return Revoked(NOW - timedelta(days=1), Reason.KEY_COMPROMISE) if serial in self._revoked else None


def evidence(person, nonce=None):
    return Evidence(person, b"an envelope", nonce or random.randbytes(16), "mobile")


def sign(installation, *people):
    seconds = int(NOW.timestamp())
    batch = [installation.admission(f"iin|{n}", key=KeyUse(AUTHORITY, bytes([n]), seconds, seconds)) for n in people]
    with closing(installation.sequencer()) as sequencer:
        return sequencer.commit(batch)


@contextmanager
def writing(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:  # noqa: SIM117 - the second needs the first
        with sqlite.transaction(connection, installation.places.database):
            yield connection


def withdraw(installation, number, nonce=None, now=NOW):
    signed = evidence(str(number), nonce)
    with writing(installation) as connection:
        withdrawals.withdraw(connection, installation.keys, "petition/1", f"iin|{number}", signed, now)


def open_all(installation, now=CLOSED):
    with writing(installation) as connection:
        return withdrawals.open_withdrawals(connection, installation.keys, "petition/1", now)


def confirm(installation, revoked=()):
    with closing(Confirmer(installation.places)) as confirmer:
        confirmer.confirm({AUTHORITY: Listed(revoked)})


def entries(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        return sqlite.read_entries(connection, 0, 10_000)


def recount(log):
    found = Recount(frozenset(), "demo.example/2026")
    for index, entry in enumerate(log):
        found.entry(index, entry)
    return found


def counts(installation):
    """(standing, final) as the database, and as the log alone say."""
    with closing(sqlite.connect(installation.places.database)) as connection:
        here = tuple(sum(each.get("petition/1", {}).values()) for each in read_counts(connection))
    found = recount(entries(installation))
    assert found.findings == []
    assert here == (found.counts.standing.total(), found.counts.final.total())
    return here


def test_the_count_falls_at_once_and_nobody_can_tell_whose_it_was(installation):
    sign(installation, 1, 2, 3)
    withdraw(installation, 2)
    assert counts(installation) == (2, 0)
    leaf = decode_leaf(entries(installation)[-1])
    assert isinstance(leaf, SignatureWithdrawn)
    pseudonyms = [
        each.pseudonym for each in map(decode_leaf, entries(installation)) if isinstance(each, PetitionSignature)
    ]
    assert not any(pseudonym in encode_leaf(leaf).decode() for pseudonym in pseudonyms)


def test_once_is_for_good_and_every_further_attempt_looks_as_before(installation):
    (first,) = sign(installation, 1)
    withdraw(installation, 1)
    size = len(entries(installation))
    withdraw(installation, 1)
    (again,) = sign(installation, 1)
    assert (again.outcome, again.index) == (Outcome.ALREADY, first.index)
    assert len(entries(installation)) == size
    assert counts(installation) == (0, 0)


def test_a_request_to_withdraw_is_used_once_by_one_person(installation):
    sign(installation, 1, 2)
    nonce = bytes(16)
    withdraw(installation, 1, nonce)
    withdraw(installation, 1, nonce)
    with pytest.raises(CodeUsed):
        withdraw(installation, 2, nonce)
    assert counts(installation) == (1, 0)


def test_who_never_signed_and_who_comes_late_is_told(installation):
    sign(installation, 1)
    with pytest.raises(NotSigned):
        withdraw(installation, 2)
    with pytest.raises(SubjectClosed):
        withdraw(installation, 1, now=CLOSED)
    assert counts(installation) == (1, 0)


def test_it_opens_when_signing_is_over_and_not_before(installation):
    sign(installation, 1, 2, 3)
    withdraw(installation, 1)
    withdraw(installation, 3)
    assert open_all(installation, NOW) == 0
    assert [open_all(installation), open_all(installation)] == [2, 0]
    leaf = decode_leaf(entries(installation)[-1])
    assert isinstance(leaf, WithdrawalsOpened)
    mine = {to_text(installation.secrets.pseudonym("petition/1", f"iin|{n}")) for n in (1, 3)}
    assert {each.pseudonym for each in leaf.opened} == mine
    assert counts(installation) == (1, 0)


def test_a_withdrawn_signature_of_a_revoked_key_is_counted_out_once(installation):
    sign(installation, 1, 2)
    withdraw(installation, 1)
    confirm(installation, revoked={1, 2})
    assert counts(installation) == (0, 0)
    assert len(decode_leaf(entries(installation)[-1]).exceptions) == 1
    assert open_all(installation) == 1
    assert recount(entries(installation)).findings == []


def test_a_final_signature_withdrawn_is_final_no_more(installation):
    sign(installation, 1, 2)
    confirm(installation)
    withdraw(installation, 1)
    assert counts(installation) == (1, 1)


def test_what_is_published_follows(installation):
    sign(installation, 1, 2)
    withdraw(installation, 1)
    with closing(Publisher(installation.places, installation.keys.log)) as publisher:
        assert publisher.lock()
        publisher.publish()
        row = publisher.connection.execute(
            "SELECT published_signatures, published_final FROM ledger_subject"
        ).fetchone()
    assert row == (1, 0)


def withdrawn(log, **changed):
    """The withdrawal of a log, with something else in it."""
    (leaf,) = [each for each in map(decode_leaf, log) if isinstance(each, SignatureWithdrawn)]
    return SignatureWithdrawn(
        **{name: changed.get(name, getattr(leaf, name)) for name in leaf.__struct_fields__ if name != "v"}
    )


@pytest.mark.parametrize(("changed", "says"), [
    ({}, "The same withdrawal twice"),
    ({"tier": "paper"}, "no paper signature stands"),
    ({"subject": "petition/2"}, "no mobile signature stands"),
    ({"hour": "2027-11-21T15Z"}, "outside the window"),
])  # fmt: skip
def test_what_an_operator_may_not_withdraw(installation, changed, says):
    sign(installation, 1, 2)
    withdraw(installation, 1)
    log = entries(installation)
    found = recount([*log, encode_leaf(withdrawn(log, **changed))]).findings
    assert any(says in each.sentence for each in found), found


def test_more_withdrawals_than_signatures_are_found(installation):
    sign(installation, 1)
    withdraw(installation, 1)
    log = entries(installation)
    forged = withdrawn(log, withdrawn=to_text(bytes(32)))
    assert "no mobile signature stands" in recount([*log, encode_leaf(forged)]).findings[0].sentence


@pytest.mark.parametrize(("moment", "change", "says"), [
    (NOW, lambda each: each, "can still be signed"),
    (CLOSED, lambda each: each.__class__(each.pseudonym, to_text(bytes(32))), "never made"),
    (CLOSED, lambda each: each.__class__(to_text(bytes(32)), each.salt), "never made"),
])  # fmt: skip
def test_what_an_operator_may_not_open(installation, moment, change, says):
    sign(installation, 1)
    withdraw(installation, 1)
    open_all(installation)
    *log, last = entries(installation)
    leaf = decode_leaf(last)
    forged = WithdrawalsOpened(moment_text(moment), [change(each) for each in leaf.opened], leaf.subject)
    assert any(says in each.sentence for each in recount([*log, encode_leaf(forged)]).findings)


steps = st.one_of(
    st.tuples(st.just("sign"), st.integers(1, 5)),
    st.tuples(st.just("withdraw"), st.integers(1, 5)),
    st.tuples(st.just("confirm"), st.sets(st.integers(1, 5))),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=14))
def test_whatever_the_order_the_counts_are_those_of_people(fresh, plan):
    """The oracle knows who stands; the database and the log alone must say the same at every step."""
    installation, provisional, final, gone = fresh(), set(), set(), set()
    for what, which in plan:
        if what == "sign":
            sign(installation, which)
            if which not in final | gone:
                provisional.add(which)
        elif what == "confirm":
            confirm(installation, which)
            final |= provisional - which
            provisional = set()
        elif which in provisional | final:
            withdraw(installation, which)
            provisional.discard(which)
            final.discard(which)
            gone.add(which)
        assert counts(installation)[0] == len(provisional | final)
        assert counts(installation)[1] <= len(final)
    confirm(installation)
    open_all(installation)
    assert counts(installation) == (len(provisional | final),) * 2
