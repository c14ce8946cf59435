"""A process that signs and publishes until it is killed or its disk fails: `crash_victim.py VAR FIRST PEOPLE...`.

Each number of PEOPLE is a batch. A line on standard output is an answer that somebody got: index, person's number, receipt.
The last line says how many named points were reached.
"""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from dauys.errors import DauysError
from dauys.ledger import faults, sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_start
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.subjects import read_secrets, read_subject
from small_installation import Installation, nonce_of

ANY_COUNT = 10**9


def load(var: Path) -> Installation:
    places = Places(var)
    keys = Keys.load(places.keys)
    with closing(sqlite.connect(places.database)) as connection:
        subject = read_subject(connection, "petition/1")
        return Installation(places, keys, subject, read_secrets(connection, keys, subject))


def batch(installation, first, size):
    return [installation.admission(f"iin|{n}", nonce=nonce_of(n)) for n in range(first, first + size)]


def run(installation, first, sizes):
    with (
        closing(installation.sequencer()) as sequencer,
        closing(Publisher(installation.places, installation.keys.log)) as publisher,
    ):
        for size in sizes:
            placed = sequencer.commit(batch(installation, first, size))
            for number, answer in enumerate(placed, first):
                print(json.dumps([answer.index, number, answer.receipt]), flush=True)
            first += size
            if not publisher.lock():  # another process publishes
                continue
            publisher.publish()
            publisher.partials.collect(datetime.now(UTC).timestamp() + 1e6)


if __name__ == "__main__":
    victim = load(Path(sys.argv[1]))
    check_start(victim.places, victim.keys, "demo")
    try:
        run(victim, int(sys.argv[2]), [int(size) for size in sys.argv[3:]])
    except DauysError as error:
        print(json.dumps({"error": error.code}), flush=True)
    armed = faults._armed.get(faults.ANY)
    print(json.dumps({"reached": ANY_COUNT - armed.left if armed else 0}), flush=True)
