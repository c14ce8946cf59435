"""What has happened before a journey of officials begins: run beside the portal, with the demo country's own people.

usage: python desk_scene.py waiting | appeal NUMBER | considered | heard; prints the petition's number.
"""

import sys
from datetime import UTC, datetime, timedelta

from dauys.cli.portal_setup import setup_portal
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places

places = Places.default()
keys = Keys.load(places.keys)
setup_portal(places)

import webworld  # noqa: E402 - once Django knows its settings
from dauys.desk.models import Official  # noqa: E402
from dauys.petitions.services import authoring, consideration, deadlines, moderation  # noqa: E402
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


def considered(since):
    moderator = Official.objects.filter(duties__role="moderator").first()
    petition = moderation.accept(keys, waiting(since - 3 * DAY), moderator, since - 2 * DAY)
    webworld.tally(petition, 60_000, since - 2 * DAY, since - DAY)
    deadlines.run_deadlines(keys, since)
    return petition.pk


def heard():
    number = considered(now - 30 * DAY)
    clerk = Official.objects.get(duties__role="clerk", body="government")
    consideration.call_hearing(keys, number, "Жоба", now - 5 * DAY, "Астана", clerk, now - 20 * DAY)
    consideration.hold_hearing(keys, number, "Хаттама", 40, clerk, now - 4 * DAY)
    return number


scenes = {
    "waiting": lambda: waiting(now - DAY),
    "appeal": lambda: appeal(int(sys.argv[2])),
    "considered": lambda: considered(now - 2 * DAY),
    "heard": heard,
}
print(scenes[sys.argv[1]]())
