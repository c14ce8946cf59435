"""A scratch portal, empty for every test."""

import pytest

import webworld


@pytest.fixture
def portal():
    """Django's test client over a scratch installation."""
    webworld.installation()
    webworld.clear()  # of what tests of services left
    from django.test import Client

    yield Client()
    webworld.clear()
