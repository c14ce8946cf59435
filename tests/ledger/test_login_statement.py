import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import BadInput
from dauys.ledger.login_statement import LoginStatement
from dauys.ledger.statement import parse_statement

EXPIRES = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
# The words are frozen: a better translation is a new version, never another text under this one.
FROZEN = {
    "kk": "6447bca085c38680cac7fdca1ea252bb5ed5a6be66b6d07dcd6af16e804fe5d8",
    "ru": "363e37780d2ad9652bcd06f1552921f13139c448acd457839b66537ea6a19162",
    "en": "c0a6c36413253318f1b35b27fe9291571ee00faf8b40c576996135fda826a480",
}
statements = st.builds(
    LoginStatement,
    role=st.sampled_from(["citizen", "official"]),
    host=st.sampled_from(["dauys.example", "127.0.0.1:8000"]),
    language=st.sampled_from(["kk", "ru", "en"]),
    nonce=st.binary(min_size=16, max_size=16),
    expires=st.just(EXPIRES),
)


@pytest.mark.parametrize("language", FROZEN)
def test_the_bytes_are_frozen(language):
    statement = LoginStatement("official", "dauys.example", language, bytes(range(16)), EXPIRES)
    assert hashlib.sha256(statement.to_bytes()).hexdigest() == FROZEN[language]


def test_it_says_all_that_a_person_must_compare():
    text = LoginStatement("citizen", "dauys.example", "en", bytes(range(16)), EXPIRES).to_text()
    words, _, facts = text.partition("dauys-statement/v1\n")
    assert "did not open this page yourself on dauys.example" in words
    assert "AS A CITIZEN" in words
    assert "code 433-241" in words
    assert facts.splitlines() == [
        "kind: login", "role: citizen", "host: dauys.example", "language: en", "code: 433-241",
        "nonce: 000102030405060708090a0b0c0d0e0f", "expires: 2026-11-22T00:05:00Z",
    ]  # fmt: skip


@given(statements)
def test_it_is_never_the_statement_of_an_act(statement):
    with pytest.raises(BadInput):
        parse_statement(statement.to_bytes(), "A title")


@given(statements, statements)
def test_different_requests_are_different_bytes(one, other):
    assert (one.to_bytes() == other.to_bytes()) == (one == other)


@given(statements)
def test_the_code_is_six_digits(statement):
    three, dash, more = statement.code.partition("-")
    assert dash
    assert len(three) == len(more) == 3
    assert (three + more).isdecimal()
