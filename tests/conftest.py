"""What every test may ask for: the shared vectors and whether to take long."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine may stall for a second: slowness is measured by benchmarks, never by a test's deadline.
settings.register_profile("dauys", settings.get_profile("ci") if "CI" in os.environ else None, deadline=None)
settings.load_profile("dauys")

VECTORS = Path(__file__).parents[2] / "shared" / "vectors"


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run soak, mutation and million-entry tests whole")
    parser.addoption(
        "--tools", action="store_true", help="where an independent verifier cannot be built, fail; CI does"
    )


@pytest.fixture(scope="session")
def long(request):
    """Whether long tests run whole; without it they take a small sample with a printed seed."""
    return request.config.getoption("--long")


@pytest.fixture(scope="session")
def vectors():
    """Public certificates and signatures of the national e-signature, beside the repository."""
    if not VECTORS.is_dir():
        pytest.skip("the shared vectors are not beside the repository (../shared/vectors)")
    return VECTORS


@pytest.fixture(scope="session")
def authorities(tmp_path_factory):
    """The folder of a demo PKI, made once: RSA keys take seconds."""
    from dauys.demo.pki import DemoPki

    folder = tmp_path_factory.mktemp("authorities")
    DemoPki.create(folder, seed=7)
    return folder
