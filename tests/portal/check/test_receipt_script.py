"""The browser's checker of receipts and Python's agree: what holds, what does not, for whom."""

import base64
import json
import random
import subprocess
from pathlib import Path

import playwright
import pytest

import dauys.portal
from dauys.errors import DauysError
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.compact import to_compact
from dauys.translog.merkle import leaf_hash
from dauys.translog.note import Signer, Verifier
from dauys.translog.proof import Receipt, verify_receipt
from dauys.translog.signature_types import COSIGNATURE_V1, ML_DSA_44
from dauys.translog.tiles import TileTree

NODE = Path(playwright.__file__).parent / "driver/node"
SCRIPT = Path(dauys.portal.__file__).parent / "static/check/receipt.js"
LOG = Signer("log.example/2026", bytes(range(32)))
WITNESS = Signer("witness.example/w1", bytes(32), COSIGNATURE_V1)
LATTICE = Signer("log.example/2026", bytes(range(32)), ML_DSA_44)
OTHER = Signer("log.example/2026", bytes(31) + b"\1")
KEYS = [each.verifier.vkey for each in (LOG, WITNESS, LATTICE)]
VECTORS = Path(__file__).parents[3] / "docs/spec/vectors"
SEED = 20261122
CHANGES = 400


def judged(cases):
    """What the script says to each case, in order."""
    lines = "\n".join(json.dumps(case) for case in cases)
    run = subprocess.run(
        [NODE, Path(__file__).parent / "run.mjs", SCRIPT], input=lines, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def issue(size, index, *signers):
    tree = TileTree(0, lambda _level, _number: b"")
    entries = [b'{"entry":%d}' % number for number in range(size)]
    tree.append([leaf_hash(entry) for entry in entries])
    note = sign_checkpoint(signers[0], Checkpoint(signers[0].name, size, tree.root()), *signers[1:], time=1_800_000_000)
    return Receipt(index, tuple(tree.inclusion_proof(index)), note, entries[index])


@pytest.fixture(scope="module", autouse=True)
def node():
    assert NODE.is_file(), "Playwright brings its node"


def test_every_place_of_every_small_tree_holds():
    receipts = [issue(size, index, LOG) for size in range(1, 20) for index in range(size)]
    answers = judged([{"text": receipt.to_text(), "keys": KEYS} for receipt in receipts])
    assert [(a["holds"], a.get("index")) for a in answers] == [(True, str(r.index)) for r in receipts]


def test_who_signed_is_told_apart():
    plain, seen, lattice, stranger, forged = (
        issue(300, 299, *signers) for signers in ([LOG], [LOG, WITNESS], [LOG, LATTICE, WITNESS], [OTHER], [WITNESS])
    )
    cases = [{"text": r.to_text(), "keys": KEYS} for r in (plain, seen, lattice, stranger, forged)]
    answers = judged(cases)
    assert [a.get("witnesses") for a in answers[:3]] == [[], ["witness.example/w1"], ["witness.example/w1"]]
    assert [a.get("why") for a in answers[3:]] == ["stranger", "stranger"]


def test_a_given_up_key_is_believed_up_to_its_size():
    receipts = [issue(size, 0, LOG).to_text() for size in (299, 300, 301)]
    answers = judged([{"text": text, "keys": [f"{LOG.verifier.vkey} 300", OTHER.verifier.vkey]} for text in receipts])
    assert [answer["holds"] for answer in answers] == [True, True, False]
    assert answers[2]["why"] == "stranger"
    assert judged([{"text": receipts[0], "keys": [f"{LOG.verifier.vkey} 0300"]}])[0]["why"] == "malformed"


def test_published_vectors():
    vectors = json.loads((VECTORS / "receipt.json").read_text())
    ours, tessera = vectors["dauys"], vectors["tessera"]
    entry = base64.b64encode(tessera["entry"].encode()).decode()
    answers = judged([
        {"text": (VECTORS / ours["file"]).read_text(), "keys": [ours["vkey"]]},
        {"text": tessera["receipt"], "keys": [tessera["vkey"]], "entry": entry},
        {"text": tessera["receipt"], "keys": [tessera["vkey"]]},
    ])  # fmt: skip
    assert [a.get("index", a.get("why")) for a in answers] == ["513", "6", "malformed"]


def test_after_a_change_anywhere_both_say_the_same():
    dice = random.Random(SEED)
    verifiers = [Verifier.parse(key) for key in KEYS if key != LATTICE.verifier.vkey]
    texts = [changed(issue(700, dice.randrange(700), LOG, WITNESS).to_text(), dice) for _ in range(CHANGES)]
    answers = judged([{"text": text, "keys": KEYS} for text in texts])
    for text, answer in zip(texts, answers, strict=True):
        assert answer["holds"] == holds(text, verifiers), (SEED, text, answer)
    assert 0 < sum(answer["holds"] for answer in answers) < CHANGES // 10  # signatures of unknown names may change


def changed(text, dice):
    at, letters = dice.randrange(len(text)), "ABab019+/=\n — "
    how = dice.randrange(3)
    return text[:at] + ("" if how == 0 else dice.choice(letters)) + text[at + (how != 1) :]


def holds(text, verifiers):
    try:
        verify_receipt(text, verifiers)
    except DauysError:
        return False
    return True


def test_the_short_form_is_read_alike():
    receipts = [issue(size, size - 1, LOG) for size in (1, 2, 200, 700)]
    shorts = [to_compact(receipt) for receipt in receipts]
    answers = judged([{"short": short, "keys": KEYS} for short in [*shorts, shorts[3][:-3], "AA", "!", ""]])
    assert [a["holds"] for a in answers] == [True] * 4 + [False] * 4
