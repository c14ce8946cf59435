"""Vectors of statement, pseudonym, envelope and leaf: docs/spec/vectors/act.json is made from these fixed inputs.

Run `python tests/act_vectors.py` to write the file anew; a changed value is a changed format and needs a new version.
"""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dauys.ledger.confirmation_leaf import ActsConfirmed, ListUsed, TakenBack
from dauys.ledger.envelope import Envelope, Form, commitment
from dauys.ledger.evidence import statement_xml
from dauys.ledger.leaves import LogOpened, PetitionOpened, PetitionSignature, encode_leaf, to_text
from dauys.ledger.pseudonym import prove
from dauys.ledger.statement import Statement
from dauys.translog import vrf

FILE = Path(__file__).parents[1] / "docs" / "spec" / "vectors" / "act.json"
SECRET = bytes.fromhex(
    "3431c2b03533e280b23232e280b34e2c3132c2b03238e280b23131e280b34500"
)  # C2SP's own vrf-r255 example key
PERSON = "iin|850101300019"
TITLE = "Әр ауыл баласына мектеп автобусы"
SHEET = hashlib.sha256(b"scan").digest()
TEXT_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def statement(language: str) -> Statement:
    return Statement("petition.signature", "petition/12", TITLE, TEXT_SHA256, "demo.example/2026", language, 16, "KZ-75", "mobile",
                     bytes(range(16)).hex(), datetime(2026, 11, 21, 15, 45, tzinfo=UTC))  # fmt: skip


def by_anyone(language: str, tier: str) -> Statement:
    """As somebody signs without a key, under rules that ask for no citizenship."""
    return replace(statement(language), age=14, region="", tier=tier, citizen=False)


def other_envelope(form: Form, signature: bytes, certificate: bytes = b"", said: Statement | None = None) -> bytes:
    return Envelope((said or statement("kk")).to_bytes(), signature, 1_795_275_000_123, form, certificate).to_bytes()


def make() -> dict[str, object]:
    name, proof = prove(SECRET, "petition/12", PERSON)
    salt = bytes(range(32, 64))
    envelope = Envelope(statement("kk").to_bytes(), b"signature", 1_795_275_000_123).to_bytes()
    committed = commitment(envelope, salt)
    opened = PetitionOpened("Қазақстан Республикасының Үкіметі", 16, "2027-05-21T00:00:00Z", "kk", "2026-11-21T00:00:00Z", "kz/2024-04-04",
                            "petition/12", TEXT_SHA256, 50000, ["desktop", "mobile", "paper"], TITLE, to_text(vrf.public(SECRET)))  # fmt: skip
    leaves = {
        "log.opened": LogOpened("demo", "2026-11-21T00:00:00Z", "demo.example/2026"),
        "petition.opened": opened,
        "petition.signature": PetitionSignature(
            to_text(committed), "2026-11-21T15Z", to_text(name), "petition/12", "mobile"
        ),
    }
    leaves["acts.confirmed"] = ActsConfirmed(
        [TakenBack(7, 1)], 0, 11,
        [ListUsed("5b" * 20, False, "1346", "ab" * 32, "2026-11-21T16:00:00Z"), ListUsed("5b" * 20, True, "1347", "cd" * 32, "2026-11-21T17:00:00Z")],
    )  # fmt: skip
    return {
        "statements": {language: statement(language).to_text() for language in ("kk", "ru", "en")},
        "vrf_secret": SECRET.hex(),
        "vrf_public": vrf.public(SECRET).hex(),
        "person": PERSON,
        "pseudonym": name.hex(),
        "proof": proof.hex(),
        "envelope": envelope.hex(),
        "envelope_xml": other_envelope(Form.XML, statement_xml(statement("kk").to_bytes())).hex(),
        "envelope_raw": other_envelope(Form.RAW, b"signature", b"certificate").hex(),
        "statements_by_anyone": {language: by_anyone(language, "email").to_text() for language in ("kk", "ru", "en")},
        "envelope_link": other_envelope(Form.LINK, b"", said=by_anyone("kk", "email")).hex(),
        "envelope_sheet": other_envelope(Form.SHEET, SHEET, said=by_anyone("kk", "paper")).hex(),
        "statement_xml": statement_xml(statement("kk").to_bytes()).decode(),
        "salt": salt.hex(),
        "commitment": committed.hex(),
        "leaves": {kind: encode_leaf(leaf).decode() for kind, leaf in leaves.items()},
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(make(), indent=2, ensure_ascii=False) + "\n")
