import json
from contextlib import closing

import pytest

from dauys.ledger import sqlite
from dauys.ledger.publication import Publisher, changed_tiles
from dauys.ledger.recount import Recount
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import open_checkpoint


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


def test_partial_tiles_go_once_the_full_one_stands(installation):
    with closing(installation.sequencer()) as sequencer:
        sequencer.commit([installation.admission("iin|a")])
        publish(installation)
        assert (installation.places.log / "tile/0/000.p/3").is_file()
        sequencer.commit([installation.admission(f"iin|{n}") for n in range(300)])
        publish(installation)
        assert not (installation.places.log / "tile/0/000.p").exists()
        assert (installation.places.log / "tile/0/000").is_file()


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
