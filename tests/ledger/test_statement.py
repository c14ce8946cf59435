import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import BadInput
from dauys.ledger.regions import REGIONS, ordered_regions
from dauys.ledger.statement import Statement, parse_statement

TITLE = "Әр ауылға автобус"

statements = st.builds(
    Statement,
    kind=st.just("petition.signature"),
    subject=st.integers(1, 10**9).map(lambda n: f"petition/{n}"),
    title=st.just(TITLE),
    text_sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    origin=st.just("demo.example/2026"),
    language=st.sampled_from(["kk", "ru", "en"]),
    age=st.integers(14, 99),
    region=st.sampled_from(["", *REGIONS]),
    tier=st.sampled_from(["mobile", "desktop", "email", "paper"]),
    nonce=st.binary(min_size=16, max_size=16).map(bytes.hex),
    expires=st.integers(1_700_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    citizen=st.booleans(),
)


@given(statements)
def test_a_statement_is_read_as_it_was_shown(statement):
    assert parse_statement(statement.to_bytes(), TITLE) == statement


@given(statements, st.data())
def test_one_changed_byte_is_another_statement_or_none(statement, data):
    text = bytearray(statement.to_bytes())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(BadInput):
        assert parse_statement(bytes(text), TITLE) != statement


@given(st.binary(max_size=400))
def test_random_bytes_are_no_statement(data):
    with pytest.raises(BadInput):
        parse_statement(data, TITLE)


@pytest.mark.parametrize(("language", "says"), [("kk", "азаматы екенімді"), ("ru", "гражданином"), ("en", "citizen")])
def test_the_readable_part_declares_in_the_signers_language(language, says):
    statement = Statement("petition.signature", "petition/7", TITLE, "0" * 64, "o", language, 16, "KZ-75", "mobile", "0" * 32,
                          datetime(2026, 11, 21, tzinfo=UTC))  # fmt: skip
    readable = statement.to_text().partition("dauys-statement/v1")[0]
    assert says in readable
    assert TITLE in readable
    assert REGIONS["KZ-75"][language] in readable
    assert "16" in readable


def test_a_kind_without_a_statement_is_refused():
    with pytest.raises(BadInput):
        Statement(
            "petition.anything", "petition/7", TITLE, "0" * 64, "o", "kk", 16, "", "mobile", "0" * 32, datetime.now(UTC)
        ).to_bytes()


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("kk", ["Абай", "Ақмола", "Ақтөбе", "Алматы"]),
        ("ru", ["Акмолинская", "Актюбинская", "Алматинская", "Атырауская"]),
    ],
)
def test_regions_stand_in_the_order_of_the_alphabet(language, begins):
    names = [name.split()[0] for _, name in ordered_regions(language)]
    assert names[: len(begins)] == begins
    assert len(names) == len(REGIONS)
    if language == "kk":
        assert names.index("Қарағанды") < names.index("Маңғыстау") < names.index("Ұлытау") < names.index("Шымкент")
