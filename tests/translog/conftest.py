"""Where the public vectors of the log's formats stand."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def log_vectors():
    return Path(__file__).parents[2] / "docs" / "spec" / "vectors"
