"""Counts as they become public, together with the checkpoint they hold at."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

Counts = dict[str, dict[str, int]]  # signatures by subject's name and tier


class Moves(NamedTuple):
    """Counts that are committed and not yet public: (value…, subject id, hour, tier)."""

    signed: list[tuple[int, int, int, int, str]]  # standing, final
    withdrawn: list[tuple[int, int, int, str]]

    @property
    def subjects(self) -> set[int]:
        """Whose total changes."""
        return {row[-3] for rows in self for row in rows}


def read_moves(connection: sqlite3.Connection) -> Moves:
    """What this view holds that pages do not show yet."""
    signed = connection.execute(
        "SELECT committed - taken_back, final, subject_id, hour, tier FROM ledger_tally "
        "WHERE published <> committed - taken_back OR published_final <> final"
    )
    withdrawn = connection.execute(
        "SELECT committed, subject_id, hour, tier FROM ledger_withdrawn WHERE published <> committed"
    )
    return Moves(signed.fetchall(), withdrawn.fetchall())


def make_public(connection: sqlite3.Connection, moves: Moves) -> None:
    """Pages show these from now on; inside the caller's transaction."""
    connection.executemany(
        "UPDATE ledger_tally SET published = ?, published_final = ? WHERE subject_id = ? AND hour = ? AND tier = ?",
        moves.signed,
    )
    connection.executemany(
        "UPDATE ledger_withdrawn SET published = ? WHERE subject_id = ? AND hour = ? AND tier = ?", moves.withdrawn
    )
    connection.executemany(
        # Each arm by the subject's own rows: SQLite would read both tables whole through the view `ledger_count`.
        "UPDATE ledger_subject SET (published_signatures, published_final) = "
        "(SELECT coalesce(sum(standing), 0), coalesce(sum(max(0, final)), 0) FROM "
        "(SELECT sum(standing) AS standing, sum(final) AS final FROM "
        "(SELECT tier, published AS standing, published_final AS final FROM ledger_tally WHERE subject_id = ?1 "
        "UNION ALL SELECT tier, -published, -published FROM ledger_withdrawn WHERE subject_id = ?1) GROUP BY tier)) "
        "WHERE id = ?1",
        [(subject,) for subject in moves.subjects],
    )


def read_counts(connection: sqlite3.Connection) -> tuple[Counts, Counts]:
    """Signatures that stand and, of them, final ones, as committed in this view; a tier without any is left out."""
    rows = connection.execute(
        "SELECT name, tier, standing, final FROM ledger_count JOIN ledger_subject ON ledger_subject.id = subject_id"
    )
    counts: tuple[Counts, Counts] = ({}, {})
    for name, tier, *both in rows:
        for which, count in zip(counts, both, strict=True):
            if count:
                which.setdefault(name, {})[tier] = count
    return counts


def counts_document(size: int, standing: Counts, final: Counts) -> bytes:
    """The public counts: `{"size": tree size they hold at, "subjects": {name: {tier: signatures}}, "final": the same}`."""
    document = {"size": size, "subjects": standing, "final": final}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
