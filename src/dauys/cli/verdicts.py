"""Verdicts as they are shown: the whole of one, a line for each of many and their sum, or a line of JSON for each."""

from __future__ import annotations

import json
from collections import Counter
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dauys.cli.main import UNUSABLE
from dauys.errors import ContentMissing, DauysError, FileRejected
from dauys.identity.verdict import Outcome, Signer, Stage, Verdict, word

NOT_VALID = 1  # exit status
MARKS = {
    Outcome.PASSED: Text("✓", "green"),
    Outcome.FAILED: Text("✗", "red"),
    Outcome.NOT_ASKED: Text("–", "dim"),
    Outcome.NOT_COUNTED: Text("–", "yellow"),
}


Answer: TypeAlias = "Verdict | FileRejected"  # on one signer, or of one file that could not be read


class Show:
    """Shows answers as they come, and keeps the exit status that they ask for."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.console = Console()
        self.statuses: Counter[int] = Counter()

    @property
    def status(self) -> int:
        """All valid 0, one not valid 1, one unusable 2; nothing at all is unusable, not valid."""
        return max(self.statuses, default=UNUSABLE)

    def add(self, name: str, answer: Answer) -> None:
        """One answer on the file of that name."""
        self.statuses[_status(answer)] += 1
        self.show(name, answer)

    def show(self, name: str, answer: Answer) -> None:
        """How one answer looks."""
        raise NotImplementedError

    def end(self) -> None:
        """What stands below all of them."""


class ShowJson(Show):
    """A line of JSON for each."""

    def show(self, name: str, answer: Answer) -> None:
        """The report of a verdict, and the file's name."""
        if isinstance(answer, Verdict):
            report = answer.report(self.language)
        else:
            report = {"valid": False, "code": answer.code, "reason": answer.explain(self.language)}
        self.console.out(json.dumps({"file": name} | report, ensure_ascii=False), highlight=False)


class ShowLines(Show):
    """A line for each, and their sum."""

    def show(self, name: str, answer: Answer) -> None:
        """The outcome, the file, and who signed or why it does not hold."""
        told = ""
        if error := _error(answer):
            told = f"{error.explain(self.language)} [{error.code}]"
        elif isinstance(answer, Verdict) and answer.signer:
            told = f"{answer.signer.common_name}, {word(answer.signer.kind, self.language)}"
        line = Text.assemble(_outcome(answer, self.language), f"  {name}  {told}")
        self.console.print(line, soft_wrap=True, highlight=False)

    def end(self) -> None:
        """How many of each outcome."""
        sentence = word("{valid} valid, {bad} not valid, {unusable} unusable", self.language)
        counts = self.statuses
        self.console.print(sentence.format(valid=counts[0], bad=counts[NOT_VALID], unusable=counts[UNUSABLE]))


class ShowWhole(Show):
    """The stages and the certificate of each verdict."""

    def show(self, name: str, answer: Answer) -> None:  # noqa: ARG002 - there is one file, and who asked knows its name
        """Outcome, reason, stages, certificate."""
        language, print_ = self.language, self.console.print
        print_(_outcome(answer, language))
        if error := _error(answer):
            print_(Text(f"{error.explain(language)} [{error.code}]"))
        if not isinstance(answer, Verdict):
            return
        print_(_stages(answer, language))
        if answer.signer:
            title = word("The certificate", language)
            claim = word("The certificate, as it claims", language)
            print_(f"\n{title if answer.valid else claim}", _certificate(answer.signer, language), sep="\n")


def _error(answer: Answer) -> DauysError | None:
    return answer.error if isinstance(answer, Verdict) else answer


def _status(answer: Answer) -> int:
    """The exit status that one answer asks for."""
    if isinstance(answer, FileRejected):
        return UNUSABLE
    if answer.valid:
        return 0
    unusable = answer.deciding is Stage.FORM or isinstance(answer.error, ContentMissing)
    return UNUSABLE if unusable else NOT_VALID


def _outcome(answer: Answer, language: str) -> Text:
    return {
        0: Text(word("VALID", language), "bold green"),
        NOT_VALID: Text(word("NOT VALID", language), "bold red"),
        UNUSABLE: Text(word("UNUSABLE", language), "bold yellow"),
    }[_status(answer)]


def _stages(verdict: Verdict, language: str) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in verdict.checks:
        detail = check.explain(language) if check.outcome is not Outcome.FAILED else ""
        table.add_row(MARKS[check.outcome], word(check.stage, language), word(check.outcome, language), Text(detail))
    return table


def _certificate(signer: Signer, language: str) -> Table:
    since, until = signer.certificate.not_before, signer.certificate.not_after
    rows = {
        word("name", language): signer.common_name,
        word("kind", language): word(signer.kind, language),
        word("IIN", language): signer.iin.digits if signer.iin else None,
        word("BIN", language): signer.business_number,
        word("key", language): signer.algorithm,
        word("valid", language): f"{since:%Y-%m-%d} – {until:%Y-%m-%d}",
        "SHA-256": signer.certificate.fingerprint,
    }
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in rows.items():
        if value:
            table.add_row(f"  {name}", Text(value))
    return table
