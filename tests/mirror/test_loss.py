"""After a loss the mirror is told the successor's key, and holds it to what it has: nothing held is given up unsaid."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from asgi_client import running
from crash_victim import load
from dauys.errors import MirrorRefused, NoteInvalid
from dauys.ledger import sqlite as database
from dauys.ledger.leaves import encode_leaf, to_text
from dauys.ledger.log_leaves import Final, LogSucceeded
from dauys.ledger.succession import succeed
from dauys.mirror import loss
from dauys.mirror.app import create_app
from dauys.mirror.folder import MirrorFolder
from dauys.mirror.follow import Follower
from dauys.mirror.keeper import Keeper
from dauys.mirror.keys import begin_or_resume
from dauys.mirror.loss import go_on_with
from dauys.mirror.sources import FolderSource
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.note import Signer
from made_log import MadeLog
from mirror.test_command import mirror
from mirror.test_succession import NEXT, sign
from small_installation import NOW, new_installation

CARRIED, HELD = 302, 802


class Country:
    """An installation that loses its last 500 entries, and a mirror of it."""

    def __init__(self, tmp_path):
        self.tmp_path, self.before = tmp_path, new_installation(tmp_path / "var")
        self.places, self.old = self.before.places, self.before.keys.log.verifier
        sign(self.before, 300)
        with closing(sqlite3.connect(self.places.database)) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "older"),))

    def lose(self):
        sign(self.before, 500, first=300)
        yield
        for suffix in ("", "-wal", "-shm"):
            self.places.database.with_name(f"dauys.sqlite3{suffix}").unlink(missing_ok=True)
        shutil.copy(self.tmp_path / "older", self.places.database)
        succeed(self.places, self.before.keys, NEXT, NOW)
        self.after = load(self.places.var)
        self.new = self.after.keys.log.verifier
        sign(self.after, 20, first=2000)

    def follower(self, source=None):
        """As a new process, told the first key only."""
        folder = MirrorFolder(self.tmp_path / "mirror")
        folder.path.mkdir(exist_ok=True)
        sources = [FolderSource(source or self.places.log)]
        return Follower(folder, begin_or_resume(folder, sources, [sources[0].name], [self.old.vkey]), sources)

    def go_on(self, source=None, vkey=None):
        made = self.follower(source)
        return made, go_on_with(made.folder, made.state, made.sources, [vkey or self.new.vkey])

    def past(self, folder):
        return folder.log / "past" / sha256(self.old.name.encode()).hexdigest()


@pytest.fixture
def country(tmp_path):
    return Country(tmp_path)


@pytest.fixture
def lost(country):
    """The mirror holds all 802 entries; the successor begins with 302 of them."""
    for _ in country.lose():
        assert country.follower().round() == HELD
    return country


def require_whole(country, folder, size):
    """Both logs can be read to their ends, the new one with nothing left of the old beyond what they share."""
    checkpoint = open_checkpoint((folder.log / "checkpoint").read_bytes(), [country.new], NEXT)
    assert checkpoint.size == size
    audit_tree(checkpoint, folder.read, lambda *_: None)
    last = open_checkpoint((country.past(folder) / "checkpoint").read_bytes(), [country.old])
    entries = []
    audit_tree(last, FolderSource(country.past(folder)).read, lambda _, entry: entries.append(entry))
    stored = {str(file.relative_to(folder.log)) for file in (folder.log / "tile").rglob("*") if file.is_file()}
    assert stored == {
        "tile/0/000", "tile/entries/000", f"tile/0/001.p/{size - 256}", f"tile/entries/001.p/{size - 256}", "tile/1/000.p/1",
    }  # fmt: skip
    return last.size, entries


def test_what_continues_all_that_is_held_is_followed(country):
    for _ in country.lose():
        pass
    country.tmp_path.joinpath("only").mkdir()
    early = MadeLog(country.tmp_path / "early", country.before.keys.log)
    with closing(database.connect(country.places.database)) as connection:
        early.grow(0, entries=database.read_entries(connection, 0, 250))
    assert country.follower(early.folder).round() == 250
    made, gone = country.go_on()
    assert (gone, made.round()) == (0, CARRIED + 21)
    assert made.state.past[0].origin == country.old.name
    assert require_whole(country, made.folder, CARRIED + 21)[0] == 250
    assert country.follower().round() == CARRIED + 21, "a later process needs the option no more"


def test_untold_it_fetches_all_of_the_old_log_and_stops(country):
    for _ in country.lose():
        pass
    made = country.follower()
    assert made.round() == HELD, "what the installation lost, it still shows as published"
    with pytest.raises(NoteInvalid):
        made.round()
    made, gone = country.go_on()
    assert (gone, made.round()) == (HELD - CARRIED, CARRIED + 21)


def test_a_stated_loss_sets_the_old_log_aside_whole(lost):
    made, gone = lost.go_on()
    assert gone == HELD - CARRIED
    asked, read = [], made.sources[0].read
    made.sources[0].read = lambda path: asked.append(path) or read(path)
    assert made.round() == CARRIED + 21
    assert "tile/entries/000" not in asked, "what both have in common is kept"
    size, entries = require_whole(lost, made.folder, CARRIED + 21)
    assert (size, len(entries)) == (HELD, HELD)
    (evidence,) = (made.folder.path / "evidence").iterdir()
    assert {file.name for file in evidence.iterdir()} == {"held", "shown", "entry"}
    assert b"log.succeeded" in (evidence / "entry").read_bytes()
    assert lost.go_on()[1] == 0, "said again, it changes nothing"
    sign(lost.after, 300, first=3000)
    assert lost.follower().round() == CARRIED + 321


def test_both_logs_are_served_under_their_names(lost):
    made, _ = lost.go_on()
    made.round()
    old, new = (sha256(name.encode()).hexdigest() for name in (lost.old.name, NEXT))
    assert (made.folder.path / old / "checkpoint").read_text().startswith(lost.old.name)
    with running(create_app(made.folder)) as client:
        for place in (old, f"log/past/{old}"):
            assert client.get(f"/{place}/checkpoint").text.startswith(f"{lost.old.name}\n{HELD}\n")
            assert len(client.get(f"/{place}/tile/0/002").content) == 256 * 32
            assert len(client.get(f"/{place}/tile/0/003.p/5").content) == 5 * 32
        assert client.get(f"/{new}/checkpoint").text.startswith(f"{NEXT}\n")
        assert client.get("/log/tile/0/002").status_code == 404


def test_pages_are_those_of_the_successor(lost):
    made = lost.follower()
    with pytest.raises(NoteInvalid):  # nothing is new, and the pages are made all the same
        Keeper(made.folder, made.state, made.sources).round()
    for name in ("kk/petitions/77/index.html", "petitions/77/count.json"):
        (made.folder.path / name).parent.mkdir()
        (made.folder.path / name).write_text("of a petition that is lost")
    made, _ = lost.go_on()
    Keeper(made.folder, made.state, made.sources).round()
    assert not list(made.folder.path.rglob("77"))
    assert NEXT in (made.folder.path / "kk/petitions/1/index.html").read_text()
    about = made.folder.path / "ru/about/index.html"
    (link,) = re.findall(rf'href="([^"]+)">{lost.old.name}<', about.read_text())
    assert (about.parent / link).read_text().startswith(f"{lost.old.name}\n{HELD}\n")


def test_cut_short_at_any_step_it_is_done_again(lost, monkeypatch):
    steps = [
        (loss, "sync_folder"), (loss, "keep_past"), (loss, "settle"), (MirrorFolder, "write_state"),
        (MirrorFolder, "keep_evidence"), (shutil, "rmtree"), (Path, "unlink"), (os, "link"),
    ]  # fmt: skip
    whole = lost.tmp_path / "whole"
    shutil.copytree(lost.tmp_path / "mirror", whole, symlinks=True)
    cuts = 0
    for cut in range(100):
        shutil.rmtree(lost.tmp_path / "mirror")
        shutil.copytree(whole, lost.tmp_path / "mirror", symlinks=True)
        left = iter(range(cut))

        def stop(function, left=left):
            def stopped(*arguments, **named):
                if next(left, None) is None:
                    raise KeyboardInterrupt
                return function(*arguments, **named)

            return stopped

        with monkeypatch.context() as patch:
            for owner, name in steps:
                patch.setattr(owner, name, stop(getattr(owner, name)))
            try:
                lost.go_on()
            except KeyboardInterrupt:
                cuts += 1
            else:
                break
        made, _ = lost.go_on()
        assert made.round() == CARRIED + 21
        assert require_whole(lost, made.folder, CARRIED + 21)[0] == HELD
    assert cuts > 20


def test_what_was_in_progress_binds_the_successor_too(country):
    """Killed in the middle, the mirror believed a checkpoint of which it has the first bundles only."""
    for _ in country.lose():
        made = country.follower()
        made.progress = lambda *_: exec("raise KeyboardInterrupt")
        with pytest.raises(KeyboardInterrupt):
            made.round()
        assert (made.state.size, bool(made.state.pending)) == (0, True)
    made, gone = country.go_on()
    assert gone == HELD - CARRIED
    assert made.round() == CARRIED + 21
    assert made.state.past[0].origin == country.old.name


def made_successor(country, **changes):
    """A successor by a thief's hand: what it says about the old log is changed."""
    last = open_checkpoint((country.follower().folder.log / "checkpoint").read_bytes(), [country.old])
    facts = {"origin": last.origin, "root": to_text(last.root), "size": last.size, "vkey": country.old.vkey} | changes
    signer = Signer("demo.example/other", b"\x21" * 32)
    with closing(database.connect(country.places.database)) as connection:
        entries = database.read_entries(connection, 0, CARRIED)
    leaf = LogSucceeded(Final(**facts), [signer.verifier.vkey], "2026-11-21T15:00:00Z", signer.name)
    made = MadeLog(country.tmp_path / "other", signer, entries=[]).grow(0, entries=[*entries, encode_leaf(leaf)])
    return made.grow(50)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"size": 302}, "ended with 302"), ({"size": 801}, "ended with 801"), ({"root": "A" * 43}, "another last checkpoint"),
        ({"vkey": Signer("demo.example/2026", b"\x22" * 32).verifier.vkey}, "another key"),
        ({"origin": "demo.example/2025"}, "does not say"),
    ],
)  # fmt: skip
def test_a_loss_that_is_not_told_truly_is_refused_and_kept(lost, changes, why):
    other = made_successor(lost, **changes)
    with pytest.raises(MirrorRefused, match=why):
        lost.go_on(other.folder, other.vkey)
    made = lost.follower()
    assert (made.state.origin, made.state.size) == (lost.old.name, HELD)
    assert len(list((made.folder.path / "evidence").iterdir())) == 1
    assert lost.go_on()[1] == HELD - CARRIED, "the true one can still be named"


def test_a_stranger_is_refused(lost, tmp_path):
    stranger = MadeLog(tmp_path / "stranger", Signer("demo.example/other", b"\x23" * 32)).grow(900)
    with pytest.raises(MirrorRefused, match="does not say"):
        lost.go_on(stranger.folder, stranger.vkey)
    with pytest.raises(NoteInvalid):
        lost.go_on(vkey=stranger.vkey)


def test_a_new_mirror_begins_with_the_key_instead(lost):
    shutil.rmtree(lost.tmp_path / "mirror")
    with pytest.raises(MirrorRefused, match="--key"):
        lost.go_on()


def test_the_command_says_what_goes_on_for_what(lost):
    folder = lost.tmp_path / "mirror"
    process = mirror(lost.places.log, folder)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, "[note-invalid]" in errors) == (2, True)
    process = mirror(lost.places.log, folder, "--successor", lost.new.vkey)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert f"{NEXT} goes on for {lost.old.name}. Entries held here that it has not: 500" in errors
    assert f"{CARRIED + 21} entries of {NEXT}" in out
