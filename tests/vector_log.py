"""A whole small log with known keys: docs/spec/vectors/log/ is made from these fixed inputs, file by file.

Run `python tests/vector_log.py` to write it anew; a changed byte is a changed format and needs a new version.
"""

import hashlib
import shutil
from pathlib import Path

from dauys.ledger.confirmation_leaf import ActsConfirmed, ListUsed, TakenBack
from dauys.ledger.leaves import LogOpened, PetitionOpened, PetitionSignature, encode_leaf, to_text
from dauys.ledger.petition_leaves import Submitted
from dauys.ledger.published_counts import counts_document
from dauys.ledger.withdrawal_leaves import Opening, SignatureWithdrawn, WithdrawalsOpened, withdrawal_commitment
from dauys.translog import vrf
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash
from dauys.translog.note import Signer
from dauys.translog.proof import Receipt
from dauys.translog.tiles import TILE_WIDTH, Tile, TileTree, bundle

FOLDER = Path(__file__).parents[1] / "docs" / "spec" / "vectors" / "log"
ORIGIN, SUBJECT = "vectors.example/2026", "petition/1"
SIGNER = Signer(ORIGIN, hashlib.sha256(b"a key that everybody knows").digest())
TEXT = "Мектеп автобусы\n\nӘр ауыл баласына мектеп автобусы керек.\n"
TIERS = ("mobile", "desktop", "email")
SIGNATURES = 260  # one full tile and a partial one
TAKEN_BACK, WITHDRAWN = 10, 20  # entries
ENTRY_OF_RECEIPT, OLDER = 42, 200
COUNTS = ({SUBJECT: {"desktop": 86, "email": 85, "mobile": 87}}, {SUBJECT: {"desktop": 31, "email": 31, "mobile": 32}})


def number(label: str, n: int) -> bytes:
    return hashlib.sha256(f"{label} {n}".encode()).digest()


def signature(n: int) -> PetitionSignature:
    return PetitionSignature(
        to_text(number("commitment", n)), "2026-11-21T15Z", to_text(number("pseudonym", n)), SUBJECT, TIERS[n % 3]
    )


def leaves() -> list[object]:
    text, salt = hashlib.sha256(TEXT.encode()).hexdigest(), number("salt", 0)
    withdrawn = number("pseudonym", WITHDRAWN - 3)
    hidden = withdrawal_commitment(withdrawn, salt)
    made: list[object] = [
        LogOpened("demo", "2026-11-20T00:00:00Z", ORIGIN),
        Submitted("2026-11-20T04:30:00Z", SUBJECT, 1, "government", to_text(number("commitment", 1000)), "2026-12-21", "kk",
                  "government", "kz/2024-04-04", text, "mobile"),
        PetitionOpened("Қазақстан Республикасының Үкіметі", 16, "2027-05-21T19:00:00Z", "kk", "2026-11-20T19:00:00Z", "kz/2024-04-04",
                       SUBJECT, text, 50000, ["desktop", "mobile"], "Мектеп автобусы", to_text(vrf.public(bytes([1] + [0] * 31)))),
        *(signature(n) for n in range(SIGNATURES)),
    ]  # fmt: skip
    made.insert(100, ActsConfirmed([TakenBack(TAKEN_BACK, 1)], 0, 98,
                                   [ListUsed("5b" * 20, False, "1346", "ab" * 32, "2026-11-21T16:30:00Z")]))  # fmt: skip
    made.append(
        SignatureWithdrawn(to_text(number("commitment", 1001)), "2026-11-21T15Z", SUBJECT, TIERS[2], to_text(hidden))
    )
    made.append(WithdrawalsOpened("2027-05-22T04:00:00Z", [Opening(to_text(withdrawn), to_text(salt))], SUBJECT))
    return made


def make() -> dict[str, bytes]:
    """Every file by its name."""
    entries = [encode_leaf(leaf) for leaf in leaves()]
    hashes, size = [leaf_hash(entry) for entry in entries], len(entries)
    tree = TileTree(0, lambda *_: b"")
    tiles = {Tile(level, n, len(data) // 32).path: data for level, n, data in tree.append(hashes)}
    for n in range(-(-size // TILE_WIDTH)):
        part = entries[n * TILE_WIDTH : (n + 1) * TILE_WIDTH]
        tiles[Tile(None, n, len(part)).path] = bundle(part)

    def checkpoint(at: int) -> str:
        return sign_checkpoint(SIGNER, Checkpoint(ORIGIN, at, tree.root_at(at)))

    proof = tuple(tree.inclusion_proof(ENTRY_OF_RECEIPT, OLDER))
    receipt = Receipt(ENTRY_OF_RECEIPT, proof, checkpoint(OLDER), entries[ENTRY_OF_RECEIPT])
    return tiles | {
        "checkpoint": checkpoint(size).encode(),
        "checkpoint.older": checkpoint(OLDER).encode(),
        "counts.json": counts_document(size, *COUNTS),
        "receipt.tlog-proof": receipt.to_text().encode(),
        f"text/{hashlib.sha256(TEXT.encode()).hexdigest()}": TEXT.encode(),
        "vkey": SIGNER.verifier.vkey.encode() + b"\n",
    }


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, content in make().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(content)
