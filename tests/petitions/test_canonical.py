"""The bytes that are signed: one spelling for each text with its files, and another for every other."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dauys.errors import BadInput
from dauys.petitions.canonical import FILES_HEAD, Attached, text_bytes, text_sha256

VECTORS = json.loads((Path(__file__).parents[2] / "docs/spec/vectors/petition-text.json").read_text("utf-8"))

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
TEXTS = st.lists(st.one_of(WORDS, st.just(FILES_HEAD), st.just("")), min_size=1, max_size=5).map("\n".join)
NAMES = WORDS.filter(str.isprintable)
FILES = st.lists(
    st.builds(
        Attached,
        NAMES,
        st.sampled_from(["application/pdf", "image/png"]),
        st.integers(1, 10**7),
        st.from_regex("[0-9a-f]{64}", fullmatch=True),
    ),
    max_size=3,
)


def test_the_form_is_as_the_specification_writes_it():
    files = [Attached("Сызба 1.pdf", "application/pdf", 5, "ab" * 32), Attached("b.png", "image/png", 7, "cd" * 32)]
    assert text_bytes("Тақырып", "Мәтін.\n\nТағы.", files).decode() == (
        "Тақырып\n\nМәтін.\n\nТағы.\n\ndauys-attachments/v1\n"
        f"{'ab' * 32} 5 application/pdf Сызба 1.pdf\n{'cd' * 32} 7 image/png b.png\n"
    )
    assert text_bytes("и\u0306", "x") == "й\n\nx\n".encode()


def parsed(content):
    """(title, text, lists of the parts of each line) as anyone reads them by docs/spec/statement.md."""
    words, _, listed = content.decode().partition(f"\n\n{FILES_HEAD}\n")
    title, _, text = words.partition("\n\n")
    lines = [line.split(" ", 3) for line in listed.splitlines()] if listed else []
    return title, text if listed else text.removesuffix("\n"), lines


@given(WORDS, TEXTS, FILES)
def test_what_is_signed_reads_back_in_one_way(title, text, files):
    title, text = (unicodedata.normalize("NFC", words) for words in (title, text))
    if FILES_HEAD in text.split("\n") or title == FILES_HEAD:
        with pytest.raises(BadInput):
            text_bytes(title, text, files)
        return
    names = [unicodedata.normalize("NFC", file.name) for file in files]
    assume(all(len(name.splitlines()) == 1 for name in names))
    expected = [[file.sha256, str(file.size), file.media_type, name] for file, name in zip(files, names, strict=True)]
    assert parsed(text_bytes(title, text, files)) == (title, text, expected)


@given(WORDS, WORDS, FILES, FILES)
def test_other_files_are_another_text(title, text, some, others):
    assume(FILES_HEAD not in (title, text))
    normal = [[unicodedata.normalize("NFC", str(part)) for part in file] for file in some]
    same = normal == [[unicodedata.normalize("NFC", str(part)) for part in file] for file in others]
    assert (text_bytes(title, text, some) == text_bytes(title, text, others)) == same


@pytest.mark.parametrize("name", ["a\nb.pdf", "a\u2028b.pdf", "\u202efdp.exe"])
def test_a_name_that_breaks_its_line_or_turns_it_round_is_refused(name):
    with pytest.raises(BadInput):
        text_bytes("т", "м", [Attached(name, "application/pdf", 1, "ab" * 32)])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["title"])
def test_the_form_is_the_one_that_was_frozen(vector):
    files = [Attached(*file) for file in vector["files"]]
    assert text_bytes(vector["title"], vector["text"], files).decode() == vector["bytes"]
    assert text_sha256(vector["title"], vector["text"], files) == vector["sha256"]
