"""What has happened before a journey of officials begins: run beside the portal, with the demo country's own people.

usage: python desk_scene.py waiting | gathering | appeal NUMBER | considered | heard | hearing-now NUMBER; prints the petition's number.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

from dauys.cli.portal_setup import setup_portal
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places

places = Places.default()
keys = Keys.load(places.keys)
setup_portal(places)

import webworld  # noqa: E402 - once Django knows its settings
from dauys.desk.models import Official  # noqa: E402
from dauys.ledger.moments import moment_text  # noqa: E402
from dauys.ledger.petition_leaves import Convened  # noqa: E402
from dauys.petitions.models import Petition  # noqa: E402
from dauys.petitions.services import authoring, consideration, deadlines, moderation  # noqa: E402
from dauys.petitions.services.taking import taking  # noqa: E402
from dauys.rules.pack import load_pack  # noqa: E402

now = datetime.now(UTC)
DAY = timedelta(days=1)


def waiting(since):
    return authoring.submit(
        keys, load_pack("kz", since.date()), webworld.submission(), webworld.evidence("the journey's author"), since
    ).pk


def appeal(number):
    text = "Талап бар: құбырды ауыстырыңыз."
    authoring.appeal(keys, number, "refusal", text, webworld.evidence("the journey's author"), now)
    return number


def accepted(since, at):
    moderator = Official.objects.filter(duties__role="moderator").first()
    return moderation.accept(keys, waiting(since), moderator, at)


def considered(since):
    petition = accepted(since - 3 * DAY, since - 2 * DAY)
    webworld.tally(petition, 60_000, since - 2 * DAY, since - DAY)
    deadlines.run_deadlines(keys, since)
    return petition.pk


def heard():
    number = considered(now - 30 * DAY)
    clerk = Official.objects.get(duties__role="clerk", body="government")
    consideration.call_hearing(keys, number, "Жоба", now - 5 * DAY, "Астана", clerk, now - 20 * DAY)
    consideration.hold_hearing(keys, number, "Хаттама", 40, clerk, now - 4 * DAY)
    return number


def hearing_now(number):
    """Moves a hearing that was called to the next second, and lets that pass."""
    petition = Petition.objects.get(pk=number)
    clerk = Official.objects.get(duties__role="clerk", body=petition.body)
    at = moment_text(datetime.now(UTC) + timedelta(seconds=1))
    with taking(keys, number, now) as step:  # no office may call a hearing for the same day, and no test can wait
        officials = step.require(clerk, Convened, "clerk")
        step.log(Convened(
            moment=step.moment, subject=petition.subject_name, officials=officials, draft=petition.life.draft, hearing=at,
            place=petition.life.place,
        ))  # fmt: skip
    time.sleep(1.5)
    return number


scenes = {
    "waiting": lambda: waiting(now - DAY),
    "gathering": lambda: accepted(now, now).pk,
    "appeal": lambda: appeal(int(sys.argv[2])),
    "considered": lambda: considered(now - 2 * DAY),
    "heard": heard,
    "hearing-now": lambda: hearing_now(int(sys.argv[2])),
}
print(scenes[sys.argv[1]]())
