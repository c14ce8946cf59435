"""Where the time of an act goes: CPU seconds and acts per stage, for operators and `dauys bench`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

STAGES = ("request", "verify", "pseudonym", "seal", "commit")


class Stages:
    """Sums of thread CPU time by stage; plain additions, so cheap enough to be always on."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.acts = Counter[str]()

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Adds this thread's CPU time of the block to a stage."""
        start = time.thread_time()
        try:
            yield
        finally:
            self.seconds[stage] += time.thread_time() - start

    def report(self) -> dict[str, object]:
        """Everything so far, and the CPU time of the whole process."""
        return {"acts": dict(self.acts), "seconds": dict(self.seconds), "process_seconds": time.process_time()}
