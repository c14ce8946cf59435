"""A replayed surge: demo citizens ask, sign and hand in over real HTTP, along the arrival curve of a real petition.

Each person is patient: told to wait (503) they wait, and when the server goes away in mid-answer they send the very
same signature again. So a server may be killed at any moment, and what it had acknowledged is checked afterwards.
"""

from __future__ import annotations

import asyncio
import random
import time
from array import array
from base64 import b64encode
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dauys.demo.curve import arrivals
from dauys.demo.http import Connection, ConnectionBrokenError, Reply
from dauys.demo.recheck import Acknowledged, Findings, Record, recheck
from dauys.demo.workers import SignerSettings, SigningPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from dauys.demo.curve import Curve

DESKTOP_EVERY = 5  # one citizen in five signs at a desktop, the others by telephone
LONGEST_WAIT = 5.0  # seconds between two tries, whatever the server asks for
FIRST_WAIT = 0.1


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """One replay: citizens first_citizen .. first_citizen+signatures-1 sign `subject` within `seconds` of the curve.

    Seconds 0 is as fast as `connections` allow. `patience` is how many seconds one request is tried again before its
    citizen gives up. Receipts go to `record` (JSON lines) where one is named.
    """

    base_url: str
    subject: str
    signers: SignerSettings
    signatures: int
    seconds: float = 0.0
    curve: Curve | None = None
    connections: int = 32
    signing_processes: int = 1
    first_citizen: int = 0
    patience: float = 120.0
    record: Path | None = None


@dataclass(slots=True)
class Report:
    """What became of everyone: counts, and seconds of latency from the first sending of an act to its receipt.

    `late` is the longest delay of an arrival behind the curve: where it grows, the generator was the bottleneck.
    """

    sent: int = 0
    acknowledged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    unanswered: int = 0
    seconds: float = 0.0
    late: float = 0.0
    findings: Findings = field(default_factory=Findings)
    latencies: array[float] = field(default_factory=lambda: array("d"), repr=False)

    @property
    def rate(self) -> float:
        """Acknowledged acts a second."""
        return self.acknowledged / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        """Latency in seconds that this percentage of acknowledged acts did not exceed; 0 without any."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] if ordered else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "sent": self.sent, "acknowledged": self.acknowledged, "refused": dict(self.refused), "retried": self.retried,
            "unanswered": self.unanswered, "lost": self.findings.lost, "counted_twice": self.findings.twice,
            "p50_ms": round(self.percentile(50) * 1000, 2), "p99_ms": round(self.percentile(99) * 1000, 2),
            "per_second": round(self.rate, 1), "seconds": round(self.seconds, 2), "late_seconds": round(self.late, 2),
        }  # fmt: skip


async def replay(options: ReplayOptions, progress: Callable[[Report], None] = lambda _: None) -> Report:
    """Play the surge, then check every acknowledged receipt against the public log.

    `progress` gets the growing report after each citizen. Raises Refusal without a demo PKI, FileRejected where the
    public log cannot be read at the end.
    """
    report = Report()
    with ExitStack() as stack:
        pool = stack.enter_context(SigningPool(options.signers, options.signing_processes))
        record = stack.enter_context(Record(options.record))
        await pool.sign(options.first_citizen, b"")  # the pool's start-up is not part of the surge
        started = time.monotonic()
        due = _schedule(options, started)
        crowd = [_Crowd(options, pool, report, record, due, progress) for _ in range(options.connections)]
        await asyncio.gather(*(part.run() for part in crowd))
        report.seconds = time.monotonic() - started
        report.findings = await recheck(options.base_url, options.subject, record.acknowledged)
    return report


def _schedule(options: ReplayOptions, started: float) -> Iterator[tuple[int, float]]:
    """(citizen, monotonic time of arrival) in order; shared by all connections, each takes the next."""
    for number, offset in enumerate(arrivals(options.signatures, options.curve), options.first_citizen):
        yield number, started + offset * options.seconds


@dataclass(slots=True)
class _Crowd:
    """The citizens who come through one connection, one after another."""

    options: ReplayOptions
    pool: SigningPool
    report: Report
    record: Record
    due: Iterator[tuple[int, float]]
    progress: Callable[[Report], None]

    async def run(self) -> None:
        """Bring citizens in until none is due any more."""
        async with Connection(self.options.base_url) as connection:
            for number, moment in self.due:
                await asyncio.sleep(max(0.0, moment - time.monotonic()))
                if self.options.seconds:
                    self.report.late = max(self.report.late, time.monotonic() - moment)
                await self._serve(connection, number)
                self.progress(self.report)

    async def _serve(self, connection: Connection, number: int) -> None:
        """One citizen from the first click to the receipt."""
        self.report.sent += 1
        asked = await self._insist(connection, "/intake/requests", self._request(number))
        if asked is None or not self._accepted(asked):
            return
        given = asked.json()
        signature = await self.pool.sign(number, given["statement"].encode())
        act = {"token": given["token"], "signature": b64encode(signature).decode()}
        sent_at = time.monotonic()
        answer = await self._insist(connection, "/intake/acts", act)
        if answer is None or not self._accepted(answer):
            return
        self.report.latencies.append(time.monotonic() - sent_at)
        self.report.acknowledged += 1
        receipt = answer.json()
        self.record.add(Acknowledged(number, receipt["index"], receipt["receipt"]))

    def _request(self, number: int) -> dict[str, Any]:
        person = self.options.signers.citizen(number)
        russian = not person.patronymic.endswith(("ұлы", "қызы"))
        return {
            "subject": self.options.subject,
            "language": "ru" if russian else "kk",
            "tier": "mobile" if number % DESKTOP_EVERY else "desktop",
            "region": person.region,
            "declared": True,
        }

    async def _insist(self, connection: Connection, path: str, body: dict[str, Any]) -> Reply | None:
        """Post until there is an answer other than "come back later"; None when patience ends.

        Repeating is safe: a request may be made twice, and an act is the same bytes, so it gets the same receipt.
        """
        wait, until = FIRST_WAIT, time.monotonic() + self.options.patience
        while True:
            try:
                reply = await connection.post(path, body)
                if reply.status not in (502, 503, 504):
                    return reply
                asked = reply.headers.get("retry-after", "")
                pause = float(asked) if asked.isdecimal() else wait
            except ConnectionBrokenError:
                pause = wait
            if time.monotonic() + pause > until:
                self.report.unanswered += 1
                return None
            self.report.retried += 1
            wait = min(wait * 2, LONGEST_WAIT)
            await asyncio.sleep(min(pause, LONGEST_WAIT) * random.uniform(0.5, 1.0))

    def _accepted(self, reply: Reply) -> bool:
        """Whether the door said yes; otherwise its code is counted."""
        if reply.status in (200, 201):
            return True
        self.report.refused[str(reply.json().get("code", f"http-{reply.status}"))] += 1
        return False
