"""`dauys bench sign`: pre-signed statements over HTTP to a fresh server, beside the bare cost of their cryptography."""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean
from typing import TYPE_CHECKING, Any

from dauys.demo.bare import Parsed, bare_cost
from dauys.demo.http import Connection
from dauys.demo.server import Server
from dauys.demo.workers import SignerSettings, SigningPool
from dauys.errors import Refusal
from dauys.intake.app import load_trust
from dauys.intake.requests import Asked, SigningRequests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dauys.demo.people import Algorithm
    from dauys.ledger.places import Places

PARTS = 8  # of a run, with the bound measured before each
SAMPLE = 200  # acts whose bare cost is measured
LONGEST_START, PAUSE, IDLE_SHARE = 20.0, 0.5, 0.1  # seconds, seconds, share of a core
WARM_UP = 300  # acts before the clock starts: imports, tables of the authorities' keys, connections


@dataclass(frozen=True, slots=True)
class Act:
    """A statement, its signature and the body that hands it in."""

    statement: bytes
    signature: bytes
    body: dict[str, Any]


def prepare_acts(
    places: Places, subject: str, algorithm: Algorithm, count: int, progress: Callable[[int], None]
) -> list[Act]:
    """Requests made with the installation's own key and signed ahead by demo citizens, in two processes."""
    requests = SigningRequests.load(places)
    asked = Asked(subject, "kk", "mobile", "KZ-75", declared=True)
    made = [requests.create(asked, datetime.now(UTC)) for _ in range(count)]
    jobs = [(number, request.statement.to_bytes()) for number, request in enumerate(made)]
    acts = []
    with SigningPool(SignerSettings(places.demo_pki, algorithm=algorithm), 2) as pool:
        for request, (_, statement), cms in zip(made, jobs, pool.presign(jobs), strict=True):
            signature = b64encode(cms)
            acts.append(Act(statement, signature, {"token": request.token, "signature": signature.decode()}))
            progress(len(acts))
    return acts


def measure(places: Places, acts: list[Act], clients: int) -> dict[str, Any]:
    """Runs the acts against a fresh server; rates, latencies, CPU by stage, and the bare bound.

    The bound is measured between the parts of the run, so that both see the machine in the same moods; both are means.
    """
    trust = load_trust(places, "demo")
    sample = [Parsed.of(act.statement, act.signature, trust) for act in acts[:SAMPLE]]
    with Server(places.var) as server:
        return asyncio.run(_measure(server, acts, clients, sample))


async def _measure(server: Server, acts: list[Act], clients: int, sample: list[Parsed]) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(Connection(server.base_url)) for _ in range(clients)]
        await _settled(server)
        await _send(crowd, acts[:WARM_UP])
        stages, cpu = await _stages(crowd[0]), server.cpu_seconds()
        bare, latencies, seconds, rest = list[dict[str, float]](), list[float](), 0.0, acts[WARM_UP:]
        size = -(-len(rest) // PARTS)
        for start in range(0, len(rest), size):
            bare.append(bare_cost(sample))
            began = time.perf_counter()
            latencies += await _send(crowd, rest[start : start + size])
            seconds += time.perf_counter() - began
        cpu, after = server.cpu_seconds() - cpu, await _stages(crowd[0])
    spent = {name: after["seconds"][name] - stages["seconds"][name] for name in after["seconds"]}
    means = {part: fmean(each[part] for each in bare) for part in bare[0]}
    return _report(sorted(latencies), clients, seconds, cpu, spent, means)


async def _settled(server: Server) -> None:
    """Waits while the server's processes are still starting: the worker's imports are nobody's act."""
    until, before = time.monotonic() + LONGEST_START, -1.0
    while (now := server.cpu_seconds()) - before > IDLE_SHARE * PAUSE and time.monotonic() < until:
        before = now
        await asyncio.sleep(PAUSE)


def _report(
    latencies: list[float], clients: int, seconds: float, cpu: float, spent: dict[str, float], bare: dict[str, float]
) -> dict[str, Any]:
    count, bound = len(latencies), sum(bare.values())
    return {
        "acts": count, "clients": clients, "acts_per_second": count / seconds,
        "p50_ms": latencies[count // 2] * 1000, "p99_ms": latencies[count * 99 // 100] * 1000,
        "cpu_us_per_act": cpu / count * 1e6, "stage_us": {name: value / count * 1e6 for name, value in spent.items()},
        "bare_us": {name: value * 1e6 for name, value in bare.items()}, "bare_bound_per_second": 1 / bound,
        "rate_to_bound": count / seconds * bound, "bare_to_cpu": bound / (cpu / count),
    }  # fmt: skip


async def _stages(connection: Connection) -> dict[str, Any]:
    return (await connection.get("/intake/stages")).json()


async def _send(crowd: list[Connection], acts: list[Act]) -> list[float]:
    """Seconds from request to durable answer of every act; Refusal on any answer but 201."""
    waiting, latencies = iter(acts), list[float]()
    await asyncio.gather(*(_client(connection, waiting, latencies) for connection in crowd))
    return latencies


async def _client(connection: Connection, waiting: Iterator[Act], latencies: list[float]) -> None:
    for act in waiting:
        started = time.perf_counter()
        reply = await connection.post("/intake/acts", act.body)
        if reply.status != 201:
            raise Refusal(why=f"the benchmark met an answer it did not expect: {reply.status} {reply.body[:300]!r}")
        latencies.append(time.perf_counter() - started)
