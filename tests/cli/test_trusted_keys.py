"""A key that the log gave up signs no larger tree: for whoever knows the change, by the log's document or by following it."""

import json
import shutil

import pytest

from cli.test_log_rotate import rotated, run  # noqa: F401 - a fixture
from dauys.errors import NoteInvalid
from dauys.ledger.key_document import key_document
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.keyring import KeyChange
from dauys.translog.note import Signer
from made_logs import PublishedLog


@pytest.fixture
def elsewhere(rotated, tmp_path, monkeypatch):  # noqa: F811
    """A reader with a copy of keys.json and no installation."""
    rotated.document = tmp_path / "keys.json"
    shutil.copy(rotated.log / "keys.json", rotated.document)
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "nowhere"))
    return rotated


@pytest.fixture
def receipts(elsewhere, tmp_path):
    """One of before the change, and one that a thief of the old key signed after it."""
    old, forged = tmp_path / "old.tlog-proof", tmp_path / "forged.tlog-proof"
    old.write_text(elsewhere.receipt)
    now = open_checkpoint((elsewhere.log / "checkpoint").read_text(), elsewhere.after.log_verifiers)
    assert (
        run(
            "receipt", "refresh", old, "--key", elsewhere.document, "--log", elsewhere.log, "--output", forged
        ).exit_code
        == 0
    )
    head = forged.read_text().partition("\n\n")[0]
    forged.write_text(f"{head}\n\n{sign_checkpoint(elsewhere.before.log, now)}")
    return old, forged


def test_a_document_of_keys_dates_them(elsewhere, receipts):
    old, forged = receipts
    assert run("receipt", "verify", old, "--key", elsewhere.document).exit_code == 0
    assert run("receipt", "verify", forged, "--key", elsewhere.document).exit_code == 1
    assert run("receipt", "refresh", old, "--key", elsewhere.document, "--log", elsewhere.log).exit_code == 0
    assert run("receipt", "verify", old, "--key", elsewhere.document).exit_code == 0


def test_a_bare_key_is_believed_at_every_size_offline(elsewhere, receipts):
    """The limit that docs/verify/limits.md states: nothing says when it was given up."""
    assert run("receipt", "verify", receipts[1], "--key", elsewhere.before.log.verifier.vkey).exit_code == 0


@pytest.mark.parametrize("how", ["old key", "document"])
def test_no_receipt_is_brought_under_a_checkpoint_of_a_stolen_key(elsewhere, receipts, how):
    key = elsewhere.document if how == "document" else elsewhere.before.log.verifier.vkey
    now = open_checkpoint((elsewhere.log / "checkpoint").read_text(), elsewhere.after.log_verifiers)
    (elsewhere.log / "checkpoint").write_text(sign_checkpoint(elsewhere.before.log, now))
    done = run("receipt", "refresh", receipts[0], "--key", key, "--log", elsewhere.log)
    assert isinstance(done.exception, NoteInvalid)
    assert receipts[0].read_text() == elsewhere.receipt


def test_a_stolen_key_accuses_nobody_of_a_fork(elsewhere, tmp_path):
    name = elsewhere.before.log.name
    kept = tmp_path / "kept"
    kept.write_text(sign_checkpoint(elsewhere.before.log, Checkpoint(name, elsewhere.size, bytes(32))))
    for key in (elsewhere.before.log.verifier.vkey, elsewhere.document):
        done = run("audit", elsewhere.log, "--key", key, "--known", kept)
        assert isinstance(done.exception, NoteInvalid)
    kept.write_text(elsewhere.receipt)
    assert run("audit", elsewhere.log, "--key", elsewhere.after.log.verifier.vkey, "--known", kept).exit_code == 0


def test_a_log_that_hides_its_change_is_found_by_who_knows_it(elsewhere):
    """A thief goes on from before the change, with the old key; the reader kept keys.json."""
    (elsewhere.log / "keys.json").unlink()
    *entries, change = PublishedLog(elsewhere.log, elsewhere.after.log).entries()
    assert b"log.keys" in change
    PublishedLog(elsewhere.log, elsewhere.before.log).publish([*entries, *entries[-2:]])

    def codes(key):
        report = json.loads(run("audit", elsewhere.log, "--key", key, "--json").output)
        return {each["code"] for each in report["findings"] if each["kind"] == "broken"}

    assert "retired-key" in codes(elsewhere.document)
    assert "retired-key" not in codes(elsewhere.before.log.verifier.vkey)


def test_another_history_of_keys_is_refused(elsewhere, receipts):
    """A thief of the old key can sign a change to a key of their own; both sides did sign it."""
    before, thief = elsewhere.before, Signer.generate(elsewhere.before.log.name)
    change = KeyChange(thief.name, elsewhere.size - 1, tuple(before.log_verifiers), (thief.verifier,))
    own = [signer for signer in (before.log, before.log_ml) if signer]
    shown = key_document(before.log_verifiers, [change.sign([*own, thief])])
    (elsewhere.log / "keys.json").write_bytes(shown)
    for command in (
        ("audit", elsewhere.log),
        ("log", "keys", elsewhere.log),
        ("receipt", "refresh", receipts[0], "--log", elsewhere.log),
    ):
        done = run(*command, "--key", elsewhere.document)
        assert isinstance(done.exception, NoteInvalid)
        assert "another history" in str(done.exception)


def test_an_older_document_is_followed_to_the_newer(elsewhere, tmp_path):
    first = tmp_path / "first.json"
    first.write_bytes(key_document(elsewhere.before.log_verifiers, []))
    assert run("audit", elsewhere.log, "--key", first).exit_code == 0
    (elsewhere.log / "keys.json").write_bytes(first.read_bytes())  # a mirror that has not read the change yet
    assert run("audit", elsewhere.log, "--key", elsewhere.document).exit_code == 0


def test_what_a_stolen_key_signs_is_not_refilled(rotated, tmp_path):  # noqa: F811
    mirror = tmp_path / "mirror"
    shutil.copytree(rotated.log, mirror)
    ahead = Checkpoint(rotated.before.log.name, rotated.size + 5, bytes(32))
    (mirror / "checkpoint").write_text(sign_checkpoint(rotated.before.log, ahead))
    before = (rotated.log / "checkpoint").read_bytes()
    assert isinstance(run("log", "refill", mirror).exception, NoteInvalid)
    assert (rotated.log / "checkpoint").read_bytes() == before
