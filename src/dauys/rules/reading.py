"""TOML in, checked structures out; RulesMalformed names the file and the place in it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from dauys.errors import RulesMalformed, RulesMissing
from dauys.rules.sources import Source, part

FOLDER = Path(__file__).parent  # a folder for each jurisdiction stands here

Structure = TypeVar("Structure")


def home_of(jurisdiction: str, folder: Path) -> Path:
    """The folder of a jurisdiction, named by lowercase letters as in the log's leaves; RulesMissing."""
    home = folder / jurisdiction
    if not re.fullmatch("[a-z]+", jurisdiction) or not home.is_dir():
        raise RulesMissing(jurisdiction=jurisdiction)
    return home


def read(file: Path) -> dict[str, Any]:
    """A file as TOML."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesMalformed(file=named(file), what=error) from error


def shape(file: Path, table: Any, kind: type[Structure]) -> Structure:
    """A table as a typed structure; unknown keys, missing languages and wrong types are refused."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise RulesMalformed(file=named(file), what=error) from error


def parted(file: Path, table: dict[str, Any]) -> tuple[dict[str, Any], list[Source]]:
    """A table's plain values and their sources; RulesMalformed where a value has none."""
    try:
        return part(table)
    except ValueError as error:
        raise RulesMalformed(file=named(file), what=error) from error


def unique(file: Path, codes: Iterable[object]) -> None:
    """Refuses a file that gives two things one code."""
    if twice := sorted(str(code) for code, times in Counter(codes).items() if times > 1):
        raise RulesMalformed(file=named(file), what=f"{', '.join(twice)} stands twice")


def named(file: Path) -> str:
    """A file as people know it: `kz/pack.toml`."""
    return f"{file.parent.name}/{file.name}"
