"""A small demo installation without the portal: authorities, keys, tables, a log and four petitions."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta

from dauys.demo.authority import keep_issued
from dauys.ledger import migration, sqlite
from dauys.ledger.envelope import Envelope
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import PetitionSignature, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text, moment_text, parse_moment
from dauys.ledger.opening import open_log
from dauys.ledger.petition_leaves import Submitted
from dauys.ledger.places import Places
from dauys.ledger.sequencer import Admission
from dauys.ledger.subjects import NewPetition, open_petition
from dauys.ledger.tail import append
from dauys.petitions.canonical import text_bytes
from dauys.petitions.terms import terms_of

DAY = timedelta(days=1)
TITLE = "Мектеп автобусы"
CONTENT = text_bytes(TITLE, "text").decode()
TEXT = hashlib.sha256(CONTENT.encode()).hexdigest()


def petition(number, opens, closes):
    return NewPetition(
        number,
        TITLE,
        "kk",
        TEXT,
        "Үкімет",
        50_000,
        ("desktop", "mobile", "paper"),
        16,
        "kz/2024-04-04",
        opens,
        closes,
    )


def log_lives(connection, places, keys, now):
    """Four petitions by the rules, handed in and opened, the oldest first: 2 has closed, the others are open."""
    terms = terms_of("kz/2024-04-04")
    with sqlite.transaction(connection, places.database):
        connection.execute("INSERT INTO ledger_text (sha256, content) VALUES (?, ?)", (TEXT, CONTENT))
        for number, since in ((2, 250 * DAY), (4, 10 * DAY), (3, 4 * DAY), (1, DAY)):
            opens = now - since
            handed_in = moment_text(opens - DAY)
            append(connection, encode_leaf(Submitted(
                moment=handed_in, subject=f"petition/{number}", attempt=1, body="government", commitment="A" * 43,
                due=terms.moderation_due(handed_in), language="kk", level="government", rules="kz/2024-04-04",
                text_sha256=TEXT, tier="mobile",
            )))  # fmt: skip
            closes = parse_moment(terms.closes(moment_text(opens)))
            open_petition(connection, keys, petition(number, opens, closes))


def install(var, authorities, *, by_the_rules=False):
    """Petition 1 is open, 2 closed yesterday, 3 opens tomorrow, 4 closes in five minutes; or `log_lives`."""
    places, now = Places(var), datetime.now(UTC)
    shutil.copytree(authorities, places.demo_pki)
    keys = Keys.create(places.keys, "demo.example/2026")
    migration.migrate(places.database)
    open_log(places, keys, "demo", now - 300 * DAY)
    connection = sqlite.connect(places.database)
    windows = [
        (now - DAY, now + DAY),
        (now - 2 * DAY, now - DAY),
        (now + DAY, now + 2 * DAY),
        (now - DAY, now + timedelta(minutes=5)),
    ]
    if by_the_rules:
        log_lives(connection, places, keys, now)
        windows = []
    with sqlite.transaction(connection, places.database):
        for number, (opens, closes) in enumerate(windows, 1):
            open_petition(connection, keys, petition(number, opens, closes))
    connection.close()
    keep_issued(places, now)
    return places, keys


def admission(subject, secrets, number):
    """A signature of a person by number, without a key."""
    name, hour = secrets.pseudonym(subject.name, f"iin|{number:012d}"), hour_number(datetime.now(UTC))
    sealed = secrets.seal(Envelope(b"statement", b"signature", 0).to_bytes())
    leaf = PetitionSignature(to_text(sealed.commitment), hour_text(hour), to_text(name), subject.name, "mobile")
    return Admission(subject.id, name, number.to_bytes(16, "big"), hour, "mobile", encode_leaf(leaf), sealed)
