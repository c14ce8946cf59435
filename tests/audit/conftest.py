"""A made log in a folder, and what an operator with the log's key can do to it."""

from datetime import UTC, datetime

import pytest

from dauys.demo.made_log import MadeLog
from made_logs import PublishedLog


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A log of some hundred entries, never changed."""
    log = MadeLog(tmp_path_factory.mktemp("made"), 700, datetime.now(UTC))
    log.write()
    return log


@pytest.fixture
def log(made, tmp_path):
    """A copy of it that may be changed and signed anew."""
    return PublishedLog.copy(made, tmp_path / "log")
