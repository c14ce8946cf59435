"""Where the time of an act goes: CPU seconds per stage, for operators and `dauys bench`.

One act in SAMPLED is measured: asking the kernel for a thread's CPU time costs microseconds, and an act has few to spare.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

STAGES = ("request", "verify", "pseudonym", "seal", "commit", "receipts")
SAMPLED = 16


class Watch:
    """Splits one thread's CPU time into stages; `lap` ends a stage."""

    def __init__(self, stages: Stages) -> None:
        self._stages, self._at = stages, time.thread_time()

    def lap(self, stage: str) -> None:
        """Everything since the last lap was this stage."""
        now = time.thread_time()
        self._stages.seconds[stage] += (now - self._at) * SAMPLED
        self._at = now


class NoWatch(Watch):
    """For the acts that are not measured."""

    def __init__(self) -> None:
        """Nothing to start."""

    def lap(self, stage: str) -> None:
        """Nothing to note."""


class Stages:
    """Estimated sums of CPU time by stage."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._acts, self._none = 0, NoWatch()

    def watch(self) -> Watch:
        """A watch for the next act; a real one for each of SAMPLED."""
        self._acts += 1
        return Watch(self) if self._acts % SAMPLED == 0 else self._none

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Measures the work of a whole batch; a batch is long enough to afford it."""
        start = time.thread_time()
        try:
            yield
        finally:
            self.seconds[stage] += time.thread_time() - start

    def report(self) -> dict[str, object]:
        """Everything so far, and the CPU time of the whole process."""
        return {"acts": self._acts, "seconds": dict(self.seconds), "process_seconds": time.process_time()}
