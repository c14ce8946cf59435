import json
import shutil
from contextlib import closing

import pytest

from dauys.errors import ForkRefused
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import LogOpened, encode_leaf
from dauys.ledger.log_keys import read_keyring, signers_beside
from dauys.ledger.publication import Publisher, changed_tiles
from dauys.ledger.receipts import ReceiptWriter
from dauys.ledger.recount import Recount
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.note import split_note


def publish(installation):
    with closing(Publisher(installation.places, installation.keys.log)) as publisher:
        return publisher.publish()


def audited(installation):
    log = installation.places.log
    counts = json.loads((log / "counts.json").read_bytes())
    checkpoint = open_checkpoint((log / "checkpoint").read_text(), [installation.keys.log.verifier])
    recount = Recount(frozenset({counts["size"]}), checkpoint.origin)
    audit_tree(checkpoint, lambda path: (log / path).read_bytes(), recount.entry)
    recount.compare("counts.json", counts["size"], counts["subjects"])
    return recount


@pytest.mark.parametrize("batches", [[1], [5, 249], [254], [255], [300, 1, 700], [100] * 7])
def test_published_log_is_sound_after_every_batch(installation, batches):
    person = 0
    with closing(installation.sequencer()) as sequencer:
        for size in batches:
            sequencer.commit([installation.admission(f"iin|{person + n}") for n in range(size)])
            person += size
            assert publish(installation) == person + 2
            recount = audited(installation)
            assert recount.findings == []
            assert recount.counts.standing == {("petition/1", "mobile"): person}


def test_what_pages_show_follows_the_files(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission(f"iin|{n}") for n in range(7)])
        shown = "SELECT published_signatures, published_size FROM ledger_subject JOIN ledger_log"
        assert sequencer.connection.execute(shown).fetchone() == (0, 0)
        publish(installation)
        assert sequencer.connection.execute(shown).fetchone() == (7, 9)
        assert (
            sqlite.read_tail(sequencer.connection).published_checkpoint
            == (installation.places.log / "checkpoint").read_text()
        )


def test_publication_may_be_repeated_after_a_crash_between_files(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission(f"iin|{n}") for n in range(400)])
        publish(installation)
        sequencer.connection.execute("UPDATE ledger_log SET published_size = 3")
        (installation.places.log / "counts.json").unlink()
        publish(installation)
        assert audited(installation).findings == []


def test_a_lost_folder_is_published_again_whole(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.connection.execute("INSERT INTO ledger_text (sha256, content) VALUES (?, 'text')", ("0" * 64,))
        sequencer.commit([installation.admission(f"iin|{n}") for n in range(300)])
    publish(installation)
    before = {path: path.read_bytes() for path in installation.places.log.rglob("*") if path.is_file()}
    shutil.rmtree(installation.places.log)
    with closing(Publisher(installation.places, installation.keys.log)) as publisher:
        assert publisher.is_behind()
        publisher.publish()
        assert not publisher.is_behind()
    assert {path: path.read_bytes() for path in installation.places.log.rglob("*") if path.is_file()} == before


def test_what_others_published_here_is_not_written_over(installation):
    publish(installation)
    key = installation.keys.log
    note = sign_checkpoint(key, Checkpoint(key.verifier.name, 500, bytes(32)))
    (installation.places.log / "checkpoint").write_text(note)
    with pytest.raises(ForkRefused):
        publish(installation)
    assert (installation.places.log / "checkpoint").read_text() == note


def test_only_one_publisher_at_a_time(installation):
    with closing(Publisher(installation.places, installation.keys.log)) as one:
        with closing(Publisher(installation.places, installation.keys.log)) as two:
            assert (one.lock(), two.lock(), one.lock()) == (True, False, True)
        one.close()
        with closing(Publisher(installation.places, installation.keys.log)) as three:
            assert three.lock()


def test_changed_tiles_by_hand():
    assert list(changed_tiles(0, 3, 0)) == [(0, 3)]
    assert list(changed_tiles(3, 3, 0)) == []
    assert list(changed_tiles(250, 520, 0)) == [(0, 256), (1, 256), (2, 8)]
    assert list(changed_tiles(256, 257, 0)) == [(1, 1)]
    assert list(changed_tiles(255, 256, 1)) == [(0, 1)]
    assert list(changed_tiles(256, 511, 1)) == []
    assert list(changed_tiles(100, 70_000, 2)) == [(0, 1)]


def test_a_new_log_names_both_its_keys_and_signs_checkpoints_with_both(installation):
    """Receipts at once by the small one alone; what anybody who knows only one of them sees, holds."""
    places, keys = installation.places, installation.keys
    with closing(sqlite.connect(places.database)) as connection:
        assert read_keyring(connection).present == keys.log_verifiers
        beside = signers_beside(connection, keys)
    assert beside == [keys.log_ml]
    with closing(Publisher(places, keys.log, None, beside)) as publisher:
        publisher.publish()
    note = (places.log / "checkpoint").read_text()
    for verifier in keys.log_verifiers:
        assert open_checkpoint(note, [verifier], "demo.example/2026").size == 2
    assert len(split_note(note)[1]) == 2
    assert len(split_note(ReceiptWriter(publisher._log.tree, keys.log).checkpoint)[1]) == 1


def test_a_checkpoint_by_one_key_gets_the_other_keys_line(installation):
    """As after a command or an older version has published it."""
    places, keys = installation.places, installation.keys
    publish(installation)
    with closing(Publisher(places, keys.log, None, [keys.log_ml])) as publisher:
        assert publisher.renew()
        note = (places.log / "checkpoint").read_text()
        assert open_checkpoint(note, [keys.log_ml.verifier]) == open_checkpoint(note, [keys.log.verifier])
        assert sqlite.read_tail(publisher.connection).published_checkpoint == note
        assert not publisher.renew()


def test_a_key_that_the_log_never_named_signs_nothing(installation):
    """A log of an older version, or a key made anew after a loss."""
    (installation.places.keys / "log-ml.key").unlink()
    assert Keys.load(installation.places.keys).log_ml is None
    Keys.complete(installation.places.keys)
    other = Keys.load(installation.places.keys)
    assert other.log_ml is not None
    assert other.log_ml != installation.keys.log_ml
    with closing(sqlite.connect(installation.places.database)) as connection:
        assert signers_beside(connection, other) == []
        old = encode_leaf(LogOpened("demo", "2026-11-21T00:00:00Z", "demo.example/2026"))
        connection.execute("UPDATE ledger_entry SET entry = ? WHERE idx = 0", (old,))
        assert read_keyring(connection).present == [other.log.verifier]
        assert signers_beside(connection, installation.keys) == []
