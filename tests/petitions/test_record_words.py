"""The record of actions speaks to people: reasons, tasks and petitions by name, codes nowhere."""

from datetime import UTC, datetime

import pytest

import webworld

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _portal():
    webworld.installation()


@pytest.mark.parametrize(("kind", "detail", "words"), [
    ("petition.refuse-proposed", "no-demand, danger-to-life", ("нет требования", "; Текст удалён")),
    ("petition.proposal-dropped", "stop", ("остановка",)),
    ("reports.settled", "3", ("3 сообщения",)),
    ("text.erasure-proposed", f"{'ab' * 32} court-order", ("Так решил суд", "abababababab…")),
    ("staff.appointed", "moderator", ("Модератор",)),
])  # fmt: skip
def test_what_an_action_came_to(kind, detail, words):
    from django.utils.translation import override

    from dauys.desk.record import Action
    from dauys.petitions.record_words import tell

    petition = webworld.add_petition(7)
    with override("ru"):
        (told,) = tell([Action(by=0, kind=kind, subject=f"petition/{petition.pk}", detail=detail, at=NOW)], "ru")
    assert (told.about, told.who) == (f"Петиция № {petition.pk}", "")
    assert told.link.endswith(f"/ru/petitions/{petition.pk}")
    assert all(each in told.detail for each in words), told.detail
    assert not any(code in told.detail for code in ("no-demand", "danger-to-life", "court-order", "moderator"))


def test_what_is_not_known_is_shown_as_it_stands():
    from dauys.desk.record import Action
    from dauys.petitions.record_words import tell

    (told,) = tell([Action(by=990_001, kind="new.kind", subject="petition/990001", detail="new-reason", at=NOW)], "ru")
    assert (told.who, told.what, told.detail, told.link) == ("№ 990001", "new.kind", "new-reason", "")
