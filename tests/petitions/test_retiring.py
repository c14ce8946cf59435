"""A petition whose term is over loses its keys by the clock, and its page stays."""

from contextlib import closing
from datetime import timedelta

import pytest

import webworld
from dauys.ledger import sqlite
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.vault_leaves import KeysDestroyed
from webworld import installation

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def petition():
    webworld.clear()
    return webworld.add_petition()


def destroyed():
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        entries = sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)
    return [leaf.subject for leaf in map(decode_leaf, entries) if isinstance(leaf, KeysDestroyed)]


def run(petition, months):
    from dauys.petitions.services import deadlines

    deadlines.run_deadlines(installation()[1], petition.closes_at + timedelta(days=30.6 * months))
    petition.refresh_from_db()


def test_keys_go_after_the_term_and_not_before(petition, portal):
    run(petition, 1)
    assert (petition.state, petition.turn) == ("lapsed", "nobody")
    run(petition, 35)
    assert petition.subject_name not in destroyed()
    run(petition, 37)
    run(petition, 38)
    assert destroyed().count(petition.subject_name) == 1
    assert portal.get(f"/kk/petitions/{petition.pk}").status_code == 200


def test_a_petition_that_waits_for_somebody_keeps_them(petition):
    from dauys.petitions.models import Petition

    run(petition, 1)
    Petition.objects.filter(pk=petition.pk).update(review_due="2026-12-01")
    run(petition, 37)
    Petition.objects.filter(pk=petition.pk).update(review_due=None, turn="body")
    run(petition, 37)
    assert petition.subject_name not in destroyed()
