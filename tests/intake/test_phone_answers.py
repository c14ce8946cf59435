"""What a phone answered instead of a signature: by request, for minutes, so many and no more, and nothing of whose phone it was."""

from datetime import UTC, datetime, timedelta

import pytest

from dauys.errors import DocumentsDiffer, Overloaded, SignatureInvalid, SignedBefore, SigningCancelled, StorageFull
from dauys.intake.phone_answers import KEPT, MOST_TIMES, Kind, PhoneAnswers

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (SigningCancelled(), Kind.DECLINED),
        (SignatureInvalid(), Kind.SIGNATURE),
        (Overloaded(seconds=3), Kind.BUSY),
        (StorageFull(), Kind.BUSY),
        (DocumentsDiffer(what="mime"), Kind.OTHER),
        (SignedBefore(), Kind.OTHER),  # whether whoever holds the phone has signed is nobody else's business
    ],
)
def test_a_page_learns_the_kind_and_no_more(error, kind):
    answers = PhoneAnswers()
    answers.note(b"a", error, NOW)
    assert answers.last(b"a", NOW) == (kind, 1)
    assert answers.last(b"b", NOW) is None


def test_each_answer_is_news_up_to_a_number():
    answers = PhoneAnswers()
    for times in range(1, MOST_TIMES + 5):
        answers.note(b"a", SigningCancelled(), NOW)
        assert answers.last(b"a", NOW).times == min(times, MOST_TIMES)


def test_a_good_signature_ends_it_and_another_error_is_none_of_its_business():
    answers = PhoneAnswers()
    with pytest.raises(SigningCancelled), answers.noting(b"a", NOW):
        raise SigningCancelled
    with pytest.raises(ZeroDivisionError), answers.noting(b"b", NOW):
        raise ZeroDivisionError
    assert answers.last(b"a", NOW)
    assert answers.last(b"b", NOW) is None
    with answers.noting(b"a", NOW):
        pass
    assert answers.last(b"a", NOW) is None


def test_minutes_later_it_is_forgotten_and_makes_room():
    answers = PhoneAnswers()
    answers.note(b"a", SigningCancelled(), NOW)
    assert answers.last(b"a", NOW + KEPT - timedelta(seconds=1))
    assert answers.last(b"a", NOW + KEPT) is None
    answers.note(b"b", SigningCancelled(), NOW + KEPT)
    assert list(answers._kept) == [b"b"]


def test_the_oldest_make_room_and_who_answers_again_is_not_the_oldest():
    answers = PhoneAnswers(most=2)
    for nonce in (b"a", b"b", b"a", b"c"):
        answers.note(nonce, SigningCancelled(), NOW)
    assert [answers.last(nonce, NOW) is not None for nonce in (b"a", b"b", b"c")] == [True, False, True]
