"""Vectors of every kind of leaf that vectors/act.json lacks: docs/spec/vectors/leaves.json is made from these fixed inputs.

Run `python tests/leaf_vectors.py` to write the file anew; a changed value is a changed format and needs a new version.
"""

import json
from pathlib import Path

from dauys.ledger import petition_leaves as life
from dauys.ledger.leaves import encode_leaf, to_text
from dauys.ledger.log_leaves import Final, LogClosed, LogKeys, LogRestored, LogSucceeded
from dauys.ledger.paper_leaf import PaperEntered
from dauys.ledger.vault_leaves import (
    AuditorsNamed,
    EvidenceErased,
    EvidenceExported,
    KeysDestroyed,
    TextErased,
    erasure_commitment,
)
from dauys.ledger.withdrawal_leaves import Opening, SignatureWithdrawn, WithdrawalsOpened, withdrawal_commitment
from dauys.translog.keyring import KeyChange
from dauys.translog.merkle import leaf_hash
from dauys.translog.note import Signer

FILE = Path(__file__).parents[1] / "docs" / "spec" / "vectors" / "leaves.json"
MOMENT, DUE, SUBJECT, RULES = "2026-11-21T15:30:00Z", "2026-12-01", "petition/12", "kz/2024-04-04"
TEXT, OTHER_TEXT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "ab" * 32
COMMITMENT, PSEUDONYM, SALT = to_text(bytes(range(32))), bytes(range(64, 96)), bytes(range(32, 64))
ABOUT = {"moment": MOMENT, "subject": SUBJECT}

# Of Ed25519 keys alone: signatures of ML-DSA are never the same twice.
OLD, NEW = (Signer("demo.example/2026", bytes([number]) * 32) for number in (1, 2))
SUCCESSOR = Signer("demo.example/2027", bytes([3]) * 32)
STATEMENT = KeyChange("demo.example/2026", 60, (OLD.verifier,), (NEW.verifier,)).sign([OLD, NEW])

LEAVES = [
    life.Submitted(
        **ABOUT, attempt=1, body="government", commitment=COMMITMENT, due=DUE, language="kk", level="country", rules=RULES,
        text_sha256=TEXT, tier="mobile",
    ),
    life.Refused(**ABOUT, due=DUE, explanation=TEXT, officials=[1, 2], reasons=["no-demand", "unreadable"]),
    life.Listed(**ABOUT, signatures=50),
    life.Lapsed(**ABOUT, signatures=0),
    life.Registered(**ABOUT, due=DUE, signatures=50_000),
    life.Grouped(**ABOUT, officials=[4], text=TEXT),
    life.Convened(**ABOUT, draft=TEXT, hearing="2026-12-01T05:00:00Z", officials=[4], place=OTHER_TEXT),
    life.Heard(**ABOUT, attended=120, officials=[4], text=TEXT),
    life.Decided(
        **ABOUT, answer="partly-satisfied", commitment=COMMITMENT, officials=[5], promises=[life.Promise(DUE, OTHER_TEXT)], text=TEXT,
    ),
    life.Fulfilled(**ABOUT, officials=[4], promise=0, text=TEXT),
    life.Withdrawn(**ABOUT, commitment=COMMITMENT),
    life.Stopped(**ABOUT, explanation=TEXT, officials=[1, 2], reason="court-order"),
    life.Merged(**ABOUT, explanation=TEXT, into="petition/11", officials=[1]),
    life.Transferred(**ABOUT, body="ministry-of-education", explanation=TEXT, officials=[4]),
    life.Removed(**ABOUT, due=DUE, explanation=TEXT, officials=[1, 2], reason="personal-data"),
    life.Appealed(**ABOUT, against="refusal", commitment=COMMITMENT, due=DUE, text=TEXT),
    life.AppealDecided(**ABOUT, due=DUE, explanation=TEXT, granted=True, officials=[3]),
    PaperEntered(MOMENT, [1, 2], 20, TEXT, 19, SUBJECT),
    SignatureWithdrawn(COMMITMENT, "2026-11-21T15Z", SUBJECT, "email", to_text(withdrawal_commitment(PSEUDONYM, SALT))),
    LogKeys(MOMENT, STATEMENT),
    LogRestored(40, 59, MOMENT),
    LogClosed([SUCCESSOR.verifier.vkey], MOMENT, SUCCESSOR.name),
    LogSucceeded(
        Final(NEW.name, to_text(bytes(range(32))), 60, NEW.verifier.vkey), [SUCCESSOR.verifier.vkey], MOMENT, SUCCESSOR.name
    ),
    EvidenceErased(3, to_text(erasure_commitment([300, 7, 12], SALT)), MOMENT, "", "asked"),
    TextErased(MOMENT, [6, 7], OTHER_TEXT, "court-order", TEXT),
    KeysDestroyed(MOMENT, SUBJECT),
    EvidenceExported(2, MOMENT, OTHER_TEXT),
    AuditorsNamed([to_text(bytes(range(32))), to_text(bytes(range(32, 64))), to_text(bytes(range(64, 96)))], MOMENT, 2),
    WithdrawalsOpened(MOMENT, [Opening(to_text(PSEUDONYM), to_text(SALT))], SUBJECT),
]  # fmt: skip

TRANSLATED = life.Heard(
    **ABOUT, attended=120, officials=[4], text=TEXT,
    translations=[life.Translation("en", TEXT, "ef" * 32), life.Translation("ru", TEXT, OTHER_TEXT)],
)  # fmt: skip


def make() -> dict[str, dict[str, str]]:
    """By kind, and once with a field that may be absent: the entry as it stands in the log, and its leaf hash (RFC 9162) in hex."""
    entries = [encode_leaf(leaf) for leaf in [*LEAVES, TRANSLATED]]
    kinds = [*(leaf.__struct_config__.tag for leaf in LEAVES), "petition.heard, translated"]
    return {
        kind: {"entry": entry.decode(), "leaf_hash": leaf_hash(entry).hex()}
        for kind, entry in zip(kinds, entries, strict=True)
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(make(), indent=2, ensure_ascii=False) + "\n")
