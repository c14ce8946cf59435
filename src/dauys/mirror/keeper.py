"""A mirror's whole round: the log, then what the log says, then the texts it names and their files, its counts and its pages."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from itertools import chain

from dauys.ledger.durable import write_durably
from dauys.ledger.moments import from_unix, moment_text
from dauys.ledger.publication import COUNTS, read_published
from dauys.ledger.published_files import VKEY
from dauys.mirror.addresses import fetch_list, read_list
from dauys.mirror.files import FileFolder
from dauys.mirror.folder import CHECKPOINT, MirrorFolder, State
from dauys.mirror.follow import Follower
from dauys.mirror.markup import Frame
from dauys.mirror.pages import Pages
from dauys.mirror.policy import fetch_policy
from dauys.mirror.record import Record
from dauys.mirror.ring import kept_ring
from dauys.mirror.sources import Source
from dauys.mirror.texts import TextFolder
from dauys.translog.addresses import Addresses

RETRY_SECONDS = 600.0  # until texts and files that were not to be had are asked for again
PAGES_SECONDS = 60.0  # between two makings of the pages: each list holds every petition

REACHED = "reached.js"

Progress = Callable[[str, int, int], None]


class Missing:
    """The names of what could not be had, and when it is asked for again."""

    def __init__(self) -> None:
        self.names, self._at = set[str](), 0.0

    def due(self, wanted: AbstractSet[str]) -> set[str]:
        """What of all that is wanted is asked for now; what is missing only when its time has come."""
        if time.monotonic() < self._at:
            return {*wanted} - self.names
        self.names, self._at = set(), time.monotonic() + RETRY_SECONDS
        return {*wanted}


class Keeper:
    """Keeps one folder; `round` again and again, from one process at a time."""

    def __init__(self, folder: MirrorFolder, state: State, sources: list[Source]) -> None:
        self.folder, self.state, self.sources = folder, state, sources
        self.follower = Follower(folder, state, sources)
        self.record, self.texts = Record(), TextFolder(folder.log)
        self.files = FileFolder(folder.path, self.texts)
        self._texts_missing, self._files_missing = Missing(), Missing()
        self._pages_at = 0.0
        self._pages_of: tuple[int, int, int, Addresses | None] | None = None  # size, texts and files missing, list

    @property
    def troubles(self) -> list[str]:
        """What did not serve in the last round."""
        return self.follower.troubles

    def round(self, progress: Progress = lambda *_: None) -> int:
        """Brings everything up; the stored size. As `Follower.round`; what is stored is looked after also where that fails."""
        self.follower.progress = lambda done, total: progress("Entries", done, total)
        try:
            size = self.follower.round()
            self._reached()
            return size
        finally:
            self._look_after(progress)

    def _reached(self) -> None:
        """When the source was reached and when something new came of it; as a script, which pages read without a server, too."""
        newest = from_unix(int((self.folder.log / CHECKPOINT).stat().st_mtime))
        seen = {"reached": moment_text(datetime.now(UTC)), "newest": moment_text(newest)}
        self.folder.write_page(REACHED, f"window.REACHED = {json.dumps(seen)};\n")

    def _look_after(self, progress: Progress) -> None:
        self.record.catch_up(self.folder.read, self.state.size, lambda done, total: progress("Reading", done, total))
        self.files.erase(self.record)  # before the texts that name them
        self.texts.erase({digest: reason for digest, (_, reason) in self.record.erased.items()})
        self._fetch_texts()
        self._fetch_files(progress)
        self.troubles.extend(fetch_list(self.folder, self.state, self.sources))
        self.troubles.extend(fetch_policy(self.folder, self.state, self.sources))
        keys = [key.vkey for key in kept_ring(self.folder, self.state).present]
        self._write(VKEY, "".join(f"{key}\n" for key in keys).encode())
        if self.state.size:
            self._write(COUNTS, self.record.counts_json())
            self._write_pages(keys)

    def _fetch_texts(self) -> None:
        before = self._texts_missing.names
        due = self._texts_missing.due(self.record.texts.keys() - self.record.erased.keys())
        self._texts_missing.names |= set(self.texts.fetch(due, self.sources))
        if before - self._texts_missing.names:  # a text came later: any page may name it
            self.record.changed.update(self.record.petitions)

    def _fetch_files(self, progress: Progress) -> None:
        wanted = self.files.wanted(self.record)
        due = self._files_missing.due(wanted.keys())
        self._files_missing.names |= due
        for done, kept in enumerate(self.files.fetch([wanted[name] for name in sorted(due)], self.sources), 1):
            self._files_missing.names.discard(kept.file.sha256)
            self.record.changed.update(kept.subjects)
            progress("Files", done, len(due))

    def _write_pages(self, keys: list[str]) -> None:
        """The pages of what changed; they can be made again at any time, so no disk is waited for."""
        addresses = read_list(self.folder, self.state)
        missing = len(self._texts_missing.names), len(self._files_missing.names)
        made_of = self.state.size, *missing, addresses
        if self._pages_of == made_of or time.monotonic() < self._pages_at:
            return
        self._pages_at = time.monotonic() + PAGES_SECONDS
        sources, past = tuple(self.state.sources), tuple(each.origin for each in self.state.past)
        frame = Frame(self.state.origin, self.state.size, self.record.mode == "demo", sources, past, _now())
        pages = Pages(frame, self.record, self.texts, self.files, keys, addresses)
        for path, content in chain(pages.shared(), pages.petitions(sorted(self.record.changed))):
            self.folder.write_page(path, content)
        self.record.changed.clear()
        self._pages_of = made_of

    def _write(self, name: str, content: bytes) -> None:
        if read_published(self.folder.log, name) != content:
            write_durably(self.folder.log / name, content)


def _now() -> str:
    moment = moment_text(datetime.now(UTC))
    return f"{moment[:10]} {moment[11:16]} UTC"
