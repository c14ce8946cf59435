"""An operator who confirms wrongly is found out by the recount, where the log can show it."""

import pytest

from dauys.ledger.confirmation_leaf import ActsConfirmed, ListUsed, TakenBack
from dauys.ledger.leaves import LogOpened, PetitionOpened, PetitionSignature, encode_leaf, to_text
from dauys.ledger.recount import Recount

OPENED = PetitionOpened("Үкімет", 16, "2027-05-21T00:00:00Z", "kk", "2026-11-21T00:00:00Z", "kz/2024-04-04", "petition/1",
                        "9f" * 32, 50000, ["mobile"], "Тақырып", to_text(bytes(32)))  # fmt: skip


def signature(number, hour="2026-11-21T15Z", tier="mobile"):
    return PetitionSignature(to_text(bytes(32)), hour, to_text(number.to_bytes(32, "big")), "petition/1", tier)


def listed(updated="2026-11-21T17:00:00Z"):
    return ListUsed("5b" * 20, False, "1", "ab" * 32, updated)


def confirmed(first, last, *exceptions, lists=None):
    return ActsConfirmed(
        [TakenBack(index, 1) for index in exceptions], first, last, [listed()] if lists is None else lists
    )


def recount(*leaves):
    """Entries 2, 3 and 4 are signatures; the leaves given follow from 5 on."""
    recount = Recount(frozenset(), "demo.example")
    opened = LogOpened("demo", "2026-11-21T00:00:00Z", "demo.example")
    for index, leaf in enumerate([opened, OPENED, signature(1), signature(2), signature(3), *leaves]):
        recount.entry(index, encode_leaf(leaf))
    return recount


def sentences(*leaves):
    return [finding.sentence for finding in recount(*leaves).findings]


def test_confirmations_that_follow_one_another():
    found = recount(confirmed(0, 3, 2), confirmed(4, 5), signature(1), confirmed(6, 7))
    assert found.findings == []
    assert (found.counts.standing.total(), found.counts.final.total()) == (3, 3)


@pytest.mark.parametrize(("leaves", "says"), [
    ([confirmed(1, 4)], "confirms from entry 1"),
    ([confirmed(0, 2), confirmed(4, 5)], "confirms from entry 4"),
    ([confirmed(0, 3), confirmed(3, 4)], "confirms from entry 3"),
    ([confirmed(0, 5)], "no range before it"),
    ([confirmed(0, 9)], "no range before it"),
    ([confirmed(0, 4, 1)], "no signature it confirms"),
    ([confirmed(0, 2, 3)], "no signature it confirms"),
    ([confirmed(0, 2), confirmed(3, 5, 2)], "no signature it confirms"),
    ([confirmed(0, 4, 3, 3)], "twice or out of order"),
    ([confirmed(0, 4, 3, 2)], "twice or out of order"),
    ([confirmed(0, 4, lists=[])], "younger than every revocation list"),
    ([confirmed(0, 4, lists=[listed("2026-11-21T15:00:00Z")])], "younger than every revocation list"),
    ([confirmed(0, 4, lists=[listed("2026-13-21T15:00:00Z")])], "a moment that does not exist"),
    ([confirmed(0, 3), signature(1)], "counted twice"),
])  # fmt: skip
def test_what_an_operator_may_not_do(leaves, says):
    found = sentences(*leaves)
    assert found
    assert any(says in each for each in found), found


def test_paper_needs_no_list():
    assert sentences(confirmed(0, 4), signature(9, tier="paper"), confirmed(5, 6, lists=[])) == []
