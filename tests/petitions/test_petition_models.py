import hashlib
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import webworld

pytestmark = pytest.mark.usefixtures("portal")


def test_the_downloaded_text_is_what_the_ledger_names(portal):
    from dauys.desk.models import LedgerSubject

    petition = webworld.add_petition(language="ru")
    answer = portal.get(f"/petitions/{petition.pk}/text.txt")
    subject = LedgerSubject.objects.get(name=petition.subject_name)
    assert hashlib.sha256(answer.content).hexdigest() == subject.text_sha256
    assert answer.content.decode() == "Селу нужна чистая вода\n\nТруба износилась.\n\nНапор слаб.\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Language"] == "ru"
    assert subject.text_sha256 in portal.get(f"/kk/petitions/{petition.pk}").content.decode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text())
def test_the_hash_does_not_depend_on_how_letters_are_composed(title, text):
    from dauys.petitions.canonical import text_sha256

    assert (
        len(
            {
                text_sha256(unicodedata.normalize(form, title), unicodedata.normalize(form, text))
                for form in ("NFC", "NFD")
            }
        )
        == 1
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"language": "tr"}, "petition_language_known"),
        ({"level": "planet"}, "petition_level_known"),
        ({"threshold": 0}, "petition_threshold_positive"),
        ({"state": "forgotten"}, "petition_state_known"),
        ({"turn": "nobody else"}, "petition_turn_known"),
        ({"attempt": 3}, "petition_attempt_once_more"),
        ({"opens_at": None}, "petition_signed_is_opened"),
    ],
)
def test_the_database_keeps_the_rules(change, named):
    from django.db import IntegrityError, transaction

    from dauys.petitions.models import Petition

    petition = webworld.add_petition()
    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        Petition.objects.filter(pk=petition.pk).update(**change)


def test_one_version_per_language_and_one_signed():
    from django.db import IntegrityError, transaction

    from dauys.petitions.models import PetitionText

    petition = webworld.add_petition()
    with pytest.raises(IntegrityError), transaction.atomic():
        PetitionText.objects.create(petition=petition, language="kk", title="t", text="t")
    with pytest.raises(IntegrityError), transaction.atomic():
        PetitionText.objects.filter(petition=petition).update(is_signed=True)


def test_the_migrations_say_what_the_models_say():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_unmanaged_models_match_the_ledgers_tables():
    from django.apps import apps
    from django.db import connection

    for model in apps.get_app_config("desk").get_models():
        with connection.cursor() as cursor:
            columns = {
                column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
            }
        assert {field.column for field in model._meta.local_concrete_fields} <= columns
