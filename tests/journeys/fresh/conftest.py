"""A country that nobody has used yet: its log holds what the journeys here did and nothing else, so its audit is sound."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dauys.demo.server import Server

EMPTY = Path(__file__).parent / "empty_country.py"


def empty(var, **settings):
    """The environment of an installation with officials and no petition."""
    environment = os.environ | {"DAUYS_VAR": str(var), "DAUYS_MODE": "demo"} | settings
    subprocess.run([sys.executable, EMPTY], env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture(scope="module")
def rules():
    """Whose rules petitions begin under."""
    return "kz"


@pytest.fixture(scope="module")
def installation(tmp_path_factory, rules):
    """The environment of this module's own country."""
    return empty(tmp_path_factory.mktemp("country") / "var", DAUYS_JURISDICTION=rules)


@pytest.fixture(scope="module")
def portal(installation, rules):
    with Server(Path(installation["DAUYS_VAR"]), environment={"DAUYS_JURISDICTION": rules}) as server:
        yield server
