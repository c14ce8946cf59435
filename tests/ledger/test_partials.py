import threading
from contextlib import closing

import pytest

from dauys.errors import FileRejected
from dauys.ledger.partials import GRACE_SECONDS, Partials
from dauys.ledger.publication import Publisher, read_published
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import open_checkpoint


@pytest.fixture
def publisher(installation):
    with (
        closing(installation.sequencer()) as sequencer,
        closing(Publisher(installation.places, installation.keys.log)) as made,
    ):
        made.sequencer = sequencer
        sequencer.commit([installation.admission("iin|a")])
        made.publish()
        yield made


def grow(installation, publisher, people):
    publisher.sequencer.commit([installation.admission(f"iin|{n}") for n in people])
    publisher.publish()


def test_partials_stay_for_a_while_after_their_full_tile(installation, publisher):
    log = installation.places.log
    publisher.collect()
    grow(installation, publisher, range(300))
    publisher.collect()
    full = (log / "tile/0/000").stat().st_mtime
    publisher.partials.collect(full + GRACE_SECONDS - 5)
    assert (log / "tile/0/000.p/3").is_file()
    assert publisher.partials.collect(full + GRACE_SECONDS + 5) == 2  # hashes and entries
    assert not (log / "tile/0/000.p").exists()
    assert (log / "tile/0/000").is_file()
    assert (log / "tile/0/001.p").is_dir()


def test_what_an_earlier_process_left_goes_too(installation, publisher):
    log = installation.places.log
    grow(installation, publisher, range(300))
    torn = log / "tile/0/.000.abcdefgh"
    torn.write_bytes(b"half")
    later = (log / "tile/0/000").stat().st_mtime + GRACE_SECONDS + 5
    assert Partials(log).collect(later) == 2
    assert not torn.exists()
    assert (log / "tile/0/001.p").is_dir()


def test_a_reader_in_the_middle_never_fails(installation, publisher):
    """Partial forms vanish at once, as after a very long pause, while somebody reads the log again and again."""
    log, stop, errors, walks = installation.places.log, threading.Event(), [], []

    def read(path):
        content = read_published(log, path)
        if content is None:
            raise FileRejected(what=path)
        return content

    def walk():
        try:
            while not stop.is_set():
                checkpoint = open_checkpoint((log / "checkpoint").read_text(), [installation.keys.log.verifier])
                audit_tree(checkpoint, read, lambda *_: None)
                walks.append(checkpoint.size)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            errors.append(error)

    reader = threading.Thread(target=walk)
    reader.start()
    for n in range(40):
        grow(installation, publisher, range(1000 + 50 * n, 1050 + 50 * n))
        publisher.partials.collect(1e12)
    stop.set()
    reader.join()
    assert errors == []
    assert len(set(walks)) > 2
