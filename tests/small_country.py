"""A small demo installation without the portal: authorities, keys, tables, a log and four petitions."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta

from dauys.demo.authority import keep_issued
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.opening import open_log
from dauys.ledger.places import Places
from dauys.ledger.subjects import NewPetition, open_petition

DAY = timedelta(days=1)


def petition(number, opens, closes):
    text = hashlib.sha256(b"text").hexdigest()
    return NewPetition(
        number,
        "Мектеп автобусы",
        "kk",
        text,
        "Үкімет",
        50_000,
        ("desktop", "mobile"),
        16,
        "kz/2024-04-04",
        opens,
        closes,
    )


def install(var, authorities):
    """Petition 1 is open, 2 closed yesterday, 3 opens tomorrow, 4 closes in five minutes."""
    places, now = Places(var), datetime.now(UTC)
    shutil.copytree(authorities, places.demo_pki)
    keys = Keys.create(places.keys, "demo.example/2026")
    sqlite.migrate(places.database)
    open_log(places, keys, "demo", now - 30 * DAY)
    connection = sqlite.connect(places.database)
    windows = [
        (now - DAY, now + DAY),
        (now - 2 * DAY, now - DAY),
        (now + DAY, now + 2 * DAY),
        (now - DAY, now + timedelta(minutes=5)),
    ]
    with sqlite.transaction(connection, places.database):
        for number, (opens, closes) in enumerate(windows, 1):
            open_petition(connection, keys, petition(number, opens, closes))
    connection.close()
    keep_issued(places, now)
    return places, keys
