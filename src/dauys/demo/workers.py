"""Signing in worker processes: a statement goes out, a CMS comes back, and the event loop is never kept waiting."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.errors import DauysError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dauys.demo.people import Algorithm, Citizen

CHUNK = 32  # statements a worker takes at once when many are signed ahead


@dataclass(frozen=True, slots=True)
class SignerSettings:
    """Who signs: the folder of the demo PKI, the seed of the people, and one algorithm for all or None for their own."""

    pki: Path
    seed: int = 1
    algorithm: Algorithm | None = None

    def citizen(self, number: int) -> Citizen:
        """Citizen of that number, with the algorithm that was asked for."""
        person = citizen(number, self.seed)
        return replace(person, algorithm=self.algorithm) if self.algorithm else person


class SigningPool:
    """A pool of processes that sign as citizens; `with` starts and ends it. The first answer waits for start-up."""

    def __init__(self, settings: SignerSettings, workers: int = 1) -> None:
        DemoPki.load(settings.pki)  # a missing PKI is refused here, in words, not as a broken pool
        # Not forked: a fork copies locks of threads that do not live on in the child.
        spawn = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(settings,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    async def sign(self, number: int, statement: bytes) -> bytes:
        """Sign a statement as the citizen of that number; DER of the detached CMS."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _sign, (number, statement))

    def presign(self, jobs: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
        """Sign many (number, statement) ahead of a measurement, in their order."""
        return self._pool.map(_sign, jobs, chunksize=CHUNK)


_worker: tuple[SignerSettings, DemoPki] | None = None


def _begin(settings: SignerSettings) -> None:
    global _worker  # noqa: PLW0603 - a worker process has one PKI for its life
    _worker = settings, DemoPki.load(settings.pki)


def _sign(job: tuple[int, bytes]) -> bytes:
    if _worker is None:
        raise DauysError
    settings, pki = _worker
    number, statement = job
    return sign_cms(pki, settings.citizen(number), statement, now=datetime.now(UTC))
