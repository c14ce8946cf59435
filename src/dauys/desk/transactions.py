"""An office's transaction: rows and leaf commit together or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from dauys.ledger.places import Places
from dauys.ledger.sqlite import writer_lock
from dauys.ledger.storage import guarded


def reading_connection() -> sqlite3.Connection:
    """The raw connection of this thread, for `ledger` calls that only read."""
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    return raw


@contextmanager
def office_transaction() -> Iterator[sqlite3.Connection]:
    """The raw connection inside one write transaction, for `ledger` calls beside ORM writes.

    The writer's lock is taken before BEGIN IMMEDIATE and given back after COMMIT, as every writer of the ledger does.
    """
    with guarded(), writer_lock(Places(settings.DAUYS_VAR).database), transaction.atomic():
        yield connection.connection
