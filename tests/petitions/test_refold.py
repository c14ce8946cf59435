"""Petitions' rows come back from the log: a database of some days ago, refilled, shows what the lost one showed."""

import sqlite3
from contextlib import closing

import pytest

import petition_lives
import webworld

FIELDS = (
    "state", "turn", "due", "review_due", "attempt", "body", "text_public", "listed_at", "opens_at", "closes_at", "life_json",
    "addressee_kk",
)  # fmt: skip


@pytest.fixture
def world():
    webworld.installation()
    webworld.clear()
    yield webworld.installation()
    webworld.clear()


def copy(source, target):
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def petitions():
    from dauys.petitions.models import Petition, PetitionEvent

    return (
        {row["id"]: row for row in Petition.objects.order_by("id").values("id", *FIELDS)},
        list(PetitionEvent.objects.order_by("index").values_list("petition_id", "index", "kind", "moment", "entry")),
    )


def texts():
    from dauys.desk.models import PublicText

    return set(PublicText.objects.values_list("sha256", "content", "erased_for"))


def bring_back(places, keys, shown):
    from dauys.desk.transactions import office_transaction
    from dauys.ledger.refill import refill
    from dauys.ledger.refold import Refold
    from dauys.petitions.refold import PetitionRows
    from dauys.translog.checkpoint import open_checkpoint

    checkpoint = open_checkpoint((places.log / "checkpoint").read_text(), [keys.log.verifier])
    with office_transaction() as connection:
        rows, ledger = PetitionRows(shown.get), Refold(connection, lambda _rules: True)

        def take(index, leaf):
            ledger.take(index, leaf)
            rows.take(index, leaf)

        refill(connection, checkpoint, lambda path: (places.log / path).read_bytes(), take)
        rows.keep_numbers()
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_rows_come_back_as_they_were(world, tmp_path, seed):
    from django.db import connection

    places, keys = world
    moments = []

    def look(_petition, _now):
        moments.append(None)
        if len(moments) == 12:
            connection.close()
            copy(places.database, tmp_path / "backup")

    petition_lives.play(seed, 45, look)
    late = webworld.hand_in()
    webworld.publish(places, keys)
    lost, shown = petitions(), {sha256: content.encode() for sha256, content, erased in texts() if not erased}
    before = texts()
    connection.close()
    copy(tmp_path / "backup", places.database)
    rows = bring_back(places, keys, shown)
    assert late.subject_name in rows.gone
    kept = {number for number in lost[0] if f"petition/{number}" not in rows.gone}
    found = petitions()
    assert {number: found[0][number] for number in kept} == {number: lost[0][number] for number in kept}
    assert [row for row in found[1] if row[0] in kept] == [row for row in lost[1] if row[0] in kept]
    if not rows.gone[1:]:
        assert texts() == before
    assert rows.steps
    assert webworld.hand_in().pk > late.pk  # its number stays used: another petition never stands under it
