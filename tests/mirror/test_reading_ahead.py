"""A mirror does not wait for one answer before it asks for the next, and is none the less strict for it."""

from hashlib import sha256

import pytest

from dauys.errors import ProofInvalid
from dauys.mirror.folder import MirrorFolder
from dauys.mirror.follow import Follower
from dauys.mirror.keys import begin_or_resume
from dauys.mirror.sources import READERS, open_sources
from dauys.mirror.texts import TextFolder
from made_log import MadeLog
from mirror.test_follow import entries_of
from slow_server import slow_server


@pytest.fixture
def portal(tmp_path):
    return MadeLog(tmp_path / "portal" / "log").grow(9000)


def follow(portal, seen, path):
    folder = MirrorFolder(path)
    folder.path.mkdir(exist_ok=True)
    with open_sources([seen.address]) as sources:
        Follower(folder, begin_or_resume(folder, sources, [seen.address], [portal.vkey]), sources).round()
    return folder


def test_tiles_and_bundles_are_asked_for_several_at_once_on_kept_connections(portal, tmp_path):
    with slow_server(portal.folder.parent) as seen:
        folder = follow(portal, seen, tmp_path / "mirror")
    assert entries_of(folder, 9000) == portal.entries
    assert 2 <= seen.at_once["tile"] <= READERS + 1
    assert seen.connections <= READERS + 2 < len(seen.requests) // 4
    assert len(seen.requests) == len(set(seen.requests)), "nothing is asked for twice"


def test_a_broken_file_in_the_middle_is_named_and_nothing_after_it_stored(portal, tmp_path):
    broken = portal.folder / "tile/entries/017"
    broken.write_bytes(broken.read_bytes()[:-1] + b"!")
    with slow_server(portal.folder.parent) as seen, pytest.raises(ProofInvalid, match="tile/entries/017"):
        follow(portal, seen, tmp_path / "mirror")
    stored = {file.name for file in (tmp_path / "mirror/log/tile/entries").glob("0*")}
    assert stored == {f"{number:03}" for number in range(17)}


def test_texts_are_asked_for_several_at_once(portal, tmp_path):
    texts = [f"text {number}".encode() for number in range(40)]
    names = [sha256(text).hexdigest() for text in texts]
    for name, text in zip(names[:-1], texts, strict=False):
        portal.write(f"text/{name}", text)
    folder = TextFolder(tmp_path / "mirror" / "log")
    with slow_server(portal.folder.parent) as seen, open_sources([seen.address]) as sources:
        assert folder.fetch(names, sources) == [names[-1]]
    assert all(folder.has(name) for name in names[:-1])
    assert 2 <= seen.at_once["text"] <= READERS
