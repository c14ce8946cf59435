"""Looks at bundles by a second process and this one, whichever is free: half of an audit's work needs no memory."""

from __future__ import annotations

from collections import deque
from multiprocessing import Pipe, Process
from typing import TYPE_CHECKING

import msgspec

from dauys.ledger.signature_columns import Columns
from dauys.translog.audit import Looked, look, look_in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from dauys.translog.audit import Looking, Read, Reader
    from dauys.translog.tiles import Tile

AHEAD = 16  # bundles that are asked for at once
WORTH_IT = 100_000  # entries from which on starting a process costs less than it saves


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What the second process says of a bundle: the fields of Looked."""

    leaves: bytes
    root: bytes
    told: Columns | None
    problem: str


DECODER = msgspec.msgpack.Decoder(Answer)


def looking_at(entries: int, *, beside: bool = True) -> Looking:
    """How so many entries are looked at best."""
    return look_beside if beside and entries >= WORTH_IT else look_in_order


def look_beside(read: Read, tiles: list[Tile], skip: int, reader: Reader) -> Iterator[Looked]:
    """As `look_in_order`, with a second process, which ends with this one however that ends."""
    ours, theirs = Pipe()
    process = Process(target=_serve, args=(theirs, ours, read, tiles, skip, reader), daemon=True)
    process.start()
    theirs.close()
    try:
        yield from _shared(read, tiles, skip, reader, ours)
    finally:
        process.kill()  # it holds nothing
        ours.close()
        process.join()


def _shared(read: Read, tiles: list[Tile], skip: int, reader: Reader, ours: Connection) -> Iterator[Looked]:
    """Asks for some ahead; rather than wait for one of them it looks at the next itself."""
    found, asked, fresh = dict[int, Looked](), deque[int](), 0
    for wanted in range(len(tiles)):
        while wanted not in found:
            while len(asked) < AHEAD and fresh < len(tiles):
                ours.send_bytes(b"%d" % fresh)
                asked.append(fresh)
                fresh += 1
            if fresh < len(tiles) and len(found) < AHEAD and not ours.poll():
                found[fresh] = look(read, tiles[fresh], skip if fresh == 0 else 0, reader)
                fresh += 1
            else:
                found[asked.popleft()] = _parse(ours.recv_bytes())
        yield found.pop(wanted)


def _serve(theirs: Connection, ours: Connection, read: Read, tiles: list[Tile], skip: int, reader: Reader) -> None:
    ours.close()  # held open here, its end would never be seen
    while True:
        try:
            number = int(theirs.recv_bytes())
            looked = look(read, tiles[number], 0 if number else skip, reader)
            theirs.send_bytes(msgspec.msgpack.encode(looked))
        except (EOFError, OSError, KeyboardInterrupt):  # the other has ended
            return


def _parse(answer: bytes) -> Looked:
    told = DECODER.decode(answer)
    return Looked(told.leaves, told.root, told.told, told.problem)
