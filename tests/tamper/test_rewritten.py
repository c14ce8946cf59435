"""An operator with the log's key rewrites what was public; whoever remembers anything of it finds out what was done."""

import pytest
from msgspec.structs import replace

from dauys.errors import NotConsistent, NotSignedByLog, OldSizeTooLarge, SizeConflict
from dauys.ledger.leaves import PetitionSignature, decode_leaf, encode_leaf
from dauys.translog.merkle import leaf_hash
from dauys.translog.submission import Submission
from dauys.translog.tiles import TileTree
from dauys.witness.folder import WitnessFolder
from dauys.witness.watch import Witness
from made_logs import found
from tamper.conftest import REFUSED, REMOVED, place_of


def signature_in(entries, start=100):
    return next(n for n in range(start, len(entries)) if isinstance(decode_leaf(entries[n]), PetitionSignature))


def without(kind):
    def change(log, entries):
        place = place_of(log, kind)
        return [*entries[:place], *entries[place + 1 :]], place

    return change


def without_a_signature(_, entries):
    place = signature_in(entries)
    return [*entries[:place], *entries[place + 1 :]], place


def another_reason(log, entries):
    place = place_of(log, "petition.refused")
    leaf = replace(decode_leaf(entries[place]), reasons=["no-addressee"])
    return [*entries[:place], encode_leaf(leaf), *entries[place + 1 :]], place


def an_earlier_moment(log, entries):
    place = place_of(log, "petition.removed")
    leaf = decode_leaf(entries[place])
    before = decode_leaf(entries[place - 1]).opens
    changed = replace(leaf, moment=before, due=leaf.due)
    return [*entries[:place], encode_leaf(changed), *entries[place + 1 :]], place


def a_signature_moved(_, entries):
    place = signature_in(entries)
    leaf = decode_leaf(entries[place])
    other = "petition/1" if leaf.subject != "petition/1" else "petition/2"
    return [*entries[:place], encode_leaf(replace(leaf, subject=other)), *entries[place + 1 :]], place


def two_swapped(_, entries):
    place = signature_in(entries)
    return [*entries[:place], entries[place + 1], entries[place], *entries[place + 2 :]], place


def a_made_up_signature(_, entries):
    place = signature_in(entries)
    leaf = replace(decode_leaf(entries[place]), pseudonym="B" * 42 + "A")
    return [*entries[:place], encode_leaf(leaf), *entries[place:]], place


REWRITINGS = [
    (without("petition.refused"), "entry-deleted", f"refused in moderation ({REFUSED})"),
    (without("petition.removed"), "entry-deleted", f"removed ({REMOVED})"),
    (without_a_signature, "entry-deleted", "other entries: 1"),
    (another_reason, "entry-edited", f"refused in moderation ({REFUSED})"),
    (an_earlier_moment, "entry-edited", f"removed ({REMOVED})"),
    (a_signature_moved, "entry-edited", "other entries: 1"),
    (two_swapped, "entries-reordered", "other entries: 2"),
    (a_made_up_signature, "entry-inserted", ""),
]


@pytest.mark.parametrize(("rewrite", "code", "was"), REWRITINGS)
def test_an_earlier_audit_names_what_was_done_and_where(log, memory, rewrite, code, was):
    entries, place = rewrite(log, memory.entries)
    log.publish(entries)
    report = log.audit(memory.state)
    assert report["sound"] is False
    whole, first, *_ = [each for each in report["findings"] if each["kind"] == "broken"]
    assert whole["code"] in ("forked", "log-shrunk")
    assert (first["code"], first["index"]) == (code, place)
    assert was in first["sentence"]["en"]
    assert (report["checkpoint_before"], report["checkpoint"]) == (memory.note, (log.folder / "checkpoint").read_text())


@pytest.mark.parametrize(("rewrite", "code"), [each[:2] for each in REWRITINGS])
def test_it_is_named_although_the_log_has_grown_since(log, memory, rewrite, code):
    entries, place = rewrite(log, memory.entries)
    grown = [decode_leaf(entries[signature_in(entries, 200)])] * 3
    names = ["C" * 42 + letter for letter in "AEI"]
    hour = max(leaf.hour for leaf in map(decode_leaf, entries) if isinstance(leaf, PetitionSignature))
    log.publish(
        [
            *entries,
            *(encode_leaf(replace(leaf, pseudonym=name, hour=hour)) for leaf, name in zip(grown, names, strict=True)),
        ]
    )
    named = [(each["index"], each["code"]) for each in log.audit(memory.state)["findings"] if each["kind"] == "broken"]
    assert (place, code) in named


@pytest.mark.parametrize("rewrite", [each[0] for each in REWRITINGS])
def test_one_kept_checkpoint_shows_that_there_were_two_logs(log, memory, rewrite):
    entries, _ = rewrite(log, memory.entries)
    while len(entries) < memory.size(log):
        leaf = replace(decode_leaf(entries[signature_in(entries)]), pseudonym="D" * 42 + "A")
        entries = [*entries, encode_leaf(leaf)]
    log.publish(entries)
    (forked,) = [each for each in log.audit(known=memory.checkpoint(log))["findings"] if each["code"] == "forked"]
    assert "neighbour.txt" in forked["sentence"]["en"]


def test_a_receipt_names_the_entry_that_is_gone(log, memory):
    entries, place = without_a_signature(log, memory.entries)
    log.publish([*entries, entries[place]])
    report = log.audit(known=memory.receipt(log, place))
    assert (place, "receipt-not-held") in found(report)
    assert (None, "forked") in found(report)


def test_an_honest_log_holds_every_kept_checkpoint_and_receipt(log, memory):
    report = log.audit(memory.state, known=[*memory.checkpoint(log), *memory.receipt(log, 200)])
    assert (report["sound"], report["known_compared"]) == (True, 2)


def test_a_log_cut_short_is_told_with_what_was_cut(log, memory):
    log.publish(memory.entries[:-4])
    report = log.audit(memory.state)
    assert found(report)[:2] == [(None, "log-shrunk"), (len(memory.entries) - 4, "entry-deleted")]
    assert f"refused in moderation ({REFUSED})" in report["findings"][1]["sentence"]["en"]


@pytest.mark.parametrize("rewrite", [each[0] for each in REWRITINGS])
def test_a_witness_cosigns_no_second_history(log, memory, tmp_path, rewrite):
    folder = WitnessFolder.create(tmp_path / "witness", "witness.example")
    folder.add_log(log.signer.verifier.vkey)
    witness, size = Witness(folder), memory.size(log)
    witness.add_checkpoint(Submission(0, (), memory.note).to_text().encode())
    entries, _ = rewrite(log, memory.entries)
    entries = [*entries, *memory.entries[200:210]]
    log.publish(entries)
    tree = TileTree(0, lambda _level, _number: b"")
    tree.append([leaf_hash(entry) for entry in entries])
    forged = Submission(size, tuple(tree.consistency_proof(size)), (log.folder / "checkpoint").read_text())
    with pytest.raises((NotConsistent, SizeConflict, NotSignedByLog, OldSizeTooLarge)):
        witness.add_checkpoint(forged.to_text().encode())
    assert folder.latest(log.signer.name).startswith(memory.note.split("\n\n")[0])


def test_without_any_memory_a_whole_petition_can_vanish(log, memory):
    """The limit that docs/verify/limits.md states: this is why witnesses and kept checkpoints are needed."""
    log.publish([entry for entry in memory.entries if REFUSED not in entry.decode()])
    assert log.audit()["sound"]
    assert not log.audit(memory.state)["sound"]
