"""A text and the list of its files come apart in one way."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.ledger.attached import FILES_HEAD, Attached, split_files
from dauys.petitions.canonical import text_bytes

VECTORS = Path(__file__).parents[2] / "docs/spec/vectors/petition-text.json"
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
FILES = st.builds(
    lambda name, kind, size, digest: Attached(name, kind, size, digest.hex()),
    NAMES,
    st.sampled_from(["application/pdf", "image/png"]),
    st.integers(0, 10**9),
    st.binary(min_size=32, max_size=32),
)
FILE = Attached("сурет.png", "image/png", 7, "cd" * 32)
LISTED = text_bytes("т", "м", [FILE]).decode()


@given(st.lists(FILES, max_size=4))
def test_what_was_listed_is_read(files):
    text = text_bytes("Тақырып", "Мәтін.", files).decode()
    words, found = split_files(text)
    assert words == "Тақырып\n\nМәтін.\n"
    assert text_bytes("Тақырып", "Мәтін.", found).decode() == text
    assert len(found) == len(files)


def test_the_vectors_are_read():
    for vector in json.loads(VECTORS.read_bytes()):
        assert list(split_files(vector["bytes"])[1]) == [Attached(*file) for file in vector["files"]]


@pytest.mark.parametrize("text", [
    "т\n\nм\n", LISTED[:-1], f"{LISTED}\n", LISTED.replace(" 7 ", " 07 "), LISTED.replace("cd", "CD"),
    LISTED.replace(" image/png", "  image/png"), f"{LISTED}ab 1 image/png a\n", LISTED.replace("сурет", "сур\u202eет"),
    f"т\n\nм\n\n{FILES_HEAD}\n", LISTED.replace("image/png", "image/../png"),
])  # fmt: skip
def test_what_is_no_list_stays_text(text):
    assert split_files(text) == (text, ())
