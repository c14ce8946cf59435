"""Envelopes survive what batches survive, and what no batch committed leaves no trace in the vault."""

import os
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import BadInput, VaultDamaged
from dauys.ledger import migration, segments, sqlite
from dauys.ledger.envelope import Sealed
from dauys.ledger.leaves import decode_leaf, from_text
from dauys.ledger.opening import check_start
from dauys.ledger.segments import MAGIC, Place, SegmentWriter, path_of, record, scan
from dauys.ledger.vault import read_envelope


@pytest.fixture
def vault(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        yield connection


def sign(installation, *people):
    with closing(installation.sequencer()) as sequencer:
        return [placed.index for placed in sequencer.commit([installation.admission(who) for who in people])]


def opened(installation, connection, index):
    leaf = decode_leaf(sqlite.read_entries(connection, index, index + 1)[0])
    sealed = Sealed(from_text(leaf.commitment), *read_envelope(connection, index))
    return installation.secrets.unseal(sealed)[0]


def sizes(connection):
    return connection.execute("SELECT number, size FROM ledger_segment ORDER BY number").fetchall()


def test_each_envelope_is_read_where_it_was_kept(installation, vault):
    people = [f"person {number}" for number in range(50)]
    for index, person in zip(sign(installation, *people), people, strict=True):
        assert person.encode() in opened(installation, vault, index)
    ((number, size),) = sizes(vault)
    assert path_of(installation.places.vault, number).stat().st_size == size


def test_a_rolled_back_batch_is_cut_off_by_the_next(installation, vault):
    sign(installation, "first")
    (before,) = sizes(vault)
    with closing(installation.sequencer()) as sequencer:
        steps = sequencer.transaction()
        steps.begin()
        sequencer.write([installation.admission("never", tier="mobile")])
        steps.rollback()
        file = path_of(installation.places.vault, 1)
        assert file.stat().st_size > before[1]
        assert sizes(vault) == [before]
        (placed,) = sequencer.commit([installation.admission("second")])
    assert b"second" in opened(installation, vault, placed.index)
    assert [index for index, _ in scan(file.read_bytes())] == [2, 3]
    assert file.stat().st_size == sizes(vault)[0][1]


@pytest.mark.parametrize("torn", [b"x", b"\0" * 5000, record(9, b"torn")[:-1]])
def test_a_torn_tail_is_recovered(installation, vault, torn):
    (first,) = sign(installation, "first")
    with path_of(installation.places.vault, 1).open("ab") as file:
        file.write(torn)
    (second,) = sign(installation, "second")
    assert b"first" in opened(installation, vault, first)
    assert b"second" in opened(installation, vault, second)
    assert path_of(installation.places.vault, 1).stat().st_size == sizes(vault)[0][1]


@pytest.mark.parametrize("lose", [lambda file: os.truncate(file, 50), os.unlink])
def test_lost_evidence_is_never_written_over(installation, vault, lose):
    sign(installation, "first")
    segments.check_segments(vault)
    lose(path_of(installation.places.vault, 1))
    with pytest.raises(VaultDamaged):
        check_start(installation.places, installation.keys, "demo")
    with pytest.raises(VaultDamaged):
        sign(installation, "second")
    with pytest.raises(BadInput):
        read_envelope(vault, 2)


def test_a_full_segment_is_closed_for_ever(installation, vault, monkeypatch):
    monkeypatch.setattr(segments, "FULL", 250)
    indices = [sign(installation, f"person {number}")[0] for number in range(8)]
    numbers = [number for number, _ in sizes(vault)]
    assert len(numbers) > 1
    for number in numbers[:-1]:
        assert path_of(installation.places.vault, number).stat().st_mode & 0o777 == 0o400
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            vault.execute("UPDATE ledger_segment SET size = size + 1 WHERE number = ?", (number,))
    for index in indices:
        assert b"person" in opened(installation, vault, index)


def test_two_sequencers_share_a_segment(installation, vault, monkeypatch):
    monkeypatch.setattr(segments, "FULL", 250)
    with closing(installation.sequencer()) as one, closing(installation.sequencer()) as other:
        indices = [
            each.commit([installation.admission(f"person {number}")])[0].index
            for number in range(6) for each in (one, other)[:: 1 if number % 2 else -1][:1]
        ]  # fmt: skip
    assert all(b"person" in opened(installation, vault, index) for index in indices)


def _fail(_handle):
    raise RuntimeError("killed")


@pytest.mark.parametrize("byte", [0, 8, 12, 16, 40])
def test_a_damaged_record_is_told(installation, vault, byte):
    (index,) = sign(installation, "first")
    with path_of(installation.places.vault, 1).open("r+b") as file:
        file.seek(len(MAGIC) + byte)
        (value,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([value ^ 1]))
    with pytest.raises(BadInput, match="damaged"):
        read_envelope(vault, index)


@given(
    st.lists(st.tuples(st.integers(0, 2**64 - 1), st.binary(min_size=1, max_size=50)), max_size=5),
    st.binary(max_size=15),
)
def test_a_segment_is_read_without_the_database(records, torn):
    data = MAGIC + b"".join(record(*each) for each in records)
    found = [(index, data[place.offset + 16 : place.offset + 16 + place.length]) for index, place in scan(data + torn)]
    assert found == records


def test_envelopes_of_version_1_move_out_of_the_database(installation, vault):
    indices = sign(installation, "first", "second", "third")
    kept = [(index, read_envelope(vault, index)[1]) for index in indices]
    vault.executescript("DROP TABLE ledger_envelope; DELETE FROM ledger_segment; PRAGMA user_version = 1;"
                        "CREATE TABLE ledger_envelope (idx INTEGER PRIMARY KEY, ciphertext BLOB NOT NULL) STRICT")  # fmt: skip
    vault.executemany("INSERT INTO ledger_envelope VALUES (?, ?)", kept)
    migration.migrate(installation.places.database)
    assert [(index, read_envelope(vault, index)[1]) for index in indices] == kept
    assert b"first" in opened(installation, vault, indices[0])
    migration.migrate(installation.places.database)
    assert len(sizes(vault)) == 1


def test_a_killed_migration_begins_again(installation, vault, monkeypatch):
    (index,) = sign(installation, "first")
    kept = read_envelope(vault, index)[1]
    vault.executescript("DROP TABLE ledger_envelope; DELETE FROM ledger_segment; PRAGMA user_version = 1;"
                        "CREATE TABLE ledger_envelope (idx INTEGER PRIMARY KEY, ciphertext BLOB NOT NULL) STRICT")  # fmt: skip
    vault.execute("INSERT INTO ledger_envelope VALUES (?, ?)", (index, kept))
    with monkeypatch.context() as broken:
        broken.setattr(SegmentWriter, "sync", lambda _self: _fail(0))
        with pytest.raises(RuntimeError, match="killed"):
            migration.migrate(installation.places.database)
    migration.migrate(installation.places.database)
    assert read_envelope(vault, index)[1] == kept


def test_a_segment_that_is_none_is_refused():
    with pytest.raises(BadInput):
        list(scan(b"anything"))
    assert list(scan(MAGIC + record(3, b"x"))) == [(3, Place(0, 17, 1))]
