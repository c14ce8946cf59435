"""A log goes on under another name: nothing moves, old receipts hold, and an auditor who knows the old key follows."""

import os
import random
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from dauys.audit.known import open_known
from dauys.audit.run import Audit
from dauys.audit.state import StateFile
from dauys.audit.succession import with_successors
from dauys.cli.sources import FolderSource
from dauys.errors import NoteInvalid, SuccessionForbidden, SuccessionUnfinished, SuccessorNeeded
from dauys.ledger import faults, sqlite
from dauys.ledger.key_document import read_document
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import LogOpened, encode_leaf
from dauys.ledger.log_keys import change_keys, read_keyring
from dauys.ledger.log_leaves import Final, LogClosed, LogSucceeded
from dauys.ledger.opening import check_start
from dauys.ledger.publication import Publisher
from dauys.ledger.recount import Recount
from dauys.ledger.restore import require_successor
from dauys.ledger.sequencer import Outcome
from dauys.ledger.succession import finish, is_unfinished, past_folder, succeed
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.proof import verify_by, verify_receipt
from small_installation import NOW, new_installation

NEXT = "demo.example/2027"
TESTS = Path(__file__).parents[1]


def load(places):
    """The installation as a new process sees it."""
    from crash_victim import load as load_installation

    return load_installation(places.var)


def sign(installation, people):
    with closing(installation.sequencer()) as sequencer:
        return sequencer.commit([installation.admission(f"iin|{n}") for n in people])


def publish(installation):
    with closing(Publisher(installation.places, installation.keys.log)) as publisher:
        return publisher.publish()


def audit(installation, verifiers, **options):
    made = Audit(
        FolderSource(installation.places.log), verifiers, now=NOW + timedelta(days=1), beside=False, **options
    ).run()
    return [each for each in made.recount.findings if each.code not in ("step-forbidden", "moderation-overdue")]


def codes(findings):
    return [each.code for each in findings]


@pytest.fixture
def signed(installation):
    receipts = sign(installation, range(300))
    publish(installation)
    return installation, receipts[7].receipt


def test_the_same_tree_goes_on_under_another_name(signed):
    before, receipt = signed
    old = before.keys.log.verifier
    succeed(before.places, before.keys, NEXT, NOW)
    after = load(before.places)
    assert check_start(after.places, after.keys, "demo").origin == NEXT
    again = sign(after, range(290, 320))
    assert [each.outcome for each in again] == [Outcome.ALREADY] * 10 + [Outcome.ADMITTED] * 20
    publish(after)
    assert codes(audit(after, [old])) == ["succeeds"]  # the old key leads to the new one
    with closing(sqlite.connect(after.places.database)) as connection:
        keys = read_keyring(connection).verifiers
    assert [key.vkey for key in keys] == after.places.vkeys.read_text().split()
    assert keys == [*after.keys.log_verifiers, *before.keys.log_verifiers]
    found, _ = verify_receipt(receipt, keys)
    with closing(sqlite.connect(after.places.database)) as connection:
        assert sqlite.read_entries(connection, found.index, found.index + 1) == [found.entry]
    assert codes(audit(after, [old], known=[open_known("mine", receipt.encode(), [old])])) == ["succeeds"]


def test_the_old_log_stays_readable_to_its_last_entry(signed):
    before, _ = signed
    old = before.keys.log.verifier
    succeed(before.places, before.keys, NEXT, NOW)
    after = load(before.places)
    sign(after, range(300, 900))
    publish(after)
    with closing(Publisher(after.places, after.keys.log)) as publisher:
        publisher.partials.collect(1e12)
    folder = past_folder(after.places, old.name)
    checkpoint = open_checkpoint((folder / "checkpoint").read_text(), [old], old.name)
    recount = Recount(frozenset(), old.name)
    audit_tree(checkpoint, FolderSource(folder).read, recount.entry)
    assert (recount.findings, checkpoint.size) == ([], 303)
    assert recount.kinds["log.closed"] == 1


def test_an_auditor_who_kept_a_state_reads_on(signed, tmp_path):
    before, _ = signed
    old, state = before.keys.log.verifier, StateFile(tmp_path / "state")
    assert audit(before, [old], state=state) == []
    succeed(before.places, before.keys, NEXT, NOW)
    for people in ([1000], [1001]):
        sign(load(before.places), people)
        publish(load(before.places))
        assert codes(audit(before, [old], state=state)) == ["succeeds"]


def test_year_after_year(signed):
    before, _ = signed
    old = before.keys.log.verifier
    for year in ("2027", "2028", "2029"):
        here = load(before.places)
        succeed(here.places, here.keys, f"demo.example/{year}", NOW)
        sign(load(before.places), [int(year)])
    after = load(before.places)
    publish(after)
    check_start(after.places, after.keys, "demo")
    assert codes(audit(after, [old])) == ["succeeds"] * 3


@pytest.fixture
def lost(installation, tmp_path):
    """A database of earlier than what is public, as somebody restored it; and a receipt of an entry that is lost."""
    sign(installation, range(200))
    publish(installation)
    with closing(sqlite.connect(installation.places.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "older"),))
    receipt = sign(installation, range(200, 700))[400].receipt
    publish(installation)
    for suffix in ("", "-wal", "-shm"):
        installation.places.database.with_name(f"dauys.sqlite3{suffix}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "older", installation.places.database)
    return installation, receipt


def test_after_a_loss_the_old_log_is_not_signed_again_and_all_is_told(lost):
    before, receipt = lost
    old = before.keys.log.verifier
    last = (before.places.log / "checkpoint").read_bytes()
    succeed(before.places, before.keys, NEXT, NOW)
    after = load(before.places)
    new = after.keys.log.verifier
    check_start(after.places, after.keys, "demo")
    publish(after)
    folder = past_folder(after.places, old.name)
    assert (folder / "checkpoint").read_bytes() == last
    checkpoint = open_checkpoint(last.decode(), [old])
    audit_tree(checkpoint, FolderSource(folder).read, lambda *_: None)  # whole, with the entries that are lost here
    with pytest.raises(NoteInvalid):
        audit(after, [old])  # the old key never signed that the new one follows
    told = audit(after, [old, new])
    assert codes(told) == ["entries-lost"]
    assert told[0].facts["count"] == 500
    assert "500 of its 702 entries, from entry 202 on" in told[0].sentence
    shown = codes(audit(after, [old, new], known=[open_known("theirs", receipt.encode(), [old])]))
    assert shown == ["entries-lost", "forked", "receipt-not-held"]


def test_after_a_loss_a_successor_lets_it_start(signed):
    before, _ = signed
    require_successor(before.places)
    with pytest.raises(SuccessorNeeded):
        check_start(before.places, before.keys, "demo")
    last = (before.places.log / "checkpoint").read_text()
    succeed(before.places, before.keys, NEXT, NOW)
    after = load(before.places)
    check_start(after.places, after.keys, "demo")
    assert (past_folder(after.places, before.keys.log.name) / "checkpoint").read_text() == last
    assert codes(audit(after, [before.keys.log.verifier, after.keys.log.verifier])) == ["succeeds"]


def test_no_successor_beside_a_server_or_under_a_used_name(signed):
    before, _ = signed
    with closing(Publisher(before.places, before.keys.log)) as publisher:
        assert publisher.lock()
        with pytest.raises(SuccessionForbidden, match="Stop it"):
            succeed(before.places, before.keys, NEXT, NOW)
    with pytest.raises(SuccessionForbidden, match="name"):
        succeed(before.places, before.keys, before.keys.log.name, NOW)
    succeed(before.places, before.keys, NEXT, NOW)
    after = load(before.places)
    with pytest.raises(SuccessionForbidden, match="name"):
        succeed(after.places, after.keys, before.keys.log.name, NOW)


KILLED = f"""
import sys
from pathlib import Path
from dauys.ledger import faults
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.ledger.succession import succeed
from small_installation import NOW
places = Places(Path(sys.argv[1]))
faults.arm("demo")
succeed(places, Keys.load(places.keys), "{NEXT}", NOW)
left = faults._armed["*"].left
print(10**6 - left)
"""


def succeed_killed_at(places, moment):
    environment = os.environ | {"PYTHONPATH": str(TESTS), faults.VARIABLE: f"*:kill:{moment}"}
    return subprocess.run(
        [sys.executable, "-c", KILLED, places.var], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.long
def test_cut_short_at_any_step_it_is_finished_or_begun_again(tmp_path, long, capsys):
    steps = new_installation(tmp_path / "whole")
    sign(steps, range(300))
    most, seed = int(succeed_killed_at(steps.places, 10**6).stdout), random.randrange(10**6)
    moments = range(1, most + 1) if long else random.Random(seed).sample(range(1, most + 1), 5)
    with capsys.disabled():
        print(f"\nsuccession killed: {len(moments)} of {most} places, seed {seed}")
    for moment in moments:
        before = new_installation(tmp_path / str(moment))
        sign(before, range(300))
        publish(before)
        assert succeed_killed_at(before.places, moment).returncode == -9
        if is_unfinished(before.places):
            finish(before.places)
        else:
            succeed(before.places, Keys.load(before.places.keys), NEXT, NOW)
        after = load(before.places)
        check_start(after.places, after.keys, "demo")
        assert codes(audit(after, [before.keys.log.verifier])) == ["succeeds"]
        assert not (after.places.keys / "log.key.next").exists()


def test_a_start_in_the_middle_says_how_to_go_on(signed, monkeypatch):
    before, _ = signed
    monkeypatch.setattr("dauys.ledger.succession.finish", lambda _places: None)
    succeed(before.places, before.keys, NEXT, NOW)
    with pytest.raises(SuccessionUnfinished, match="log succeed"):
        check_start(before.places, before.keys, "demo")


# ---- What an auditor refuses ----

M = "2026-11-21T15:00:00Z"


def recounted(*leaves, origin):
    recount = Recount(frozenset(), origin)
    for index, leaf in enumerate(leaves):
        recount.entry(index, encode_leaf(leaf))
    return codes(recount.findings)


def succeeded(size, origin="b", before="a"):
    return LogSucceeded(
        final=Final(origin=before, root="A" * 43, size=size, vkey="x"), moment=M, origin=origin, keys=["y"]
    )


def test_a_broken_succession_is_found():
    opened, closed = LogOpened("demo", M, "a"), LogClosed(moment=M, successor="b", keys=["y"])
    assert recounted(opened, closed, succeeded(2), origin="b") == ["succeeds"]
    assert recounted(opened, origin="b") == ["other-origin"]
    assert recounted(opened, closed, succeeded(2), origin="a") == ["succeeds-another", "other-origin", "succeeds"]
    assert recounted(opened, closed, succeeded(2, before="z"), origin="b") == ["succeeds-another", "succeeds"]
    assert recounted(opened, closed, closed, origin="a") == ["after-closing"]
    assert recounted(opened, succeeded(9), origin="b") == ["entries-lost"]
    assert recounted(opened, closed, succeeded(2), succeeded(3, "c", "b"), origin="c") == ["succeeds", "succeeds"]


def test_a_root_that_was_never_the_old_logs_is_found(signed, monkeypatch):
    before, _ = signed
    monkeypatch.setattr("dauys.ledger.succession.to_text", lambda _root: "A" * 43)
    succeed(before.places, before.keys, NEXT, NOW)
    assert codes(audit(load(before.places), [before.keys.log.verifier])) == ["succeeds", "succession-differs"]


def rotate(places):
    change_keys(places, Keys.load(places.keys), Keys.prepare_next(places.keys), NOW)
    Keys.adopt_next(places.keys)


def test_keys_change_before_and_after_a_succession(signed):
    before, receipt = signed
    first = before.keys.log.verifier
    rotate(before.places)
    publish(load(before.places))
    succeed(before.places, load(before.places).keys, NEXT, NOW)
    rotate(before.places)
    after = load(before.places)
    check_start(after.places, after.keys, "demo")
    sign(after, [5000])
    publish(after)
    with closing(sqlite.connect(after.places.database)) as connection:
        ring = read_keyring(connection)
    assert ring.present == after.keys.log_verifiers
    assert verify_by(ring, receipt)[1].origin == first.name
    changes = read_document((after.places.log / "keys.json").read_bytes())
    assert codes(audit(after, [first, *changes.verifiers])) == ["succeeds"]
    known = with_successors(FolderSource(after.places.log).read, [first])
    assert {key.name for key in known} == {first.name, NEXT}
    assert set(known) & set(
        changes.verifiers
    )  # from the very first key to the successor's, whose changes go on from there
