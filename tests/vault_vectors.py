"""Vectors of what stands in the vault: docs/spec/vectors/vault.json is made from these fixed inputs.

Run `python tests/vault_vectors.py` to write the file anew; a changed value is a changed format and needs a new version. The
auditor's share is encrypted with fresh randomness each time: it is kept as it was first made.
"""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import act_vectors
from dauys.ledger import sampling, shamir
from dauys.ledger.auditors import INFO, SUITE
from dauys.ledger.envelope import ZERO_NONCE, commitment
from dauys.ledger.leaves import to_text
from dauys.ledger.segments import MAGIC, record
from dauys.ledger.vault_leaves import erasure_commitment

FILE = Path(__file__).parents[1] / "docs" / "spec" / "vectors" / "vault.json"
KEY, SALT, VAULT_KEY, NONCE = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96)), bytes(range(12))
LABEL, AUDITOR = "petition/12", X25519PrivateKey.from_private_bytes(bytes(range(96, 128)))
ROOT = bytes(range(128, 160))
FORMS = ("envelope", "envelope_xml", "envelope_raw", "envelope_link", "envelope_sheet")


def sealed(envelope: bytes) -> tuple[bytes, bytes, bytes]:
    """(commitment, ciphertext, wrapped) under fixed key, salt and nonce."""
    committed = commitment(envelope, SALT)
    ciphertext = AESGCM(KEY).encrypt(ZERO_NONCE, envelope, committed)
    return committed, ciphertext, NONCE + AESGCM(VAULT_KEY).encrypt(NONCE, KEY + SALT, committed)


def make() -> dict[str, object]:
    """All but the auditor's share, which is random."""
    envelopes = {form: bytes.fromhex(str(act_vectors.make()[form])) for form in FORMS}
    kept = {form: sealed(envelope) for form, envelope in envelopes.items()}
    segment = MAGIC + b"".join(record(index, ciphertext) for index, (_, ciphertext, _) in enumerate(kept.values(), 300))
    # the polynomial of each byte is that byte + (byte + 1) x, so that the shares are fixed
    shares = [bytes([x]) + bytes(byte ^ shamir._times((byte + 1) & 0xFF, x) for byte in KEY) for x in (1, 2, 3)]
    return {
        "key": KEY.hex(), "salt": SALT.hex(), "vault_key": VAULT_KEY.hex(),
        "sealed": {
            form: {"commitment": one.hex(), "ciphertext": two.hex(), "wrapped": three.hex()}
            for form, (one, two, three) in kept.items()
        },
        "segment": segment.hex(), "segment_first_index": 300,
        "erasure": {"indices": [300, 7, 12], "salt": SALT.hex(), "commitment": erasure_commitment([300, 7, 12], SALT).hex()},
        "shamir": {"threshold": 2, "secret": KEY.hex(), "shares": [share.hex() for share in shares]},
        "label": LABEL, "auditor_private": AUDITOR.private_bytes_raw().hex(),
        "auditor_public": to_text(AUDITOR.public_key().public_bytes_raw()),
        "sample": {"root": ROOT.hex(), "size": 100_000, "words": "Дауыс", "population": 99_000,
                   "drawn": sampling.draw(ROOT, 100_000, "Дауыс", 99_000, 10)},
    }  # fmt: skip


def main() -> None:
    """Writes the file; the share of before, if there is one, stays."""
    before = json.loads(FILE.read_text()) if FILE.exists() else {}
    made = make()
    first = bytes.fromhex(made["shamir"]["shares"][0])  # type: ignore[index]
    made["auditor_share"] = (
        before.get("auditor_share") or SUITE.encrypt(first, AUDITOR.public_key(), INFO + LABEL.encode()).hex()
    )
    FILE.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
