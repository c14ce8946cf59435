"""Row and leaf commit together or not at all."""

from contextlib import closing

import pytest

from dauys.errors import BadInput
from dauys.ledger import sqlite
from dauys.ledger.leaves import PetitionOpened, decode_leaf, from_text
from webworld import add_petition, installation

pytestmark = pytest.mark.usefixtures("portal")


def rows():
    from dauys.petitions.models import Petition, PetitionText

    return Petition.objects.count(), PetitionText.objects.count()


def log_size():
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        return sqlite.read_tail(connection).size


def test_opening_writes_rows_subject_and_leaf():
    from dauys.petitions.models import PetitionText

    size = log_size()
    petition = add_petition()
    assert log_size() == size + 1
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        leaf = decode_leaf(sqlite.read_entries(connection, size, size + 1)[0])
        public = connection.execute(
            "SELECT vrf_public FROM ledger_subject WHERE name = ?", (petition.subject_name,)
        ).fetchone()[0]
    assert isinstance(leaf, PetitionOpened)
    assert (leaf.subject, leaf.threshold) == (f"petition/{petition.pk}", 50_000)
    assert from_text(leaf.vrf) == public
    signed = PetitionText.objects.get(petition=petition, is_signed=True)
    assert leaf.title == signed.title


@pytest.mark.parametrize("place", ["PetitionText", "open_subject"])
def test_an_exception_anywhere_leaves_neither(monkeypatch, place):
    from dauys.petitions import services

    before = log_size(), rows()

    class Broken:
        def __call__(self, *_arguments, **_options):
            raise ZeroDivisionError

        objects = property(lambda self: self)
        create = __call__

    original = getattr(services, place)
    if place == "open_subject":

        def after_the_leaf(*arguments):
            original(*arguments)
            raise ZeroDivisionError

        monkeypatch.setattr(services, place, after_the_leaf)
    else:
        monkeypatch.setattr(services, place, Broken())
    with pytest.raises(ZeroDivisionError):
        add_petition()
    assert (log_size(), rows()) == before


def test_a_petition_without_a_text_in_its_own_language_is_refused():
    with pytest.raises(BadInput):
        add_petition(language="ru", texts={"kk": ("Тақырып", "Мәтін")})
