"""One demo PKI for all tests here: making RSA keys takes seconds."""

from datetime import UTC, datetime

import pytest

from dauys.demo.pki import DemoPki


@pytest.fixture(scope="session")
def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def pki(tmp_path_factory, now):
    return DemoPki.create(tmp_path_factory.mktemp("pki"), seed=1, now=now)
