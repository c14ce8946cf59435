"""A small installation in a scratch folder: keys, tables, an opened log and one petition."""

import pytest

from small_installation import new_installation


@pytest.fixture
def fresh(tmp_path_factory):
    """Makes one installation after another, for tests that need many."""
    return lambda: new_installation(tmp_path_factory.mktemp("fresh") / "var")


@pytest.fixture
def installation(tmp_path):
    return new_installation(tmp_path / "var")
