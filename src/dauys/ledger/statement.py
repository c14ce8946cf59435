"""The exact bytes a person signs: a readable part in their language, then the same facts for machines.

docs/spec/statement.md is the frozen specification. The server rebuilds these bytes from the request token, so nobody
signs what they did not see. What a certificate cannot prove (citizenship, age, region) is *declared* here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources

from dauys.errors import BadInput
from dauys.ledger.moments import moment_text, parse_moment
from dauys.ledger.regions import REGIONS, region_name

MACHINE_HEAD = "dauys-statement/v1"
CITIZEN, AGE = "citizen, ", "age>="
FIELDS = ("kind", "subject", "text-sha256", "origin", "language", "declares", "region", "tier", "nonce", "expires")


@dataclass(frozen=True, slots=True)
class Statement:
    """All that a statement says; `nonce` is 32 hex digits, `region` a REGIONS code or empty.

    `citizen`: whether the rules let citizens alone sign, so that the signer declares to be one.
    """

    kind: str
    subject: str
    title: str
    text_sha256: str
    origin: str
    language: str
    age: int
    region: str
    tier: str
    nonce: str
    expires: datetime
    citizen: bool = True

    def to_text(self) -> str:
        """The readable part, then MACHINE_HEAD and one `name: value` line for each of FIELDS; LF, UTF-8."""
        head = _head(
            self.kind,
            self.subject,
            self.title,
            self.text_sha256,
            self.origin,
            self.language,
            declaration(self.age, self.citizen),
            self.region,
            self.tier,
        )
        return f"{head}nonce: {self.nonce}\nexpires: {moment_text(self.expires)}\n"

    def to_bytes(self) -> bytes:
        """`to_text` in UTF-8: what is signed."""
        return self.to_text().encode()


def parse_statement(data: bytes, title: str) -> Statement:
    """The statement of these bytes, given the subject's title; BadInput unless rebuilding gives the same bytes."""
    try:
        text = data.decode()
        head, _, machine = text.rpartition(MACHINE_HEAD + "\n")
        names, values = zip(*(line.split(": ", 1) for line in machine.splitlines()), strict=True)
        if not head or names != FIELDS:
            raise ValueError
        fact = dict(zip(names, values, strict=True))
        statement = Statement(
            fact["kind"], fact["subject"], title, fact["text-sha256"], fact["origin"], fact["language"],
            int(fact["declares"].removeprefix(CITIZEN).removeprefix(AGE)), "" if fact["region"] == "-" else fact["region"],
            fact["tier"], fact["nonce"], parse_moment(fact["expires"]), fact["declares"].startswith(CITIZEN),
        )  # fmt: skip
        rebuilt = statement.to_bytes()
    except (ValueError, KeyError, BadInput):
        raise BadInput(what="no statement") from None
    if rebuilt != data:
        raise BadInput(what="the statement does not say what its facts say")
    return statement


def declaration(age: int, citizen: bool) -> str:
    """What the machine part says is declared: "citizen, age>=16", or "age>=14" where the rules ask for no citizenship."""
    return f"{CITIZEN if citizen else ''}{AGE}{age}"


@lru_cache(maxsize=4096)
def _head(
    kind: str,
    subject: str,
    title: str,
    text_sha256: str,
    origin: str,
    language: str,
    declares: str,
    region: str,
    tier: str,
) -> str:
    """Everything before the two facts that differ from request to request; a surge asks for few different ones."""
    words = template(kind if declares.startswith(CITIZEN) else f"{kind}-by-anyone", language)
    age = declares.rpartition(AGE)[2]
    readable = words.format(title=title, age=age, region_name=region_name(region, language))
    values = (kind, subject, text_sha256, origin, language, declares, region or "-", tier)
    lines = "".join(f"{name}: {value}\n" for name, value in zip(FIELDS, values, strict=False))
    return f"{readable}{MACHINE_HEAD}\n{lines}"


@cache
def template(kind: str, language: str) -> str:
    """The frozen readable part; BadInput where this kind has none in this language."""
    file = resources.files("dauys.ledger") / "statements" / f"{kind}.v1.{language}.txt"
    if not file.is_file():
        raise BadInput(what=f"no statement of kind {kind} in {language}")
    return file.read_text("utf-8")


def known_region(code: str) -> bool:
    """Whether a region may be declared; the empty code declares none."""
    return not code or code in REGIONS
