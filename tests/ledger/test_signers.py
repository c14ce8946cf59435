"""Who signed, against a plain set of subject and pseudonym."""

from hypothesis import given
from hypothesis import strategies as st

from dauys.ledger.signature_runs import Family, Run, hour_of
from dauys.ledger.signers import Signers

HOUR = hour_of(b"2026-11-21T15Z")
FAMILIES = [Family(subject, tier) for subject in ("petition/1", "petition/2") for tier in ("mobile", "desktop")]
SIGNED = st.tuples(st.integers(0, len(FAMILIES) - 1), st.integers(0, 30))


def run_of(start, signed):
    which, names = bytes(place for place, _ in signed), [b"%043d" % number for _, number in signed]
    return Run(start, HOUR, FAMILIES, which, names)


@given(st.lists(st.one_of(st.lists(SIGNED, max_size=12), SIGNED), max_size=12))
def test_nobody_is_held_twice(steps):
    """Lists are signatures in a row, pairs are taken back."""
    signers, plain, index = Signers(), dict[tuple[str, bytes], str](), 0
    for step in steps:
        if isinstance(step, tuple):
            subject, name = FAMILIES[step[0]].subject, b"%043d" % step[1]
            signers.discard(subject, name)
            plain.pop((subject, name), None)
            continue
        run, twice = run_of(index, step), []
        for place, family, name in run.each():
            if (family.subject, name) in plain:
                twice.append(place)
            else:
                plain[family.subject, name] = family.tier
        assert signers.take(run) == twice
        index = run.end
        held = {
            (subject, name): tier
            for subject, tiers in signers.by_subject().items()
            for tier, names in tiers.items()
            for name in names
        }
        assert held == plain
    assert all(signers.tier_of(*key) == tier for key, tier in plain.items())
