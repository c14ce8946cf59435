"""An audit remembers what it read: the next one reads only what is new, and finds whatever was changed before it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.audit.folder import FolderSource
from dauys.audit.history import what_changed
from dauys.audit.run import Audit
from dauys.audit.state import StateFile
from dauys.errors import StateUnreadable
from dauys.translog.note import Signer
from made_logs import found


def without_times(report):
    return {name: value for name, value in report.items() if name not in ("audited", "read_before")}


@pytest.mark.parametrize("first", [1, 255, 256, 257, 600])
def test_in_two_parts_it_comes_to_the_same(log, tmp_path, first):
    entries, state = log.entries(), tmp_path / "state"
    log.publish(entries[:first])
    log.audit(state)
    log.publish(entries)
    whole, rest = log.audit(), log.audit(state)
    assert rest["read_before"] == first
    assert without_times(rest) == without_times(whole)
    assert whole["sound"]
    again = log.audit(state)
    assert (again["read_before"], without_times(again)) == (len(entries), without_times(whole))


def test_broken_off_anywhere_it_goes_on(log, tmp_path):
    state, dice = tmp_path / "state", random.Random(1)
    whole, stop = log.audit(), 0

    class BrokenOff(Exception):  # noqa: N818 - no fault of anybody
        pass

    def progress(done, _):
        if done > stop:
            raise BrokenOff

    for stop in sorted(dice.sample(range(len(log.entries())), 3)):  # noqa: B007 - `progress` looks at it
        source = FolderSource(log.folder)
        audit = Audit(source, [log.signer.verifier], StateFile(state), progress=progress, save_every=0)
        try:
            audit.run()
        except BrokenOff:
            continue
    assert without_times(log.audit(state)) == without_times(whole)


def test_what_is_no_state_is_said(log, tmp_path):
    state = tmp_path / "state"
    state.write_bytes(b"something else")
    with pytest.raises(StateUnreadable):
        log.audit(state)
    state.unlink()
    log.audit(state)
    entries, log.signer = log.entries(), Signer.generate("other.example/2026")
    log.publish(entries)
    with pytest.raises(StateUnreadable, match=r"made\.example/2026, not of other\.example/2026"):
        log.audit(state)


HASHES = [bytes([number]) * 32 for number in range(20)]


@pytest.mark.parametrize(("now", "code", "index", "count"), [
    (HASHES, None, 0, 0),
    ([*HASHES, b"new"], None, 0, 0),
    ([*HASHES[:5], *HASHES[6:]], "entry-deleted", 5, 1),
    ([*HASHES[:5], *HASHES[8:], b"new"], "entry-deleted", 5, 3),
    (HASHES[:-2], "entry-deleted", 18, 2),
    ([*HASHES[:5], b"other", *HASHES[6:]], "entry-edited", 5, 1),
    ([*HASHES[:-1], b"other"], "entry-edited", 19, 1),
    ([*HASHES[:5], b"new", *HASHES[5:]], "entry-inserted", 5, 1),
    ([*HASHES[:5], HASHES[6], HASHES[5], *HASHES[7:]], "entries-reordered", 5, 2),
    ([b"all", b"of", b"it"] * 8, "history-rewritten", 0, 20),
])  # fmt: skip
def test_what_was_done_to_a_log_is_named(now, code, index, count):
    change = what_changed(HASHES, now)
    assert (change and change.code) == code
    assert change is None or (change.index, change.count) == (index, count)


@given(st.lists(st.integers(0, 5), max_size=12), st.lists(st.integers(0, 5), max_size=12))
def test_any_two_logs_can_be_compared(before, now):
    old, new = ([bytes([each]) for each in which] for which in (before, now))
    assert (what_changed(old, new) is None) == (new[: len(old)] == old)


def test_an_old_state_is_kept_as_evidence(log, tmp_path):
    state, entries = tmp_path / "state", log.entries()
    log.audit(state)
    kept = state.read_bytes()
    log.publish([*entries[:300], *entries[301:], entries[300]])
    for _ in range(2):
        assert "forked" in [code for _, code in found(log.audit(state))]
    assert state.read_bytes() == kept
