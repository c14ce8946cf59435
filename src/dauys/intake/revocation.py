"""What the door asks about revocation: the kept lists in memory, swapped as a whole when others are kept. Fails closed."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from dauys.errors import FileRejected, Refusal, RevocationUnknown
from dauys.identity.certificates import Certificate
from dauys.identity.policy import Revocation
from dauys.identity.verdict import Evidence
from dauys.intake.revocation_lists import KeptLists, ListFolder, load_all

logger = logging.getLogger(__name__)

POLICY = "DAUYS_REVOCATION"  # `lists`, or `off` in a demo
LOOK_SECONDS = 2.0  # between two looks at the folder, each of them a stat of a few files


def is_asked(mode: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether signatures are checked against revocation lists; Refusal where that is switched off outside of a demo."""
    policy = environment.get(POLICY, "lists")
    if policy not in ("lists", "off") or (policy == "off" and mode != "demo"):
        raise Refusal(why=f"{POLICY} is {policy!r}; it may be 'lists', or 'off' in a demo.")
    return policy == "lists"


class CurrentLists:
    """A RevocationSource over the kept lists. An authority without a current list is RevocationUnknown, never good."""

    def __init__(self, folder: ListFolder) -> None:
        self.folder = folder
        self._state: tuple[object, ...] = ()
        self._by_issuer: Mapping[bytes, Revocation] = {}
        self.refresh()

    def require_good(self, certificate: Certificate, at: datetime) -> Evidence | None:
        """See `RevocationSource`."""
        source = self._by_issuer.get(certificate.issuer)
        if source is None:
            raise RevocationUnknown
        return source.require_good(certificate, at)

    def refresh(self) -> bool:
        """Takes up what was kept since the last look; true if there was any. What cannot be read leaves the former lists."""
        state = self.folder.state()
        if state == self._state:
            return False
        try:
            lists = load_all(self.folder)
        except FileRejected:
            logger.exception("the revocation lists here cannot be read; those in memory stay until they end")
            return False
        by_issuer: dict[bytes, list[KeptLists]] = {}
        for each in lists.values():
            by_issuer.setdefault(each.lists.issuer.subject, []).append(each)
        self._by_issuer = {
            issuer: Revocation(lists=[each.lists for each in listed]) for issuer, listed in by_issuer.items()
        }
        self._state = state
        return True


class Looking:
    """A background task that refreshes in a thread, off the event loop."""

    def __init__(self, lists: CurrentLists) -> None:
        self._lists = lists
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await asyncio.to_thread(self._lists.refresh)
            except Exception:
                # Whatever a disk does: the lists in memory end by their own time, and the next look may succeed.
                logger.exception("looking for new revocation lists failed")

    async def close(self) -> None:
        """Ends after a running look."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


def missing(folder: ListFolder, now: datetime) -> list[Certificate]:
    """Authorities that certify people now and have no current list here: their people cannot sign."""
    issuing = [each for each in folder.issuing if now <= folder.authorities[each].not_after]
    return [folder.authorities[each] for each in issuing if not _is_current(folder, each, now)]


def _is_current(folder: ListFolder, authority: bytes, now: datetime) -> bool:
    try:
        kept = folder.kept(authority)
    except FileRejected:
        return False
    return kept is not None and now <= kept.full.next_update
