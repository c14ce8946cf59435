"""A log of our own whose policy names witnesses, and its checkpoints as they are published."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from dauys.intake.witnesses import Witnesses
from dauys.ledger import migration, sqlite
from dauys.ledger.cosigned import read_policy, read_states, witnessed
from dauys.ledger.keys import Keys
from dauys.ledger.opening import open_log
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.tail import append


class Log:
    """A log of this installation's kind, with a policy of the witnesses given."""

    def __init__(self, var):
        self.places = Places(var)
        self.keys = Keys.create(self.places.keys, "demo.example/2026")
        migration.migrate(self.places.database)
        open_log(self.places, self.keys, "demo", datetime(2026, 11, 1, tzinfo=UTC))

    @property
    def key(self):
        return self.keys.log.verifier

    def believe(self, *lines, quorum="none"):
        self.places.witnesses.write_text("".join(lines) + f"quorum {quorum}\n")

    def grow(self, count, what=b"entry"):
        connection = sqlite3.connect(self.places.database, isolation_level=None)
        with closing(connection), sqlite.transaction(connection, self.places.database):
            for number in range(count):
                append(connection, b"%s %d" % (what, number))

    def publisher(self, seconds=1.0):
        return closing(Publisher(self.places, self.keys.log, Witnesses(read_policy(self.places), seconds)))

    @property
    def checkpoint(self):
        return (self.places.log / "checkpoint").read_text()

    def names(self):
        return set(witnessed(self.checkpoint, read_policy(self.places)).times)

    def states(self):
        with closing(sqlite.connect(self.places.database)) as connection:
            return read_states(connection)
