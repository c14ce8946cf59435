"""`dauys desk`: who holds office here. The personal number is asked for, never stored."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from dauys.cli.portal_setup import setup_portal
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places

ROLES = ("moderator", "reviewer", "clerk", "head", "administrator")
SHOWN = 12  # hex digits of a person that are enough to name one of a few officials


@click.group()
def desk() -> None:
    """Officials of this installation: appoint, dismiss, list."""


@desk.command()
@click.option(
    "--iin", prompt="Personal number (IIN), not shown", hide_input=True, help="Twelve digits; asked for if absent."
)
@click.option("--role", type=click.Choice(ROLES), required=True, help="The task; give several one by one.")
@click.option("--name", required=True, help="As it stands under the official's acts.")
@click.option(
    "--body", default="", help="The state body's code in the rules, such as ministry-health; none: the portal itself."
)
def appoint(iin: str, role: str, name: str, body: str) -> None:
    """Give a person a task. The first administrator is appointed here."""
    from dauys.identity.iin import Iin

    keys = _ready()
    from dauys.desk import services
    from dauys.desk.bodies import known_body

    if body or role in ("clerk", "head"):
        known_body(body, datetime.now(UTC))
    services.appoint(keys, Iin.typed(iin), role, name, body, datetime.now(UTC))
    click.echo(f"{name} may now log in as {role}.")


@desk.command()
@click.option(
    "--iin", prompt="Personal number (IIN), not shown", hide_input=True, help="Twelve digits; asked for if absent."
)
@click.option("--role", type=click.Choice(ROLES), default=None, help="This task alone; the person keeps the others.")
def dismiss(iin: str, role: str | None) -> None:
    """Take one task or all from a person; with the last one their sessions end at once."""
    from dauys.identity.iin import Iin

    keys = _ready()
    from dauys.desk import services

    person = keys.person(f"iin|{Iin.typed(iin).digits}")
    official = services.dismiss(person, datetime.now(UTC), role=role or "")
    click.echo(
        f"{official.name} is {role} no more." if official.active else f"{official.name} holds no office any more."
    )


@desk.command("list")
def list_officials() -> None:
    """Who is in office, with which tasks."""
    _ready()
    from dauys.desk.models import Official

    for official in Official.objects.filter(active=True).prefetch_related("duties").order_by("name"):
        duties = ", ".join(sorted(duty.role for duty in official.duties.all()))
        click.echo(f"{official.person[:SHOWN]}  {official.name}  {official.body or '-'}  {duties}")


def _ready() -> Keys:
    places = Places.default()
    keys = Keys.load(places.keys)
    setup_portal(places)
    return keys
