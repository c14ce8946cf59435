"""What a report calls things for people: petitions by their titles, their codes after them; kinds and verdicts in words."""

from __future__ import annotations

import re
import shlex
from html import escape
from typing import Any, Final

from dauys.ledger.findings import said

SUBJECT: Final = re.compile(r"petition/\d+")
QUOTES: Final = {"kk": "«»", "ru": "«»", "en": "“”"}
KIND_WORDS: Final = {"broken": said("BROKEN"), "overdue": said("OVERDUE"), "note": said("NOTE")}
SOUND: Final = {True: said("SOUND"), False: said("NOT SOUND")}


def quoted(title: str, language: str) -> str:
    """A title as this language quotes it."""
    return title.join(QUOTES[language])


def titled(subject: str, report: dict[str, Any], language: str) -> str:
    """A petition by its title, its code after it; by its code where nothing gave it a title yet."""
    title = report["titles"].get(subject)
    return f"{quoted(title, language)} ({subject})" if title else subject


def with_titles(sentence: str, report: dict[str, Any], language: str) -> str:
    """A sentence whose petitions are called by their titles."""
    return SUBJECT.sub(lambda found: titled(found[0], report, language), sentence)


def with_titles_html(sentence: str, report: dict[str, Any], language: str, page: str) -> str:
    """The same as HTML, titles linked to their petitions' pages, of which `page` is one with {number} in it, or empty."""

    def named(found: re.Match[str]) -> str:
        subject = found[0]
        title = report["titles"].get(subject)
        shown = escape(quoted(title, language) if title else subject)
        address = escape(page.format(number=subject.partition("/")[2]))
        linked = f'<a href="{address}">{shown}</a>' if page else shown
        return f"{linked} <small>({subject})</small>" if title else linked

    return SUBJECT.sub(named, escape(sentence))


def command(report: dict[str, Any]) -> str:
    """The whole command that repeats an audit, with the shortest of the log's keys that signed what was audited."""
    return f"dauys audit {shlex.quote(report['source'])} --key {shlex.quote(min(report['keys'], key=len))}"


def when(report: dict[str, Any], say: Any) -> str:
    """When it was made, and what did not have to be read again."""
    if report["read_before"]:
        return str(say(said("Audited {audited}; {read_before} of the entries had been read before."))).format(**report)
    return str(say(said("Audited {audited}."))).format(**report)
