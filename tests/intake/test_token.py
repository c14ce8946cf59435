from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import RequestForged
from dauys.intake.token import MAX_TOKEN, Grant, Tokens

TOKENS = Tokens(b"k" * 32)

grants = st.builds(
    Grant,
    kind=st.just("petition.signature"),
    subject=st.integers(1, 10**17).map(lambda n: f"petition/{n}"),
    nonce=st.binary(min_size=16, max_size=16),
    expires=st.integers(0, 2**40),
    language=st.sampled_from(["kk", "ru", "en"]),
    tier=st.sampled_from(["desktop", "mobile"]),
    region=st.sampled_from(["", "KZ-75"]),
    holder=st.sampled_from([b"", b"h" * 32]),
)


@given(grants)
def test_a_token_is_all_the_state(grant):
    token = TOKENS.seal(grant)
    assert TOKENS.open(token) == grant
    assert len(token) <= MAX_TOKEN


@given(grants, st.data())
def test_one_changed_letter_is_forged(grant, data):
    token = TOKENS.seal(grant)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCdef019-_=+/ \nя"))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(RequestForged):
            TOKENS.open(changed)


@given(grants)
def test_another_installation_does_not_know_it(grant):
    with pytest.raises(RequestForged):
        Tokens(b"j" * 32).open(TOKENS.seal(grant))


@given(st.text(max_size=600))
def test_random_text_is_forged(text):
    with pytest.raises(RequestForged):
        TOKENS.open(text)


def test_a_grant_expires_to_the_second():
    now = datetime(2026, 11, 21, tzinfo=UTC)
    grant = Grant("petition.signature", "petition/1", bytes(16), int(now.timestamp()), "kk", "mobile", "")
    assert grant.expired(now)
    assert not grant.expired(now - timedelta(seconds=1))
