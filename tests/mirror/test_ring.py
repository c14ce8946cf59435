"""A mirror follows the log's changes of keys by itself, and no false one."""

import pytest

from dauys.errors import DauysError
from dauys.ledger.key_document import KEYS, key_document
from dauys.translog.keyring import KeyChange
from dauys.translog.note import Signer

OLD, NEW, NEXT, THIEF = (Signer("log.example/2026", bytes([number]) * 32) for number in (3, 4, 5, 6))


def change(index, old, new, *signers):
    statement = KeyChange("log.example/2026", index, (old.verifier,), (new.verifier,))
    return statement.sign(signers or (old, new))


def publish(log, *changes, opened=OLD):
    log.write(KEYS, key_document([opened.verifier], changes))


def stored(follower):
    return (follower.folder.log / "checkpoint").read_text()


def test_it_goes_on_with_the_new_keys_and_shows_the_change(log, follow):
    follower = follow(log.grow(10))
    assert follower.round() == 10
    log.signer = NEW
    publish(log, change(10, OLD, NEW))
    log.grow(5)
    assert follower.round() == 15
    assert (follower.folder.log / KEYS).read_bytes() == (log.folder / KEYS).read_bytes()
    assert follower.state.keys == [NEW.verifier.vkey, OLD.verifier.vkey]
    log.signer = NEXT
    publish(log, change(10, OLD, NEW), change(15, NEW, NEXT))
    log.grow(5)
    assert follow(log, keys=[OLD.verifier.vkey]).round() == 20  # as a new process, by the key of the beginning


def test_a_mirror_that_begins_later_needs_a_key_of_any_time(log, follow):
    log.grow(10)
    log.signer = NEW
    publish(log, change(10, OLD, NEW))
    log.grow(5)
    assert follow(log, keys=[OLD.verifier.vkey]).round() == 15


def test_a_given_up_key_brings_nothing_more(log, follow):
    log.grow(10)
    publish(log, change(10, OLD, NEW))
    log.grow(5)  # still by the old key, as its thief would
    with pytest.raises(DauysError):
        follow(log).round()


@pytest.mark.parametrize(
    "forged",
    [
        [change(10, OLD, THIEF, THIEF, THIEF)], [change(10, OLD, THIEF, OLD)], [change(10, NEXT, THIEF)], ["nonsense"],
        [change(10, OLD, THIEF), change(9, THIEF, NEW)],
    ],
)  # fmt: skip
def test_a_change_that_does_not_hold_is_not_followed(log, follow, forged):
    follower = follow(log.grow(10))
    follower.round()
    publish(log, *forged, opened=OLD)
    log.signer = THIEF
    log.grow(5)
    with pytest.raises(DauysError):
        follower.round()
    assert follower.state.keys == [OLD.verifier.vkey]
    assert stored(follower).split("\n")[1] == "10"


def test_what_was_learned_is_not_taken_back(log, follow):
    """A thief of the old key signs another change from the same place."""
    log.grow(10)
    publish(log, change(10, OLD, NEW))
    log.signer = NEW
    follower = follow(log.grow(5))
    follower.round()
    publish(log, change(10, OLD, THIEF))
    log.signer = THIEF
    log.grow(5)
    with pytest.raises(DauysError):
        follower.round()
    assert THIEF.verifier.vkey not in follower.state.keys
