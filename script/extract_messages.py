"""Brings the Kazakh and Russian catalogues in step with the messages of templates, Python and errors (Babel, Django).

usage: .venv/bin/python script/extract_messages.py [--check]

New messages come in empty, unused ones go. With --check nothing is written: what is missing, fuzzy or has other
placeholders than its English is listed, and the exit code is 1.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from dauys.errors import LOCALE_DIRECTORY, error_classes
from dauys.identity.subjects import Kind
from dauys.identity.verdict import DOMAIN, Outcome, Stage
from dauys.ledger.findings import DOMAIN as AUDIT

SOURCE = Path(__file__).resolve().parent.parent / "src/dauys"
TRANSLATED = ("kk", "ru")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
VERDICT_KEYWORDS = {"Found": None, "not_asked": None, "word": None}  # their first argument, where it is a literal
AUDIT_KEYWORDS = {"said": None, "say": None}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def pages() -> Catalog:
    """Messages of all templates and of Python, the domain `django`."""
    found = Catalog(charset="utf-8", fuzzy=False)
    files = sorted((*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("*.py")))
    for file in files:
        text = file.read_text("utf-8")
        if file.suffix == ".html":  # only the messages are left of it; what stands before them on a line is no Python
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
        for _, function, words, _ in extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"}):
            add(found, function, words, str(file.relative_to(SOURCE)))
    return found


def add(found: Catalog, function: str, words: object, place: str) -> None:
    """One call of a gettext function, if its words are literals."""
    arguments = [words] if isinstance(words, str) else list(words or ())
    if not arguments or not all(isinstance(word, str) for word in arguments[: 2 if len(arguments) > 1 else 1]):
        return
    context = arguments.pop(0) if function == "pgettext" else None
    key = tuple(arguments[:2]) if function == "ngettext" else arguments[0]
    found.add(key, locations=[(place, 0)], context=context)


def errors() -> Catalog:
    """The sentence of every error, the domain `errors`."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for code, kind in sorted(error_classes().items()):
        found.add(kind.sentence, auto_comments=[code])
    return found


def verdicts() -> Catalog:
    """Names and sentences of a verdict, the domain `verdict`."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for kind in (Stage, Outcome, Kind):
        for member in kind:
            found.add(str(member), auto_comments=[kind.__name__])
    for file in sorted((*SOURCE.glob("identity/*.py"), SOURCE / "cli/verify.py", *SOURCE.glob("cli/verdict*.py"))):
        for _, _, words, _ in extract_python(
            io.BytesIO(file.read_bytes()), VERDICT_KEYWORDS, (), {"encoding": "utf-8"}
        ):
            sentence = words if isinstance(words, str) else words[0]
            if sentence:
                found.add(sentence, auto_comments=[file.stem])
    return found


def audits() -> Catalog:
    """What an audit finds, and the words of its report."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for file in sorted((*SOURCE.glob("audit/*.py"), SOURCE / "ledger/findings.py", SOURCE / "ledger/recount.py")):
        for _, _, words, _ in extract_python(io.BytesIO(file.read_bytes()), AUDIT_KEYWORDS, (), {"encoding": "utf-8"}):
            if isinstance(words, str):
                found.add(words, auto_comments=[file.stem])
    return found


def updated(template: Catalog, file: Path, language: str) -> Catalog:
    """The catalogue of a file with exactly the template's messages."""
    with file.open("rb") if file.exists() else io.BytesIO() as source:
        catalogue = read_po(source, locale=language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def faults(message: Message) -> list[str]:
    """What is wrong with one translation, in words."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    singular, plural = message.id if isinstance(message.id, tuple) else (message.id, message.id)
    wanted = sorted(set(PLACEHOLDER.findall(singular)) | set(PLACEHOLDER.findall(plural)))
    found = ["fuzzy"] if message.fuzzy else []
    found += ["missing"] if not all(forms) else []
    return found + [
        f"placeholders {wanted}" for form in forms if form and sorted(set(PLACEHOLDER.findall(form))) != wanted
    ]


def main(*, check: bool) -> int:
    """Writes the catalogues, or lists their faults; the exit code."""
    bad = 0
    for domain, template in (("django", pages()), ("errors", errors()), (DOMAIN, verdicts()), (AUDIT, audits())):
        for language in TRANSLATED:
            file = LOCALE_DIRECTORY / language / "LC_MESSAGES" / f"{domain}.po"
            catalogue = updated(template, file, language)
            for message in catalogue:
                for fault in faults(message) if message.id else ():
                    bad += 1
                    sys.stdout.write(f"{language} {domain}: {fault}: {message.id!r}\n")
            if not check:
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("wb") as target:
                    write_po(target, catalogue, width=120, include_lineno=False, ignore_obsolete=True)
    return 1 if bad and check else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
