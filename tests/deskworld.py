"""Officials and their browsers over the scratch installation of `webworld`."""

import html
import re
from datetime import UTC, datetime

import webworld


def official(role, body="", name="Серікова А.", person=None):
    """An official in office with one task."""
    from dauys.desk.models import Duty, Official
    from dauys.desk.transactions import office_transaction

    _, keys = webworld.installation()
    person = keys.person(f"iin|{person or f'{role} {body} {name}'}")
    with office_transaction():
        row, _ = Official.objects.update_or_create(person=person, defaults={"name": name, "body": body, "active": True})
        Duty.objects.get_or_create(official=row, role=role)
    return row


def browser(row):
    """A browser in which this official is logged in."""
    from django.test import Client

    from dauys.desk.sessions import open_session
    from dauys.desk.transactions import office_transaction

    client = Client()
    with office_transaction():
        client.cookies["dauys_session"] = open_session(row.person, "official", row.name, datetime.now(UTC))
    return client


def nobody_in():
    """Ends all sessions and tasks; officials stay as rows, since the record names them."""
    from dauys.desk.models import Claim, Duty, Official, Report, ReportCount, Session

    for table in (Session, Duty, Claim, Report, ReportCount):
        table.objects.all().delete()
    Official.objects.update(active=False)


def considered(keys, now):
    """A petition that reached its threshold."""
    from datetime import timedelta

    from dauys.petitions.services import deadlines, moderation

    petition = moderation.accept(
        keys, webworld.hand_in(now - timedelta(days=3)).pk, webworld.MODERATOR, now - timedelta(days=2)
    )
    webworld.tally(petition, 60_000, now - timedelta(days=2), now - timedelta(days=1))
    deadlines.run_deadlines(keys, now)
    petition.refresh_from_db()
    return petition


def words(answer):
    """What a page says, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def state_of(petition):
    """Where it stands by now."""
    return type(petition).objects.get(pk=petition.pk).state


def refusal(**other):
    """A form that proposes a refusal."""
    return {"step": "refuse", "reason": ["no-demand"], "explanation": "Талап жоқ.", "span": "Қысым әлсіз."} | other
