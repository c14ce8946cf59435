"""Hashes bundles in a second process while the first reads what they say: the two cost about the same."""

from __future__ import annotations

from collections import deque
from multiprocessing import Pipe, Process
from typing import TYPE_CHECKING

from dauys.translog.frontier import Hashed, hash_bundle, hash_in_order
from dauys.translog.merkle import HASH_SIZE
from dauys.translog.tiles import TILE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

    from dauys.translog.audit import Hashing

AHEAD = 8  # bundles; their hashes, 8 kB each, fit the pipe's buffer, so that neither side waits for the other for ever
HASHES, PROBLEM = b"h", b"p"  # how an answer begins
WORTH_IT = 100_000  # entries from which on starting a process costs less than it saves


def hashing_of(entries: int, *, beside: bool = True) -> Hashing:
    """How so many entries are hashed best."""
    return hash_beside if beside and entries >= WORTH_IT else hash_in_order


def hash_beside(bundles: Iterable[bytes]) -> Iterator[tuple[bytes, Hashed]]:
    """As `hash_in_order`, by a second process, which ends with this one however that ends."""
    ours, theirs = Pipe()
    process = Process(target=_serve, args=(theirs, ours), daemon=True)
    process.start()
    theirs.close()
    try:
        yield from _ahead(bundles, ours)
    finally:
        ours.close()  # the other reads an end of file
        process.join()


def _ahead(bundles: Iterable[bytes], ours: Connection) -> Iterator[tuple[bytes, Hashed]]:
    sent = deque[bytes]()
    for data in bundles:
        ours.send_bytes(data)
        sent.append(data)
        if len(sent) == AHEAD:
            yield sent.popleft(), _parse(ours.recv_bytes())
    while sent:
        yield sent.popleft(), _parse(ours.recv_bytes())


def _serve(theirs: Connection, ours: Connection) -> None:
    ours.close()  # held open here, its end would never be seen
    while True:
        try:
            hashed = hash_bundle(theirs.recv_bytes())
            told = PROBLEM + hashed.problem.encode() if hashed.problem else HASHES + hashed.leaves + hashed.root
            theirs.send_bytes(told)
        except (EOFError, OSError, KeyboardInterrupt):  # the other has ended
            return


def _parse(answer: bytes) -> Hashed:
    kind, rest = answer[:1], answer[1:]
    if kind == PROBLEM:
        return Hashed(b"", problem=rest.decode())
    whole = TILE_WIDTH * HASH_SIZE
    return Hashed(rest[:whole], rest[whole:])
