import re
import runpy
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import webworld

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def extract():
    webworld.installation()
    return runpy.run_path(str(ROOT / "script/extract_messages.py"))


def test_both_catalogues_are_complete_and_keep_their_placeholders(extract, capsys):
    assert extract["main"](check=True) == 0, capsys.readouterr().out


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_translation_is_left_over(extract, language):
    templates = {"django": extract["pages"](), "errors": extract["errors"](), "verdict": extract["verdicts"]()}
    for domain, template in templates.items():
        with (ROOT / f"src/dauys/portal/locale/{language}/LC_MESSAGES/{domain}.po").open("rb") as source:
            kept = {message.id for message in read_po(source, locale=language) if message.id}
        assert kept == {message.id for message in template if message.id}


def test_a_lost_placeholder_is_found(extract):
    from babel.messages.catalog import Message

    assert extract["faults"](Message("of %(threshold)s", "из")) == ["placeholders ['%(threshold)s']"]
    assert extract["faults"](Message("Sign", "")) == ["missing"]
    assert extract["faults"](Message("Sign", "Подписать", flags=["fuzzy"])) == ["fuzzy"]


@pytest.mark.usefixtures("extract")
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_error_has_a_kind_page_in_every_language(language):
    from django.test import RequestFactory
    from django.utils.translation import override

    from dauys.errors import error_classes
    from dauys.portal.problems import render_error

    for code, kind in error_classes().items():
        request = RequestFactory().get(f"/{language}/x")
        with override(language):
            facts = dict.fromkeys(re.findall(r"{(\w+)}", kind.sentence), "7")
            answer = render_error(request, kind(**facts), fresh_url="/kk/sign/fresh")
        html = answer.content.decode()
        assert answer.status_code == kind.status
        assert answer.headers["Cache-Control"] == "no-store"
        assert code in html
        assert 'href="/kk/sign/fresh"' in html
        assert "{" not in html.partition("<main")[2].partition("</main>")[0]
        assert ("Retry-After" in answer.headers) == (code == "overloaded")
