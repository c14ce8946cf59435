"""Files that belong to a petition's text: how the text lists them, so that its one hash covers them (docs/spec/statement.md)."""

from __future__ import annotations

import re
from typing import NamedTuple

FILES_HEAD = "dauys-attachments/v1"  # a line of its own: no text holds it, so a list is never taken for text
LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,15}) ([a-z0-9.+-]+/[a-z0-9.+-]+) (.+)")


class Attached(NamedTuple):
    """A file that belongs to a text: its name, media type, bytes and hex SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


def files_part(files: tuple[Attached, ...]) -> str:
    """The list as it ends a text; nothing where there are no files, so that such a text is its words alone."""
    lines = (f"{file.sha256} {file.size} {file.media_type} {file.name}\n" for file in files)
    return f"\n{FILES_HEAD}\n" + "".join(lines) if files else ""


def split_files(text: str) -> tuple[str, tuple[Attached, ...]]:
    """The words of a petition's text, and the files it lists; a text whose end is no such list is all words."""
    words, head, listed = text.partition(f"\n{FILES_HEAD}\n")
    lines = listed.removesuffix("\n").split("\n") if head else []
    found = [LINE.fullmatch(line) for line in lines]
    files = tuple(Attached(each[4], each[3], int(each[2]), each[1]) for each in found if each and each[4].isprintable())
    return (words, files) if files and files_part(files) == head + listed else (text, ())
