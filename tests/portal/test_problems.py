from datetime import date

import pytest

import webworld


@pytest.fixture(autouse=True)
def installation():
    webworld.installation()


@pytest.mark.parametrize(
    ("language", "words"), [("kk", "2026 ж. 6 қараша"), ("ru", "6 ноября 2026 года"), ("en", "6 November 2026")]
)
def test_a_day_in_an_error_stands_in_words(language, words):
    from django.test import RequestFactory
    from django.utils.translation import override

    from dauys.errors import CertificateExpired
    from dauys.portal.problems import render_error

    with override(language):
        answer = render_error(RequestFactory().get(f"/{language}/x"), CertificateExpired(until=date(2026, 11, 6)))
    page = answer.content.decode().replace("\u00a0", " ")
    assert words in page
    assert "2026-11-06" not in page
