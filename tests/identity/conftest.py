"""Certificates and trust stores of the shared vectors."""

import datetime as dt

import pytest

from dauys.identity import armor
from dauys.identity.certificates import Certificate
from dauys.identity.trust import Profile, TrustStore, pinned


@pytest.fixture(scope="session")
def at():
    """A time at which the current test certificates are valid."""
    return dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def certificate(vectors):
    """The certificate in a file of the vectors."""
    return lambda name: Certificate.load(armor.certificate_der((vectors / name).read_bytes()))


@pytest.fixture(scope="session")
def national_test(vectors, certificate):
    """The national test hierarchy, and the RSA one made for this project."""
    names = [f"ca_test/{path.name}" for path in (vectors / "ca_test").iterdir()]
    return TrustStore.of([certificate(name) for name in [*names, "cms/rsa_root.cer", "cms/rsa_ca.cer"]], Profile.TEST)


@pytest.fixture(scope="session")
def national(vectors, certificate):
    """The pinned production authorities among the vectors."""
    files = [certificate(f"ca_prod/{path.name}") for path in (vectors / "ca_prod").iterdir()]
    return TrustStore.of([one for one in files if one.fingerprint in pinned()], Profile.PRODUCTION)


@pytest.fixture(scope="session")
def message(vectors):
    return (vectors / "cms" / "message.bin").read_bytes()
