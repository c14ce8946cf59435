"""A mirror goes on with a log's successor by itself: same entries, same places, new name and keys."""

from contextlib import closing
from hashlib import sha256

import pytest

from crash_victim import load
from dauys.audit.known import open_known
from dauys.audit.succession import with_successors
from dauys.errors import NoteInvalid, SourceForked
from dauys.ledger.publication import Publisher
from dauys.ledger.succession import succeed
from dauys.mirror.folder import MirrorFolder
from dauys.mirror.follow import Follower
from dauys.mirror.keys import begin_or_resume
from dauys.mirror.sources import FolderSource
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.note import Signer
from made_log import MadeLog
from small_installation import NOW, new_installation

NEXT = "demo.example/2027"


@pytest.fixture
def source(tmp_path):
    """An installation with a published log of 302 entries."""
    installation = new_installation(tmp_path / "var")
    sign(installation, 300)
    return installation


def sign(installation, count, first=0):
    with (
        closing(installation.sequencer()) as sequencer,
        closing(Publisher(installation.places, installation.keys.log)) as publisher,
    ):
        sequencer.commit([installation.admission(f"iin|{first + n}") for n in range(count)])
        publisher.publish()


@pytest.fixture
def follower(tmp_path, source):
    """A new process's follower, that was told the first log's Ed25519 key only."""
    vkey = source.keys.log.verifier.vkey

    def make(name="mirror"):
        folder = MirrorFolder(tmp_path / name)
        folder.path.mkdir(exist_ok=True)
        sources = [FolderSource(source.places.log)]
        return Follower(folder, begin_or_resume(folder, sources, [sources[0].name], [vkey]), sources)

    return make


def test_it_follows_by_itself_and_what_it_held_still_binds(source, follower):
    old = source.keys.log.verifier
    assert follower().round() == 302
    succeed(source.places, source.keys, NEXT, NOW)
    after = load(source.places.var)
    sign(after, 20, first=1000)
    made = follower()
    assert made.round() == 324  # log.closed, log.succeeded, twenty more
    assert (made.state.origin, made.state.past[0].origin) == (NEXT, old.name)
    new = after.keys.log.verifier
    checkpoint = open_checkpoint((made.folder.log / "checkpoint").read_bytes(), [new], NEXT)
    audit_tree(checkpoint, made.folder.read, lambda *_: None)
    last = open_checkpoint(
        (made.folder.log / "past" / sha256(old.name.encode()).hexdigest() / "checkpoint").read_bytes(), [old]
    )
    assert last.size == 303
    assert (made.folder.path / sha256(NEXT.encode()).hexdigest()).is_symlink()
    assert follower().round() == 324, "told the old key, it goes on"


def test_an_auditor_who_knows_the_old_key_is_led_on_by_the_mirror_alone(source, follower):
    old = source.keys.log.verifier
    follower().round()
    succeed(source.places, source.keys, NEXT, NOW)
    made = follower()
    made.round()
    known = with_successors(made.folder.read, [old])
    assert {key.name for key in known} == {old.name, NEXT}
    assert open_known("checkpoint", (made.folder.log / "checkpoint").read_bytes(), known).checkpoint.origin == NEXT


def test_a_mirror_that_begins_after_it_with_the_old_key(source, follower):
    succeed(source.places, source.keys, NEXT, NOW)
    assert follower().round() == 304


def test_two_years_on(source, follower):
    follower().round()
    succeed(source.places, source.keys, NEXT, NOW)
    middle = load(source.places.var)
    succeed(middle.places, middle.keys, "demo.example/2028", NOW)
    made = follower()
    assert made.round() == 306
    assert [past.origin for past in made.state.past] == ["demo.example/2026", NEXT]
    assert follower("late").round() == 306


def test_a_successor_that_does_not_begin_with_the_old_tree_is_a_fork(source, follower, tmp_path):
    follower().round()
    succeed(source.places, source.keys, NEXT, NOW)
    after = load(source.places.var)
    made = follower()
    made.round()
    other = MadeLog(tmp_path / "other", after.keys.log).grow(400, "forged")
    made.sources = [FolderSource(other.folder)]
    with pytest.raises(SourceForked):
        made.round()


def test_a_name_that_nothing_leads_to_is_not_followed(follower, tmp_path):
    follower().round()
    made = follower()
    made.sources = [FolderSource(MadeLog(tmp_path / "other", Signer(NEXT, b"\x21" * 32)).grow(400).folder)]
    with pytest.raises(NoteInvalid):
        made.round()
    assert made.state.origin == "demo.example/2026"
