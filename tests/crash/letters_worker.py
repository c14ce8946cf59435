"""Programs of test_letters_killed.py: `prepare RECIPIENTS` prints the folder it made, `post FOLDER PORT` empties its queue."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

AT_ONCE = 5_000


def prepare(recipients):
    """A petition with so many followers that has just taken a step."""
    import webworld

    places, keys = webworld.installation()
    from dauys.desk.followers import Follower
    from dauys.desk.transactions import office_transaction
    from dauys.ledger import petition_leaves as leaves
    from dauys.petitions.models import Notice
    from dauys.petitions.services.taking import taking

    petition, now = webworld.add_petition(listed=False), datetime.now(UTC)
    Notice.objects.update(begun=True, done_at=now)
    before = now - timedelta(hours=1)
    for start in range(0, recipients, AT_ONCE):
        with office_transaction():
            Follower.objects.bulk_create(
                follower(keys, petition.subject_name, number, before)
                for number in range(start, min(start + AT_ONCE, recipients))
            )
    with taking(keys, petition.pk, now) as step:
        step.log(leaves.Listed(moment=step.moment, subject=petition.subject_name, signatures=step.terms.gate))
    print(places.var)


def follower(keys, subject, number, at):
    from dauys.desk.followers import Follower

    address = f"f{number}@example.kz"
    lookup = keys.person(f"follower|{address}")
    sealed = keys.wrap(address.encode(), f"follower/{lookup}")
    language = ("kk", "ru", "en")[number % 3]
    return Follower(subject=subject, language=language, lookup=lookup, sealed=sealed, asked_at=at, confirmed_at=at)


def post(var, port):
    """As the worker does, to a mail server on loopback."""
    from dauys.cli.office_jobs import OfficeJobs
    from dauys.cli.portal_setup import setup_portal
    from dauys.ledger.places import Places

    places = Places(Path(var))
    setup_portal(places)
    from django.conf import settings

    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", port
    settings.EMAIL_HOST = "127.0.0.1"
    jobs = OfficeJobs(places, "production")
    while jobs.post(datetime.now(UTC)):
        pass


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        post(sys.argv[2], int(sys.argv[3]))
