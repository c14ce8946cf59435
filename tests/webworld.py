"""A scratch installation for tests of pages: settings, schema, a log, petitions with tallies as the ledger writes them."""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

TEXTS = {
    "kk": ("Ауылға таза су керек", "Құбыр тозған.\n\nҚысым әлсіз."),
    "ru": ("Селу нужна чистая вода", "Труба износилась.\n\nНапор слаб."),
    "en": ("Our village needs clean water", "The pipe is worn.\n\nThe pressure is low."),
}
NO_CACHE = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
ADDRESSEE = {"kk": "Үкімет", "ru": "Правительство", "en": "The Government"}


@cache
def installation():
    """Django on a fresh database under a folder of its own; once for the process."""
    var = Path(tempfile.mkdtemp(prefix="dauys-test-"))
    os.environ |= {"DAUYS_VAR": str(var), "DAUYS_MODE": "demo", "DJANGO_SETTINGS_MODULE": "dauys.portal.settings"}
    import django
    from django.conf import settings
    from django.core.management import call_command

    from dauys.ledger import migration
    from dauys.ledger.keys import Keys
    from dauys.ledger.opening import open_log
    from dauys.ledger.places import Places

    settings.CACHES = NO_CACHE  # tests change what a page shows faster than a second
    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    places = Places(var)
    keys = Keys.create(places.keys, "demo.example/log")
    migration.migrate(places.database)
    call_command("migrate", verbosity=0)
    open_log(places, keys, "demo", datetime.now(UTC))
    publish(places, keys)
    return places, keys


def publish(places, keys):
    """What is committed becomes public."""
    from contextlib import closing

    from dauys.ledger.publication import Publisher

    with closing(Publisher(places, keys.log)) as publisher:
        assert publisher.lock()
        publisher.publish()


class Official:
    """An official of whatever role a test needs."""

    def __init__(self, pk, *roles):
        self.pk, self.roles = pk, roles

    def holds(self, role, body=""):
        return role in self.roles and body in ("", "government", "a", "b")


MODERATOR, SECOND_MODERATOR = Official(1, "moderator"), Official(2, "moderator")


def evidence(person="author"):
    """What stands behind a signed act, as far as an office looks at it."""
    import secrets

    from dauys.ledger.office_acts import Evidence

    return Evidence(person, b"an envelope", secrets.token_bytes(16), "mobile")


def submission(texts=TEXTS, language="kk", level="government", **other):
    """A petition as its author hands it in."""
    from dauys.petitions.services.authoring import Submission

    return Submission(
        language=language, texts=texts, body="government", addressee=ADDRESSEE, level=level, topic="water",
        author_shown="Айгүл С.", **other,
    )  # fmt: skip


def hand_in(now=None, **other):
    """A petition in moderation."""
    from datetime import date

    from dauys.petitions.services import authoring
    from dauys.rules.pack import load_pack

    _, keys = installation()
    rules = load_pack("kz", date(2026, 11, 21))
    return authoring.submit(keys, rules, submission(**other), evidence(), now or datetime.now(UTC))


def add_petition(signatures=0, *, opened=timedelta(days=20), closes=None, listed=True, **other):
    """A listed petition whose published signatures came evenly, one part in seven from the desktop.

    `closes` is how far from now its window ends, where the rules' own end is not the point.
    """
    from dauys.ledger import petition_leaves as leaves
    from dauys.petitions.models import Petition
    from dauys.petitions.services import moderation
    from dauys.petitions.services.taking import taking

    _, keys = installation()
    now = datetime.now(UTC)
    petition = hand_in(now - opened - timedelta(days=1), **other)
    petition = moderation.accept(keys, petition.pk, MODERATOR, now - opened)
    if listed:
        with taking(keys, petition.pk, now - opened) as step:
            step.log(leaves.Listed(moment=step.moment, subject=petition.subject_name, signatures=step.terms.gate))
    if closes is not None:
        Petition.objects.filter(pk=petition.pk).update(closes_at=now + closes)
    petition = Petition.objects.get(pk=petition.pk)
    if signatures:
        tally(petition, signatures, now - opened, min(now, petition.closes_at))
    return petition


def tally(petition, signatures, opens, until):
    """Published signatures spread over the hours between two moments."""
    from dauys.desk.models import LedgerSubject, LedgerTally

    subject = LedgerSubject.objects.get(name=petition.subject_name)
    first, last = int(opens.timestamp()) // 3600, int(until.timestamp()) // 3600
    hours = max(1, last - first)
    rows = []
    for n in range(hours):
        added = signatures * (n + 1) // hours - signatures * n // hours
        for tier, count in (("desktop", added // 7), ("mobile", added - added // 7)):
            if count:
                rows.append(
                    LedgerTally(
                        subject_id=subject.pk,
                        hour=first + n,
                        tier=tier,
                        committed=count,
                        final=count,
                        published=count,
                        published_final=count,
                    )
                )
    LedgerTally.objects.bulk_create(rows)
    LedgerSubject.objects.filter(pk=subject.pk).update(published_signatures=signatures, published_final=signatures)


def clear_tally(petition):
    """Takes a petition's counts back, for a test that sets others."""
    from dauys.desk.models import LedgerSubject, LedgerTally

    subject = LedgerSubject.objects.get(name=petition.subject_name)
    LedgerTally.objects.filter(subject_id=subject.pk).delete()


def clear():
    """Takes all petitions and drafts out again."""
    from django.db import connection

    from dauys.petitions.models import Draft, Petition

    Draft.objects.all().delete()
    Petition.objects.all().delete()
    with connection.cursor() as cursor:
        for table in (
            "ledger_withdrawal",
            "ledger_withdrawn",
            "ledger_admission",
            "ledger_tally",
            "ledger_subject_key",
            "ledger_subject",
            "ledger_office_key",
            "ledger_text",
        ):
            cursor.execute(f"DELETE FROM {table}")
