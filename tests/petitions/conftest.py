"""A scratch portal, empty for every test."""

import pytest

import deskworld
import webworld


@pytest.fixture
def portal():
    """Django's test client over a scratch installation."""
    webworld.installation()
    webworld.clear()  # of what tests of services left
    from django.test import Client

    yield Client()
    webworld.clear()


@pytest.fixture
def offices(monkeypatch):
    """Nobody in office, and answers that tell what their templates were given."""
    webworld.installation()
    from django.template import Template
    from django.test.utils import instrumented_test_render

    monkeypatch.setattr(Template, "_render", instrumented_test_render)
    yield
    deskworld.nobody_in()


@pytest.fixture
def first():
    return deskworld.official("moderator", name="Бірінші Б.")


@pytest.fixture
def second():
    return deskworld.official("moderator", name="Екінші Е.")


@pytest.fixture
def clerk():
    return deskworld.official("clerk", "government", "Хатшы Х.")


@pytest.fixture
def head():
    return deskworld.official("head", "government", "Басшы Б.")
