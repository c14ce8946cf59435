"""After its legal term a subject's pseudonyms are random bytes, and the log still proves what it proved."""

from contextlib import closing
from datetime import timedelta

import pytest

from dauys.errors import Refusal, SubjectUnknown
from dauys.ledger import sqlite
from dauys.ledger.destruction import destroy_keys, with_keys
from dauys.ledger.erasure import forgetting
from dauys.ledger.leaves import KINDS, decode_leaf, encode_leaf, to_text
from dauys.ledger.moments import moment_text
from dauys.ledger.office_acts import Evidence, read_vault
from dauys.ledger.opener import OperatorOpener
from dauys.ledger.receipts import receipts_of
from dauys.ledger.recount import Recount
from dauys.ledger.sequencer import KeyUse
from dauys.ledger.signed import signed_by
from dauys.ledger.subjects import close_subject, read_secrets, read_subject
from dauys.ledger.tail import append
from dauys.ledger.vault_audit import VaultAudit
from dauys.ledger.vault_leaves import AuditorsNamed, EvidenceErased, EvidenceExported, KeysDestroyed, TextErased
from dauys.ledger.withdrawals import open_withdrawals, withdraw
from dauys.translog.proof import verify_receipt
from small_installation import NOW

LATER = NOW + timedelta(days=40)


@pytest.fixture
def ledger(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        yield connection


def sign(installation, who, key=None):
    with closing(installation.sequencer()) as sequencer:
        return sequencer.commit([installation.admission(who, key=key)])[0].index


def destroy(installation, now=LATER):
    with forgetting(installation.places) as connection:
        return destroy_keys(connection, "petition/1", now)


def recounted(ledger):
    tail = sqlite.read_tail(ledger)
    recount = Recount(frozenset([tail.size]), tail.origin)
    for index, entry in enumerate(sqlite.read_entries(ledger, 0, tail.size)):
        recount.entry(index, entry)
    return recount


def test_nobody_can_name_a_signer_any_more_and_all_is_sound(installation, ledger):
    mine = sign(installation, "iin|1")
    assert signed_by(ledger, installation.keys, "iin|1") == {"petition/1": mine}
    assert with_keys(ledger, LATER) == ["petition/1"]
    entry = destroy(installation)
    assert with_keys(ledger, LATER) == []
    assert signed_by(ledger, installation.keys, "iin|1") == {}
    assert read_vault(ledger, installation.keys, "petition/1") is None
    with pytest.raises(SubjectUnknown):
        read_secrets(ledger, installation.keys, read_subject(ledger, "petition/1"))
    receipt = receipts_of(ledger, installation.keys.log, [mine])[mine]
    assert verify_receipt(receipt, [installation.keys.log.verifier])[0].index == mine
    recount = recounted(ledger)
    assert [finding.code for finding in recount.findings] == ["keys-destroyed"]
    assert recount.history.destroyed == {"petition/1": entry}
    assert recount.counts.standing == {("petition/1", "mobile"): 1}
    audit = VaultAudit(ledger, OperatorOpener(ledger, installation.keys), trust=None)
    audit.run()
    assert (audit.findings, audit.erased, audit.destroyed) == ([], 1, {"petition/1"})


def test_the_key_leaves_the_files_of_the_database(installation, ledger):
    (wrapped,) = ledger.execute("SELECT wrapped FROM ledger_subject_key").fetchone()
    ledger.close()
    destroy(installation)
    files = [path for path in installation.places.var.rglob("*") if path.is_file()]
    assert not any(wrapped in path.read_bytes() for path in files)


def test_keys_that_are_needed_stay(installation, ledger):
    with pytest.raises(Refusal, match="still be signed"):
        destroy(installation, NOW)
    sign(installation, "iin|1", KeyUse(b"a", b"s", 1, 1))
    with pytest.raises(Refusal, match="confirmed"):
        destroy(installation)
    ledger.execute("DELETE FROM ledger_unconfirmed")
    keys = installation.keys
    with sqlite.transaction(ledger, installation.places.database):
        evidence = Evidence(keys.person("iin|1"), b"envelope", b"n" * 16, "mobile")
        withdraw(ledger, keys, "petition/1", "iin|1", evidence, NOW)
    with pytest.raises(Refusal, match="withdrawals"):
        destroy(installation)
    with sqlite.transaction(ledger, installation.places.database):
        open_withdrawals(ledger, keys, "petition/1", LATER)
    destroy(installation)
    with pytest.raises(SubjectUnknown):
        destroy(installation)


MOMENT = moment_text(NOW)
AFTER = KeysDestroyed(moment_text(LATER), "petition/1")
BROKEN = {
    "keys-destroyed-twice": [AFTER, AFTER],
    "keys-destroyed-early": [KeysDestroyed(MOMENT, "petition/1")],
    "moment-impossible": [EvidenceExported(1, "2026-13-01T00:00:00Z", "ab" * 32)],
    "text-erased-twice": [TextErased(MOMENT, [1, 2], "", "personal-data", "ab" * 32)] * 2,
    "one-official-twice": [TextErased(MOMENT, [1, 1], "", "personal-data", "ab" * 32)],
    "auditors-useless": [AuditorsNamed([to_text(bytes(32))] * 2, MOMENT, 1)],
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_no_operator_may_log(installation, ledger, code):
    with sqlite.transaction(ledger, installation.places.database):
        for leaf in BROKEN[code]:
            append(ledger, encode_leaf(leaf))
    assert [finding.code for finding in recounted(ledger).findings if finding.kind == "broken"] == [code]


def test_a_threshold_that_nobody_can_reach_is_found(installation, ledger):
    with sqlite.transaction(ledger, installation.places.database):
        append(ledger, encode_leaf(AuditorsNamed([to_text(bytes(32))], MOMENT, 2)))
    assert [finding.code for finding in recounted(ledger).findings] == ["auditors-useless"]


def test_a_signature_after_the_keys_are_gone_is_found(installation, ledger):
    with sqlite.transaction(ledger, installation.places.database):
        close_subject(ledger, "petition/1", NOW)
        destroy_keys(ledger, "petition/1", LATER)
    sign(installation, "iin|1")
    assert "signed-without-keys" in {finding.code for finding in recounted(ledger).findings}


def test_the_log_tells_how_much_was_erased_and_handed_out(installation, ledger):
    leaves = [
        EvidenceErased(3, to_text(bytes(32)), MOMENT, "", "asked"), EvidenceExported(2, MOMENT, "ab" * 32),
        TextErased(MOMENT, [1, 2], "", "personal-data", "cd" * 32), AuditorsNamed([to_text(bytes(32))], MOMENT, 1),
    ]  # fmt: skip
    assert all(decode_leaf(encode_leaf(leaf)) == leaf and type(leaf) in KINDS for leaf in leaves)
    with sqlite.transaction(ledger, installation.places.database):
        for leaf in leaves:
            append(ledger, encode_leaf(leaf))
    recount = recounted(ledger)
    history = recount.history
    assert (history.erased, history.exported) == (3, 2)
    assert [finding.code for finding in recount.findings] == ["evidence-erased", "evidence-exported", "auditors-named"]
    served = {"cd" * 32: b"still here"}
    assert [index for index, _ in history.still_shown(served.get)] == [history.texts["cd" * 32]]
    assert list(history.still_shown(lambda _digest: None)) == []
