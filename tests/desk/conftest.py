"""The desk of a scratch installation: nobody in office, nobody logged in."""

import pytest

import webworld


@pytest.fixture
def desk():
    """The installation's keys; officials of a test are persons of its own, for changes of staff are never deleted."""
    _, keys = webworld.installation()
    yield keys
    from dauys.desk.models import Duty, Official, Session

    Session.objects.all().delete()
    Duty.objects.all().delete()
    Official.objects.update(active=False)
