"""Paper signatures: two entries that agree, duplicates of e-signatures found, nothing of a number kept, the log accounts."""

from contextlib import closing
from datetime import UTC, datetime

import pytest

import webworld
from dauys.errors import PersonInvolved, RoleMissing, SheetDiffers, SheetKnown, SheetRowsUnfit
from dauys.identity.iin import check_digit
from dauys.ledger import sqlite
from dauys.ledger.leaves import PetitionSignature, decode_leaf, encode_leaf
from dauys.ledger.paper_leaf import PaperEntered
from dauys.ledger.recount import Recount
from petitions.test_unsigning import sign
from webworld import MODERATOR, SECOND_MODERATOR, Official, installation

pytestmark = pytest.mark.usefixtures("portal")

SCAN, OTHER_SCAN = "ab" * 32, "cd" * 32
NUMBERS = [
    body + str(check_digit(body)) for body in (f"9001013{n:04d}" for n in range(40)) if check_digit(body) is not None
][:6]


def now():
    return datetime.now(UTC)


def enter(petition, numbers, again=None, scan=SCAN):
    """Both entries of a sheet."""
    from dauys.petitions.services import paper

    _, keys = installation()
    sheet = paper.enter(keys, petition.pk, scan, numbers, MODERATOR, now())
    return paper.enter_again(keys, sheet.pk, again or numbers, SECOND_MODERATOR, now())


def log():
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        return sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)


def recount(entries):
    """Sentences of what is wrong; in one database of many tests days do not follow one another and texts recur."""
    found = Recount(frozenset(), "demo.example/log")
    for index, entry in enumerate(entries):
        found.entry(index, entry)
    return [finding.sentence for finding in found.findings if finding.code not in {"backdated", "text-erased-twice"}]


def test_a_sheet_counts_once_and_whoever_signed_before_counts_once():
    petition = webworld.add_petition()
    sign(petition, f"iin|{NUMBERS[0]}")
    counted = enter(petition, NUMBERS[:3])
    assert (counted.signatures, counted.repeated) == (2, 1)
    *signed, last = map(decode_leaf, log()[-3:])
    assert [(type(leaf), leaf.tier) for leaf in signed] == [(PetitionSignature, "paper")] * 2
    assert (last.sheet, last.rows, last.signatures, last.officials) == (SCAN, 3, 2, [1, 2])
    with pytest.raises(SheetKnown):
        enter(petition, NUMBERS[3:])
    assert recount(log()) == []


def test_a_forged_account_of_a_sheet_is_found():
    petition = webworld.add_petition()
    enter(petition, NUMBERS[:3])
    *before, last = log()
    leaf = decode_leaf(last)
    forged = PaperEntered(leaf.moment, leaf.officials, 4, leaf.sheet, 4, leaf.subject)
    assert any("accounts for 4 signatures" in each for each in recount([*before, encode_leaf(forged)]))


def test_the_second_entry_is_another_officials_and_must_agree():
    from dauys.petitions.services import paper

    _, keys = installation()
    petition = webworld.add_petition()
    size = len(log())
    sheet = paper.enter(keys, petition.pk, SCAN, NUMBERS[:3], MODERATOR, now())
    with pytest.raises(PersonInvolved):
        paper.enter_again(keys, sheet.pk, NUMBERS[:3], MODERATOR, now())
    with pytest.raises(SheetDiffers) as told:
        paper.enter_again(keys, sheet.pk, [NUMBERS[0], NUMBERS[4], NUMBERS[2], NUMBERS[5]], SECOND_MODERATOR, now())
    assert told.value.facts["rows"] == "2, 4"
    with pytest.raises(RoleMissing):
        paper.enter_again(keys, sheet.pk, NUMBERS[:3], Official(9, "reviewer"), now())
    assert len(log()) == size
    paper.drop(sheet.pk, MODERATOR, now())
    assert enter(petition, NUMBERS[:3]).signatures == 3


@pytest.mark.parametrize(("rows", "told"), [
    ([NUMBERS[0], "123", NUMBERS[1]], "2"),
    ([NUMBERS[0], NUMBERS[1], NUMBERS[0]], "1, 3"),
    ([NUMBERS[0][:-1] + str((int(NUMBERS[0][-1]) + 1) % 10)], "1"),
])  # fmt: skip
def test_rows_that_are_no_numbers_are_named(rows, told):
    petition = webworld.add_petition()
    with pytest.raises(SheetRowsUnfit) as refused:
        enter(petition, rows)
    assert refused.value.facts["rows"] == told


def test_no_number_is_kept():
    places, _ = installation()
    enter(webworld.add_petition(), NUMBERS)
    for file in places.database.parent.glob("dauys.sqlite3*"):
        content = file.read_bytes()
        assert not any(number.encode() in content for number in NUMBERS)


def test_an_exception_leaves_neither_rows_nor_leaf(monkeypatch):
    from dauys.petitions.services import paper

    petition = webworld.add_petition()
    size = len(log())

    def failing(*_):
        raise RuntimeError

    monkeypatch.setattr(paper, "append", failing)
    with pytest.raises(RuntimeError):
        enter(petition, NUMBERS)
    assert len(log()) == size


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_two_officials_at_their_desks(language):
    import deskworld

    petition = webworld.add_petition()
    address, body = f"/{language}/desk/moderation/{petition.pk}/paper", {"numbers": "\n".join(NUMBERS)}
    first, second = (
        deskworld.browser(deskworld.official("moderator", name=name)) for name in ("Серікова А.", "Ким В.")
    )
    try:
        assert first.post(address, body | {"sha256": OTHER_SCAN}).status_code == 303
        page = second.get(address).content.decode()
        assert OTHER_SCAN in page
        assert not any(number in page for number in NUMBERS)
        sheet = petition.sheets.get()
        wrong = second.post(f"{address}/{sheet.pk}", {"numbers": "\n".join(NUMBERS[::-1])})
        assert wrong.status_code == 409
        assert second.post(f"{address}/{sheet.pk}", body).status_code == 303
        assert decode_leaf(log()[-1]).signatures == len(NUMBERS)
    finally:
        deskworld.nobody_in()
