"""What a draft lacks to be handed in, in words for its author: the rules of the pack, and of the formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauys.petitions.canonical import FILES_HEAD
from dauys.petitions.drafts import ShownAs
from dauys.petitions.jurisdiction import addressee_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dauys.petitions.drafts import Draft
    from dauys.rules.pack import RulePack

ADDRESSEE, TEXT, AUTHOR = "addressee", "text", "author"  # the pages of a draft
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)  # direction marks can hide words
SHORTEST_NAME = 2  # characters


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is missing or wrong: on which page, in which field, in a sentence."""

    page: str
    field: str
    sentence: str


def problems(draft: Draft, rules: RulePack, now: datetime) -> list[Problem]:
    """All that stands between a draft and handing it in; empty where it is ready."""
    return [*_addressee(draft, now), *_texts(draft, rules), *_author(draft)]


def _addressee(draft: Draft, now: datetime) -> Iterator[Problem]:
    if not draft.body:
        yield Problem(ADDRESSEE, "body", _("Choose whom you ask"))
    elif addressee_of(draft.body, now) is None:
        yield Problem(ADDRESSEE, "body", _("The body you chose can no longer be asked; choose another"))


def _texts(draft: Draft, rules: RulePack) -> Iterator[Problem]:
    versions = draft.versions
    signed = versions.get(draft.language)
    if signed is None or not signed.title:
        yield Problem(TEXT, f"title-{draft.language}", _("Write a title: in one sentence, what should be done"))
    if signed is None or not signed.text:
        yield Problem(TEXT, f"text-{draft.language}", _("Write the text: what is wrong, and what you ask for"))
    for version in versions.values():
        if version.language != draft.language and bool(version.title) != bool(version.text):
            missing = "text" if version.title else "title"
            yield Problem(TEXT, f"{missing}-{version.language}", _("A translation needs both a title and a text"))
        yield from _long("title", version.language, version.title, rules.writing.title_characters)
        yield from _long("text", version.language, version.text, rules.writing.text_characters)
        yield from _strange(version.language, version.title, version.text)


def _long(kind: str, language: str, words: str, most: int) -> Iterator[Problem]:
    if (over := len(words) - most) > 0:
        sentence = ngettext(
            "This is {count} character longer than fits", "This is {count} characters longer than fits", over
        )
        yield Problem(TEXT, f"{kind}-{language}", sentence.format(count=over))


def _strange(language: str, title: str, text: str) -> Iterator[Problem]:
    if "\n" in title or UNPRINTABLE.search(title):
        yield Problem(TEXT, f"title-{language}", _("A title is one line of ordinary letters"))
    if UNPRINTABLE.search(text):
        yield Problem(
            TEXT, f"text-{language}", _("The text holds invisible signs that hide what it says; type it anew there")
        )
    if FILES_HEAD in text.split("\n"):
        yield Problem(TEXT, f"text-{language}", _("One line of the text is reserved for the list of files; change it"))


def _author(draft: Draft) -> Iterator[Problem]:
    name = draft.chosen_name
    if draft.shown_as == ShownAs.CHOSEN and (len(name) < SHORTEST_NAME or not name.isprintable()):
        yield Problem(AUTHOR, "chosen_name", _("Write the name under which the petition is to appear"))
    try:
        if draft.email:
            validate_email(draft.email)
    except ValidationError:
        yield Problem(AUTHOR, "email", _("This is not an e-mail address, such as name@example.kz"))
