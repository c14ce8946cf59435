"""The worker's revocation role: fetches revocation lists and confirms what they settle, at its own rhythm."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from dauys.intake.fetching import Fetcher, new_client, read_addresses
from dauys.intake.revocation_lists import KeptLists, ListFolder, load_all
from dauys.ledger.confirmation import Confirmer
from dauys.ledger.places import Places
from dauys.ledger.roles import Role

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
ADDRESSES = "DAUYS_REVOCATION_LISTS"  # a file in the form of revocation.toml, in its place


def configured_fetcher(folder: ListFolder, environment: Mapping[str, str] = os.environ) -> Fetcher:
    """A fetcher of the addresses that the environment's file names, or of the shipped ones; Refusal."""
    named = environment.get(ADDRESSES)
    return Fetcher(folder, read_addresses(Path(named)) if named else read_addresses(), new_client())


class RevocationRole:
    """Fetches and confirms for as long as this process holds the role. Use from one thread."""

    def __init__(self, places: Places, fetcher: Fetcher) -> None:
        self._fetcher, self._folder = fetcher, fetcher.folder
        self._confirmer = Confirmer(places)
        self._role = Role(places.var / "revocation.lock")
        self._state: tuple[object, ...] = ()
        self._lists: dict[bytes, KeptLists] = {}

    def tick(self, now: datetime) -> int:
        """One round; how many signatures became final or were taken back."""
        if not self._role.take():
            return 0
        self._fetcher.fetch_due(now)
        state = self._folder.state()
        if state != self._state:
            self._lists, self._state = load_all(self._folder), state
        return self._confirmer.confirm(self._lists)

    def run(self, stop: threading.Event, pause: float = PAUSE_SECONDS) -> None:
        """Rounds until told to stop."""
        with closing(self._confirmer), closing(self._role), closing(self._fetcher.client):
            while not stop.is_set():
                try:
                    self.tick(datetime.now(UTC))
                except Exception:
                    # What waits is not lost: the next round asks again. Only a stopped worker would leave it waiting.
                    logger.exception("a round of fetching and confirming failed; it will be tried again")
                stop.wait(pause)
