"""A made-up log, and a mirror of it in a folder."""

import pytest

from dauys.mirror.folder import MirrorFolder
from dauys.mirror.follow import Follower
from dauys.mirror.keys import begin_or_resume
from dauys.mirror.sources import FolderSource
from made_log import MadeLog


@pytest.fixture
def log(tmp_path):
    return MadeLog(tmp_path / "source")


@pytest.fixture
def follow(tmp_path):
    """Makes a follower of one or several logs into one folder, as a new process would."""

    def make(*logs, keys=None):
        folder = MirrorFolder(tmp_path / "mirror")
        folder.path.mkdir(exist_ok=True)
        sources = [FolderSource(each.folder) for each in logs]
        keys = [logs[0].vkey] if keys is None else keys
        state = begin_or_resume(folder, sources, [each.name for each in sources], keys)
        return Follower(folder, state, sources)

    return make
