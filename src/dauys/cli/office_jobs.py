"""The worker's share of the offices: deadlines, letters and what is swept, at their own rhythm, by one process at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.ledger.roles import Role

logger = logging.getLogger(__name__)

PAUSE_SECONDS, DEMO_SECONDS = 30.0, 3.0  # between two looks at the clock; a visitor of the demo sees steps happen
MANY = 50  # letters of one round after which the next follows at once


class OfficeJobs:
    """Deadlines of petitions, letters, and drafts that nobody touches. `run` belongs to one thread."""

    def __init__(self, places: Places, mode: str) -> None:
        self._keys = Keys.load(places.keys)
        self._role = Role(places.var / "offices.lock")
        self._pause = DEMO_SECONDS if mode == "demo" else PAUSE_SECONDS

    def tick(self, now: datetime) -> int:
        """One round; how many steps were taken. None while another process has the role."""
        from dauys.petitions.services.deadlines import run_deadlines, waiting

        if not self._role.take():
            return 0
        return run_deadlines(self._keys, now, waiting(now))

    def post(self, now: datetime) -> int:
        """Letters of one round; how many went. None while another process has the role."""
        from dauys.petitions.services.noticing import post

        return post(self._keys, now) if self._role.take() else 0

    def once(self, now: datetime) -> tuple[int, int] | None:
        """Everything that is due by now: how many steps and letters. None while another process has the role."""
        steps = letters = 0
        with closing(self._role):
            if not self._role.take():
                return None
            while taken := self.tick(now):
                steps += taken
            while went := self.post(now):
                letters += went
        return steps, letters

    def run(self, stop: threading.Event) -> None:
        """Rounds until told to stop."""
        with closing(self._role):
            while not stop.is_set():
                self._try(self.tick)
                went = self._try(self.post)
                if went < MANY:  # otherwise more wait
                    stop.wait(self._pause)

    def _try(self, job: Callable[[datetime], int]) -> int:
        try:
            return job(datetime.now(UTC))
        except Exception:
            # What is due stays due: the next round takes it. A stopped worker would leave it undone.
            logger.exception("a round (%s) failed; it will be tried again", job.__name__)
            return 0
