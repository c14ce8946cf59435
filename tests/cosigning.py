"""Witnesses on a made log: what they saw, and their lines on the checkpoint that is published."""

from dauys.ledger.cosigned import merge_lines
from dauys.translog.merkle import leaf_hash
from dauys.translog.policy import Policy
from dauys.translog.submission import Submission
from dauys.translog.tiles import TileTree


def policy_of(*witnesses, quorum):
    """An auditor's own policy: these witnesses by their Ed25519 keys, `quorum` of them."""
    lines = [each.lines("").splitlines()[0] for each in witnesses]
    names = " ".join(line.split()[1] for line in lines)
    return Policy.parse("\n".join([*lines, f"group all {quorum} {names}", "quorum all", ""]))


def show(log, witness, old=0):
    """Shows a witness the log as it is published; its lines. NotCosigned where it saw another one."""
    note, tree = (log.folder / "checkpoint").read_text(), TileTree(0, lambda _level, _number: b"")
    tree.append([leaf_hash(entry) for entry in log.entries()])
    proof = tuple(tree.consistency_proof(old)) if old else ()
    return witness.witness.add_checkpoint(Submission(old, proof, note).to_text().encode())


def cosign(log, *witnesses, old=0):
    """Publishes the checkpoint with the lines of these witnesses."""
    for witness in witnesses:
        lines = show(log, witness, old)
        note = (log.folder / "checkpoint").read_text()
        log.write("checkpoint", merge_lines(note, [lines], witness.witness.verifiers).encode())
