"""The exact bytes signed for an office's act: a submission, a withdrawal, an appeal, a decision. See docs/spec/statement.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from dauys.errors import BadInput
from dauys.ledger.moments import moment_text
from dauys.ledger.statement import MACHINE_HEAD, declaration

KINDS = (
    "petition.submission", "petition.withdrawal", "petition.appeal", "petition.decision", "petition.signature-withdrawal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActStatement:
    """What it says; `subject` "petition/12" or "-" before there is a number, `sha256` of the text that is acted on."""

    kind: str
    subject: str
    title: str
    addressee: str
    sha256: str
    origin: str
    language: str
    age: int  # that the signer declares; only a submission declares one
    tier: str
    nonce: bytes
    expires: datetime
    citizen: bool = True  # whether a submission declares that, too

    def to_bytes(self) -> bytes:
        """The readable part, then MACHINE_HEAD and one `name: value` line a fact; LF, UTF-8: what is signed."""
        submission = self.kind == "petition.submission"
        words = _template(self.kind, self.language, "" if self.citizen or not submission else "-by-anyone")
        readable = words.format(title=self.title, addressee=self.addressee, age=self.age)
        declares = declaration(self.age, self.citizen) if submission else "-"
        facts = {
            "kind": self.kind, "subject": self.subject, "text-sha256": self.sha256, "origin": self.origin, "language": self.language,
            "declares": declares, "region": "-", "tier": self.tier, "nonce": self.nonce.hex(), "expires": moment_text(self.expires),
        }  # fmt: skip
        lines = "".join(f"{name}: {value}\n" for name, value in facts.items())
        return f"{readable}{MACHINE_HEAD}\n{lines}".encode()


@cache
def _template(kind: str, language: str, by: str) -> str:
    """The frozen readable part; BadInput where there is none."""
    if kind not in KINDS:
        raise BadInput(what=f"no act of kind {kind}")
    file = resources.files("dauys.ledger") / "statements" / f"{kind}{by}.v1.{language}.txt"
    if not file.is_file():
        raise BadInput(what=f"no statement of kind {kind} in {language}")
    return file.read_text("utf-8")
