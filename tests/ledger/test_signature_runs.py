"""Reading whole bundles and reading entry by entry come to the same, whatever stands in the log."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.ledger.confirmation_leaf import ActsConfirmed, ListUsed, TakenBack
from dauys.ledger.leaves import LogOpened, PetitionOpened, PetitionSignature, encode_leaf, to_text
from dauys.ledger.recount import Recount
from dauys.ledger.signature_columns import read_columns
from dauys.ledger.signature_runs import BundleReader, Run, Single
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn
from dauys.translog.tiles import bundle, unbundle

TIERS = ("mobile", "desktop", "paper")


def opened(number):
    return PetitionOpened("Үкімет", 16, "2027-05-21T00:00:00Z", "kk", "2026-11-21T00:00:00Z", "kz/2024-04-04",
                          f"petition/{number}", "9f" * 32, 50000, ["mobile"], "Тақырып", to_text(bytes(32)))  # fmt: skip


def signature(number, subject=1, tier="mobile", hour="2026-11-21T15Z"):
    return PetitionSignature(to_text(bytes(32)), hour, to_text(number.to_bytes(32, "big")), f"petition/{subject}", tier)


def made_log(seed, size=700):
    """Openings, then whatever can happen, right or wrong, with gaps of other entries."""
    rng, first = random.Random(seed), 0
    leaves = [LogOpened("demo", "2026-11-20T00:00:00Z", "demo.example"), *map(opened, (1, 2, 103))]
    while len(leaves) < size:
        chance, index = rng.random(), len(leaves)
        if chance < 0.9:
            leaves.append(signature(
                rng.randrange(10_000), rng.choice([1, 1, 2, 103, 9]), rng.choice(TIERS),
                rng.choice(["2026-11-21T15Z"] * 9 + ["2026-11-21T09Z", "2026-13-21T15Z", "2027-11-21T15Z"]),
            ))  # fmt: skip
        elif chance < 0.95:
            leaves.append(SignatureWithdrawn(
                to_text(bytes(32)), "2026-11-21T15Z", "petition/1", rng.choice(TIERS), to_text(index.to_bytes(32, "big"))
            ))  # fmt: skip
        elif index > first + 2:
            last = rng.randrange(first, index)
            taken = sorted(rng.sample(range(first, last + 1), min(2, last + 1 - first)))
            used = ListUsed("5b" * 20, False, "1", "ab" * 32, "2026-11-21T17:00:00Z")
            leaves.append(ActsConfirmed([TakenBack(place, 1) for place in taken], first, last, [used]))
            first = last + 1
    entries = [encode_leaf(leaf) for leaf in leaves]
    for place in rng.sample(range(4, size), 5):  # what is no leaf at all, or not in canonical form
        entries[place] = rng.choice([b"{}", b"", entries[place].replace(b'"hour":"', b'"hour": "'), b'{"v":1}' * 50])
    return entries


def told(recount):
    counts = recount.counts
    totals = [{key: count for key, count in each.items() if count} for each in (counts.standing, counts.final)]
    return (
        totals,
        recount.kinds,
        sorted({(each.index, each.code) for each in recount.findings if each.code != "not-opened"}),
    )


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_bundles_and_entries_come_to_the_same(seed):
    entries = made_log(seed)
    by_entry, by_bundle = (Recount(frozenset({300, 700}), "demo.example") for _ in range(2))
    for index, entry in enumerate(entries):
        by_entry.entry(index, entry)
    for start in range(0, len(entries), 256):
        by_bundle.bundles([(start, read_columns(entries[start : start + 256]))])
    assert told(by_bundle)[:2] == told(by_entry)[:2]
    assert by_bundle.at_size == by_entry.at_size
    codes = [{code for _, code in told(each)[2]} for each in (by_bundle, by_entry)]
    assert codes[0] == codes[1]
    twice = [{index for index, code in told(each)[2] if code == "counted-twice"} for each in (by_bundle, by_entry)]
    assert twice[0] == twice[1]


@settings(max_examples=100)
@given(
    st.lists(st.one_of(st.binary(max_size=40), st.integers(0, 5).map(lambda n: encode_leaf(signature(n)))), max_size=60)
)
def test_nothing_is_lost_and_nothing_is_read_twice(entries):
    """Also where an entry holds what looks like the beginning or the whole of another."""
    entries = [entry + bundle([encode_leaf(signature(1))]) if len(entry) == 7 else entry for entry in entries]
    place, found = 0, list(BundleReader().read(0, read_columns(entries)))
    for item in found:
        if isinstance(item, Single):
            assert (item.place, item.entry) == (place, entries[place])
            place += 1
        else:
            assert item.start == place
            for name in item.names:
                assert b'"pseudonym":"' + name in entries[place]
                place += 1
    assert place == len(entries)


def test_signatures_are_read_in_runs():
    entries = [encode_leaf(signature(number)) for number in range(256)]
    (run,) = BundleReader().read(512, read_columns(entries))
    assert isinstance(run, Run)
    assert (run.start, run.end) == (512, 768)
    assert [(family.subject, family.tier) for family in run.families] == [("petition/1", "mobile")]
    assert run.counted == [(run.families[0], 256)]


@pytest.mark.parametrize("harm", [
    lambda entry: entry.replace(b'"v":1}', b'"v":2}'),
    lambda entry: entry.replace(b"mobile", b"stolen"),
    lambda entry: entry.replace(b"petition/1", b"petition/01"),
    lambda entry: entry.replace(b'","sub', b'A","sub'),
    lambda entry: entry.replace(b'AAAAA","hour', b'AAAAB","hour'),
])  # fmt: skip
def test_what_only_looks_like_a_signature_is_judged_by_the_schema(harm):
    entry = harm(encode_leaf(signature(1)))
    data = bundle([encode_leaf(signature(2)), entry, entry, encode_leaf(signature(3))])
    recount = Recount(frozenset(), "demo.example")
    for index, leaf in enumerate([LogOpened("demo", "2026-11-20T00:00:00Z", "demo.example"), opened(1)]):
        recount.entry(index, encode_leaf(leaf))
    recount.bundles([(2, read_columns(unbundle(data)))])
    assert [(each.index, each.code) for each in recount.findings] == [(3, "leaf-unreadable"), (4, "leaf-unreadable")]
    assert unbundle(data)[1] == entry
