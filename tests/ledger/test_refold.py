"""Rows are the fold of leaves: a backup of any moment, refilled from the published log, says what the lost database said."""

import random
import shutil
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest

from dauys.errors import ForkRefused, RefillImpossible
from dauys.identity.revocation import Reason, Revoked
from dauys.ledger import sqlite, withdrawals
from dauys.ledger.confirmation import UNKNOWN, Confirmer
from dauys.ledger.confirmation_leaf import ListUsed
from dauys.ledger.erasure import erase
from dauys.ledger.leaves import LogOpened, decode_leaf, encode_leaf
from dauys.ledger.log_leaves import LogRestored
from dauys.ledger.moments import moment_text
from dauys.ledger.office_acts import Evidence
from dauys.ledger.opening import check_clock
from dauys.ledger.petition_leaves import AppealDecided, Stopped
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.recount import Recount
from dauys.ledger.refill import record, refill
from dauys.ledger.refold import Refold
from dauys.ledger.sequencer import KeyUse, Outcome
from dauys.ledger.subjects import close_subject, open_petition, reopen_subject
from dauys.ledger.tail import append
from dauys.ledger.vault_leaves import KeysDestroyed, TextErased
from dauys.translog.checkpoint import open_checkpoint
from small_installation import NOW, Installation, new_petition

AUTHORITY = b"\x01" * 20
CLOSES = NOW + timedelta(days=30)
SAME = (
    "SELECT idx, entry FROM ledger_entry ORDER BY idx",
    "SELECT * FROM ledger_tile ORDER BY level, number",
    "SELECT size, root, confirmed FROM ledger_log",
    "SELECT id, name, kind, title, language, text_sha256, age, opens_at, closes_at, opened_index, vrf_public FROM ledger_subject",
    "SELECT subject_id, pseudonym, idx FROM ledger_admission ORDER BY idx",
    "SELECT subject_id, hour, tier, committed, taken_back, final FROM ledger_tally ORDER BY 1, 2, 3",
    "SELECT subject_id, hour, tier, committed FROM ledger_withdrawn ORDER BY 1, 2, 3",
    "SELECT idx, reason, confirmation FROM ledger_taken_back ORDER BY idx",
    "SELECT idx FROM ledger_unconfirmed ORDER BY idx",
)


class Listed:
    """A full list of after every act; the serials given were revoked before all of them."""

    issued = NOW + timedelta(days=1)
    used = (ListUsed(AUTHORITY.hex(), False, "1", "ab" * 32, moment_text(NOW + timedelta(days=1))),)

    def __init__(self, revoked=()):
        self._revoked = revoked

    def revoked(self, serial):
        return Revoked(NOW - timedelta(days=1), Reason.KEY_COMPROMISE) if serial in self._revoked else None


class Living:
    """An installation in which things happen by chance."""

    def __init__(self, installation, seed):
        self.it, self.rng, self.people, self.stopped = installation, random.Random(seed), 0, False
        self.sequencer, self.confirmer = installation.sequencer(), Confirmer(installation.places)

    def happen(self, times):
        for _ in range(times):
            self.rng.choice([self.sign, self.sign, self.withdraw, self.confirm, self.stop_or_go_on])()

    def sign(self):
        if self.stopped:
            return
        seconds, batch = int(NOW.timestamp()), []
        for _ in range(self.rng.choice([1, 5, 120])):
            self.people += 1
            key = KeyUse(AUTHORITY, bytes([self.people % 100]), seconds, seconds)
            batch.append(self.it.admission(f"iin|{self.people}", key=key))
        assert all(placed.outcome is Outcome.ADMITTED for placed in self.sequencer.commit(batch))

    def withdraw(self):
        if self.stopped or not self.people:
            return
        number = self.rng.randrange(1, self.people + 1)
        evidence = Evidence(str(number), b"an envelope", self.rng.randbytes(16), "mobile")
        with self.writing() as connection:
            taken = connection.execute(
                "SELECT 1 FROM ledger_admission WHERE pseudonym = ?",
                (self.it.secrets.pseudonym("petition/1", f"iin|{number}"),),
            )
            if taken.fetchone():
                withdrawals.withdraw(connection, self.it.keys, "petition/1", f"iin|{number}", evidence, NOW)

    def confirm(self):
        self.confirmer.confirm({AUTHORITY: Listed({self.rng.randrange(100)})})

    def stop_or_go_on(self):
        shared = {"moment": moment_text(NOW), "subject": "petition/1", "explanation": "0" * 64}
        with self.writing() as connection:
            if self.stopped:
                append(connection, encode_leaf(AppealDecided(**shared, due="2026-12-01", granted=True, officials=[3])))
                reopen_subject(connection, "petition/1", CLOSES)
            else:
                append(connection, encode_leaf(Stopped(**shared, officials=[1, 2], reason="done")))
                close_subject(connection, "petition/1", NOW)
        self.stopped = not self.stopped

    @contextmanager
    def writing(self):
        with sqlite.transaction(self.sequencer.connection, self.it.places.database):
            yield self.sequencer.connection

    def open_withdrawals(self):
        with self.writing() as connection:
            withdrawals.open_withdrawals(connection, self.it.keys, "petition/1", CLOSES + timedelta(days=1))

    def publish(self):
        with closing(Publisher(self.it.places, self.it.keys.log)) as publisher:
            publisher.publish()

    def copy(self, folder):
        places = Places(folder)
        shutil.copytree(self.it.places.keys, places.keys)
        self.sequencer.connection.execute("VACUUM INTO ?", (str(places.database),))
        if self.it.places.vault.exists():
            shutil.copytree(self.it.places.vault, places.vault)
        return Installation(places, self.it.keys, self.it.subject, self.it.secrets)

    def close(self):
        self.sequencer.close()
        self.confirmer.close()


def checkpoint_of(installation):
    return open_checkpoint((installation.places.log / "checkpoint").read_text(), [installation.keys.log.verifier])


def read_from(installation):
    return lambda path: (installation.places.log / path).read_bytes()


def bring_back(backup, public, *, read=None):
    with (
        closing(sqlite.connect(backup.places.database)) as connection,
        sqlite.transaction(connection, backup.places.database),
    ):
        fold = Refold(connection, lambda _rules: True)
        entries = refill(connection, checkpoint_of(public), read or read_from(public), fold.take)
    return entries, fold.lost


def rows(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        return [connection.execute(query).fetchall() for query in SAME]


@pytest.fixture
def living(installation):
    made = []

    def make(seed):
        made.append(Living(installation, seed))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("seed", range(6))
def test_rows_are_the_fold_of_leaves(living, tmp_path, seed):
    life = living(seed)
    life.happen(10)
    backup = life.copy(tmp_path / "backup")
    life.happen(12)
    if seed % 2:
        life.open_withdrawals()
    life.publish()
    entries, lost = bring_back(backup, life.it)
    assert rows(backup) == rows(life.it)
    signed = [
        decode_leaf(entry) for entry in sqlite.read_entries(life.sequencer.connection, entries.start, entries.stop)
    ]
    assert lost.evidence == [index for index, leaf in zip(entries, signed, strict=True) if hasattr(leaf, "commitment")]


def test_nobody_acts_twice_after_a_restore(living, tmp_path):
    life = living(0)
    backup = life.copy(tmp_path / "backup")
    life.sign()
    life.publish()
    bring_back(backup, life.it)
    with closing(backup.sequencer()) as sequencer:
        placed = sequencer.commit([backup.admission(f"iin|{n}") for n in range(1, life.people + 2)])
    assert [each.outcome for each in placed] == [Outcome.ALREADY] * life.people + [Outcome.ADMITTED]


def test_acts_whose_evidence_is_lost_become_final_with_the_last_of_all_lists(living, tmp_path):
    life = living(0)
    backup = life.copy(tmp_path / "backup")
    life.sign()
    life.publish()
    bring_back(backup, life.it)

    class Older(Listed):
        issued = NOW

    check_clock(backup.places, NOW)  # nobody knows when in their hour they came; the clock is not behind them
    with closing(Confirmer(backup.places)) as confirmer:
        assert confirmer.confirm({AUTHORITY: Listed(), b"other": Older()}) == 0
        assert confirmer.confirm({}) == 0
        assert confirmer.confirm({AUTHORITY: Listed(), b"other": Listed()}) == life.people
    with closing(sqlite.connect(backup.places.database)) as connection:
        log = sqlite.read_entries(connection, 0, 1000)
        assert connection.execute(
            "SELECT count(*) FROM ledger_unconfirmed WHERE authority = ?", (UNKNOWN,)
        ).fetchone() == (0,)
    recount = Recount(frozenset(), "demo.example/2026")
    for index, entry in enumerate(log):
        recount.entry(index, entry)
    assert (recount.findings, recount.counts.final.total()) == ([], life.people)


def test_what_was_opened_meanwhile_has_no_keys(living, tmp_path):
    life = living(0)
    backup = life.copy(tmp_path / "backup")
    with life.writing() as connection:
        open_petition(connection, life.it.keys, new_petition(2))
    life.publish()
    _, lost = bring_back(backup, life.it)
    assert lost.subjects == ["petition/2"]
    assert rows(backup) == rows(life.it)


def test_the_loss_is_said_in_the_log_for_ever(living, tmp_path):
    life = living(0)
    backup = life.copy(tmp_path / "backup")
    life.sign()
    life.publish()
    entries, _ = bring_back(backup, life.it)
    with closing(sqlite.connect(backup.places.database)) as connection:
        with sqlite.transaction(connection, backup.places.database):
            record(connection, entries, NOW)
        log = sqlite.read_entries(connection, 0, 1000)
    assert decode_leaf(log[-1]) == LogRestored(first=2, last=len(log) - 2, moment=moment_text(NOW))
    recount = Recount(frozenset(), "demo.example/2026")
    for index, entry in enumerate(log):
        recount.entry(index, entry)
    assert [(each.code, each.facts) for each in recount.findings] == [
        ("evidence-lost", {"first": 2, "last": len(log) - 2})
    ]


def test_a_mirror_that_lacks_a_bundle_changes_nothing(living, tmp_path):
    life = living(0)
    backup = life.copy(tmp_path / "backup")
    before = rows(backup)
    life.happen(20)
    life.publish()
    shutil.rmtree(life.it.places.log / "tile/entries")
    with pytest.raises(RefillImpossible, match="successor"):
        bring_back(backup, life.it, read=lambda path: _read(life.it.places.log / path))
    assert rows(backup) == before


def test_another_history_is_a_fork_and_changes_nothing(living, tmp_path):
    life = living(0)
    backup = life.copy(tmp_path / "backup")
    with closing(backup.sequencer()) as sequencer:
        sequencer.commit([backup.admission("iin|only here")])
    before = rows(backup)
    life.sign()
    life.sign()
    life.publish()
    with pytest.raises(ForkRefused):
        bring_back(backup, life.it)
    assert rows(backup) == before


def _read(path):
    from dauys.errors import FileRejected

    if not path.is_file():
        raise FileRejected(what=f"{path.name} is missing")
    return path.read_bytes()


def test_a_restored_range_must_be_before_its_leaf():
    recount = Recount(frozenset(), "x")
    recount.entry(0, encode_leaf(LogOpened("demo", "2026-11-21T15:00:00Z", "x")))
    recount.entry(1, encode_leaf(LogRestored(first=0, last=1, moment="2026-11-21T15:00:00Z")))
    assert [each.code for each in recount.findings] == ["restored-range"]


def test_what_was_erased_after_the_backup_is_not_brought_back_in_silence(living, tmp_path):
    """Keys and texts go again; whose evidence was erased the log hides, so it is told that it must be erased again."""
    life = living(0)
    life.sign()
    with life.writing() as connection:
        connection.execute("INSERT INTO ledger_text (sha256, content, published) VALUES (?, 'words', 1)", ("a" * 64,))
    backup = life.copy(tmp_path / "backup")
    with life.writing() as connection:
        erasure, _ = erase(connection, [2], "asked", NOW)
        append(connection, encode_leaf(KeysDestroyed(moment_text(NOW), "petition/1")))
        append(connection, encode_leaf(TextErased(moment_text(NOW), [1, 2], "", "personal-data", "a" * 64)))
    life.publish()
    _, lost = bring_back(backup, life.it)
    assert lost.erasures == [erasure]
    with closing(sqlite.connect(backup.places.database)) as connection:
        shown = connection.execute("SELECT content, erased_for, published FROM ledger_text").fetchall()
        assert shown == [("", "personal-data", 0)]
        assert connection.execute("SELECT count(*) FROM ledger_subject_key").fetchone() == (0,)
