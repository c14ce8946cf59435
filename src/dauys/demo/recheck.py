"""Afterwards: is everything that was acknowledged in the public log, and is nobody in it twice?"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from dauys.demo.http import Connection, ConnectionBrokenError
from dauys.errors import BadInput, FileRejected
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from dauys.translog.proof import Receipt
from dauys.translog.tiles import TILE_WIDTH, entries_path, unbundle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import IO

PUBLICATION_SECONDS = 90.0  # outside of demo mode, few waiting acts are published once a minute
POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An act that the server said is durable: the citizen's number, the entry's index, the receipt as it came."""

    citizen: int
    index: int
    receipt: str


@dataclass(slots=True)
class Findings:
    """What the log did not hold of the acknowledged (`lost`), what it counts more than once (`twice`)."""

    checked: int = 0
    lost: int = 0
    twice: int = 0


class Record:
    """Acknowledged acts: hashes of their entries in memory, whole receipts in a file of JSON lines if one is named.

    The file is written line by line and never rewritten, so it may be read after this process, too, was killed.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.acknowledged: list[tuple[int, bytes]] = []
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            self._file = self._path.open("a", encoding="utf-8", buffering=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, act: Acknowledged) -> None:
        """Keep one; a receipt that cannot be read is kept as one of no entry, and so will be found lost."""
        self.acknowledged.append((act.index, _entry_hash(act)))
        if self._file is not None:
            line = {"citizen": act.citizen, "index": act.index, "receipt": act.receipt}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_record(path: Path) -> Iterator[Acknowledged]:
    """Read the acts of a record; a last line cut by a kill was not yet whole and is left out."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield Acknowledged(**json.loads(line))


async def recheck(base_url: str, subject: str, acknowledged: list[tuple[int, bytes]]) -> Findings:
    """Compare (index, SHA-256 of the entry) of acknowledged acts with the public log up to the last of them.

    Lost: the log has another entry at that index, or none within PUBLICATION_SECONDS. Twice: a pseudonym that the log
    holds more than once under the subject, or an index given to two people.
    """
    findings = Findings(checked=len(acknowledged))
    wanted: dict[int, bytes] = {}
    for index, entry_hash in acknowledged:
        findings.twice += index in wanted
        wanted[index] = entry_hash
    async with Connection(base_url) as connection:
        size = await _published_size(connection, max(wanted, default=-1) + 1)
        reading = _Reading(subject, wanted, findings)
        for number in range(-(-size // TILE_WIDTH)):
            width = min(TILE_WIDTH, size - number * TILE_WIDTH)
            data = await _get(connection, f"/log/{entries_path(number, width)}")
            for index, entry in enumerate(unbundle(data), number * TILE_WIDTH):
                reading.entry(index, entry)
    findings.lost += len(wanted)
    return findings


@dataclass(slots=True)
class _Reading:
    """The log as it is read: takes off `wanted` what was found."""

    subject: str
    wanted: dict[int, bytes]
    findings: Findings
    seen: set[str] = field(default_factory=set)

    def entry(self, index: int, data: bytes) -> None:
        if index in self.wanted and self.wanted.pop(index) != sha256(data).digest():
            self.findings.lost += 1
        try:
            leaf = decode_leaf(data)
        except BadInput:  # an entry of a kind this version does not know is the audit's business
            return
        if isinstance(leaf, PetitionSignature) and leaf.subject == self.subject:
            self.findings.twice += leaf.pseudonym in self.seen
            self.seen.add(leaf.pseudonym)


async def _published_size(connection: Connection, needed: int) -> int:
    """Size of the published checkpoint, waiting a while for it to cover what was acknowledged."""
    until = time.monotonic() + PUBLICATION_SECONDS
    while True:
        checkpoint = (await _get(connection, "/log/checkpoint")).decode(errors="replace").split("\n")
        size = int(checkpoint[1]) if len(checkpoint) > 2 and checkpoint[1].isdecimal() else 0
        if size >= needed or time.monotonic() > until:
            return size
        await asyncio.sleep(POLL_SECONDS)


async def _get(connection: Connection, path: str) -> bytes:
    """A public file; a server that is being restarted is waited for."""
    until = time.monotonic() + PUBLICATION_SECONDS
    while True:
        try:
            reply = await connection.get(path)
        except ConnectionBrokenError as broken:
            if time.monotonic() > until:
                raise FileRejected(what=f"{path} could not be fetched ({broken})") from broken
            await asyncio.sleep(POLL_SECONDS)
            continue
        if reply.status != 200:
            raise FileRejected(what=f"{path} of the public log was answered with {reply.status}")
        return reply.body


def _entry_hash(act: Acknowledged) -> bytes:
    try:
        receipt = Receipt.parse(act.receipt)
    except FileRejected:
        return b""
    return sha256(receipt.entry).digest() if receipt.entry and receipt.index == act.index else b""
