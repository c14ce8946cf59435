import json
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import LANGUAGES, BadInput
from dauys.ledger.login_statement import LoginStatement, Role
from dauys.ledger.moments import parse_moment
from dauys.ledger.statement import parse_statement

EXPIRES = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
# Frozen: a better translation is a new version, never another text under this one.
VECTORS = Path(__file__).parents[2] / "docs/spec/vectors/login.json"

statements = st.builds(
    LoginStatement,
    role=st.sampled_from(["citizen", "official"]),
    host=st.sampled_from(["dauys.example", "127.0.0.1:8000"]),
    language=st.sampled_from(["kk", "ru", "en"]),
    nonce=st.binary(min_size=16, max_size=16),
    expires=st.just(EXPIRES),
)


def test_the_bytes_are_those_of_the_vectors():
    vectors = json.loads(VECTORS.read_text("utf-8"))["statements"]
    assert {(row["role"], row["language"]) for row in vectors} == set(product(get_args(Role), LANGUAGES))
    for row in vectors:
        nonce, expires = bytes.fromhex(row["nonce"]), parse_moment(row["expires"])
        statement = LoginStatement(row["role"], row["host"], row["language"], nonce, expires)
        assert (statement.to_text(), statement.code) == (row["statement"], row["code"])


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
