"""Hashes bundles, and reads their columns, in a second process while the first judges what they say: about half each."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe, Process
from typing import TYPE_CHECKING

import msgspec

from dauys.ledger.signature_columns import Columns, read_columns
from dauys.translog.frontier import Hashed, hash_bundle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

    from dauys.translog.audit import Hashing

AHEAD = 32  # bundles: while some are judged together, others are hashed
WORTH_IT = 100_000  # entries from which on starting a process costs less than it saves


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What the second process says of a bundle: the fields of Hashed."""

    leaves: bytes
    root: bytes
    problem: str
    columns: Columns | None


DECODER = msgspec.msgpack.Decoder(Answer)


def hashing_of(entries: int, *, beside: bool = True) -> Hashing:
    """How so many entries are hashed best."""
    return hash_beside if beside and entries >= WORTH_IT else hash_here


def hash_here(bundles: Iterable[bytes]) -> Iterator[tuple[bytes, Hashed]]:
    """Each bundle with what it hashes to and its columns."""
    for data in bundles:
        yield data, hash_bundle(data, read_columns)


def hash_beside(bundles: Iterable[bytes]) -> Iterator[tuple[bytes, Hashed]]:
    """As `hash_here`, by a second process, which ends with this one however that ends."""
    ours, theirs = Pipe()
    process = Process(target=_serve, args=(theirs, ours), daemon=True)
    process.start()
    theirs.close()
    sender = ThreadPoolExecutor(1)  # so that this side always reads: two full pipes would wait for each other for ever
    try:
        yield from _ahead(bundles, ours, sender)
    finally:
        process.kill()  # it holds nothing, and a sender that waits for it is free
        sender.shutdown(cancel_futures=True)
        ours.close()
        process.join()


def _ahead(bundles: Iterable[bytes], ours: Connection, sender: ThreadPoolExecutor) -> Iterator[tuple[bytes, Hashed]]:
    sent = deque[bytes]()
    for data in bundles:
        sender.submit(ours.send_bytes, data)
        sent.append(data)
        if len(sent) == AHEAD:
            yield sent.popleft(), _parse(ours.recv_bytes())
    while sent:
        yield sent.popleft(), _parse(ours.recv_bytes())


def _serve(theirs: Connection, ours: Connection) -> None:
    ours.close()  # held open here, its end would never be seen
    while True:
        try:
            hashed = hash_bundle(theirs.recv_bytes(), read_columns)
            theirs.send_bytes(msgspec.msgpack.encode(hashed))
        except (EOFError, OSError, KeyboardInterrupt):  # the other has ended
            return


def _parse(answer: bytes) -> Hashed:
    told = DECODER.decode(answer)
    return Hashed(told.leaves, told.root, told.problem, told.columns)
