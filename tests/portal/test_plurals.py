"""Whatever counter a page shows, the words after it fit the number in each language."""

import json

import pytest

import webworld


@pytest.fixture(autouse=True)
def _portal():
    webworld.installation()


def rendered(language, template, **context):
    from django.template import engines
    from django.utils.translation import override

    with override(language):
        return engines["django"].from_string(template).render(context)


@pytest.mark.parametrize(("language", "number", "words"), [
    ("ru", 1, "знак остался"), ("ru", 3, "знака осталось"), ("ru", 12, "знаков осталось"), ("kk", 1, "таңба қалды"), ("en", 1, "character left"),
])  # fmt: skip
def test_the_words_after_a_number_of_characters(language, number, words):
    from babel import Locale

    forms = json.loads(rendered(language, "{% autoescape off %}{% character_words left=True %}{% endautoescape %}"))
    assert set(forms) >= {Locale(language).plural_form(each) for each in range(200)}
    assert forms[Locale(language).plural_form(number)] == words


@pytest.mark.parametrize(("age", "words"), [(14, "14 лет"), (18, "18 лет"), (21, "21 год"), (22, "22 года")])
def test_an_age_that_is_declared(age, words):
    from types import SimpleNamespace

    rules = SimpleNamespace(writing=SimpleNamespace(age=age, citizens_only=False), topic_groups=())
    assert words in rendered("ru", "{% include 'petitions/draft/topics.html' %}", rules=rules, groups=[], law="")


@pytest.mark.parametrize(("language", "threshold", "words"), [
    ("ru", 1001, "Порог в 1 001 подпись достигнут"), ("ru", 5000, "Порог в 5 000 подписей достигнут"), ("en", 1, "threshold of 1 signature is"),
])  # fmt: skip
def test_a_threshold(language, threshold, words):
    from types import SimpleNamespace

    progress = SimpleNamespace(signatures=threshold, final=threshold, threshold=threshold, is_reached=True, remaining=0)
    page = rendered(
        language, "{% include 'petitions/_count.html' %}", progress=progress, petition=SimpleNamespace(tree_size=21)
    )
    assert words in page.replace("\u00a0", " ")
    assert language != "ru" or "первая 21 запись" in page.replace("\u00a0", " ")
