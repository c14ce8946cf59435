"""Where a mirror reads a log: one of its addresses, or a folder that somebody carried here. Nothing read here is believed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import httpx
import msgspec

from dauys.errors import FileRejected, NotFound, Unreachable
from dauys.ledger.attached import Attached
from dauys.ledger.publication import read_published
from dauys.ledger.text_files import FOLDER, WITHHELD

TIMEOUT_SECONDS = 30.0
TRIES, PAUSE, LONGEST_PAUSE = 4, 0.5, 30.0  # seconds; doubled each time, or as Retry-After asks
MOST_BYTES = 1 << 25  # a full bundle of the longest entries has 16.8 million bytes
READERS = 8
FILES = "files"
ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}  # of files that a mirror keeps


class Withheld(NamedTuple):
    """A text that the source does not show, with the code of its reason."""

    reason: str


def file_path(file: Attached) -> str:
    """Where a mirror keeps a file of a petition; empty for what it does not keep."""
    ending = ENDINGS.get(file.media_type)
    return f"{FILES}/{file.sha256}.{ending}" if ending and file.size <= MOST_BYTES else ""


class Source(Protocol):
    """A published log somewhere."""

    name: str

    def read(self, path: str) -> bytes:
        """A file by its path under the log's prefix; NotFound, FileRejected or Unreachable."""

    def text(self, sha256: str) -> bytes | Withheld | None:
        """A text by its hash; None where the source has none."""

    def file(self, number: int, file: Attached) -> bytes | None:
        """A file of a petition, not compared with anything yet; None where the source has none."""


class FolderSource:
    """A copy of a log's files: an installation's public/log, another mirror's folder."""

    def __init__(self, folder: Path) -> None:
        nested = [folder / "log", folder / "public" / "log"]
        self.folder = next((each for each in nested if (each / "checkpoint").is_file()), folder)
        self.name = str(folder)

    def read(self, path: str) -> bytes:
        """The file's bytes."""
        content = read_published(self.folder, path)
        if content is None:
            raise NotFound
        return content

    def text(self, sha256: str) -> bytes | Withheld | None:
        """The text, or what stands in its place."""
        reason = read_published(self.folder, f"{FOLDER}/{sha256}{WITHHELD}")
        return (
            read_published(self.folder, f"{FOLDER}/{sha256}") if reason is None else Withheld(reason.decode().strip())
        )

    def file(self, number: int, file: Attached) -> bytes | None:  # noqa: ARG002 - as Source asks
        """What another mirror keeps beside its log; an installation's own files do not stand in its public folder."""
        return read_published(self.folder.parent, file_path(file))


class AddressSource:
    """A log's address, `https://host` or with its prefix, read with patience: a busy server is asked again."""

    def __init__(self, address: str, client: httpx.Client, sleep: Callable[[float], None] = time.sleep) -> None:
        bare = address.rstrip("/")
        self.name, self._prefix = bare, bare if bare.endswith("/log") or "/log/" in bare else f"{bare}/log"
        self._client, self._sleep = client, sleep

    def read(self, path: str) -> bytes:
        """The body of a GET."""
        status, body = self._ask(path)
        if status == httpx.codes.NOT_FOUND:
            raise NotFound
        if status != httpx.codes.OK:
            raise Unreachable(address=f"{self._prefix}/{path}", why=status)
        return body

    def text(self, sha256: str) -> bytes | Withheld | None:
        """A text as served; 410 says that it is withheld, and why."""
        status, body = self._ask(f"{FOLDER}/{sha256}")
        if status == httpx.codes.GONE:
            return Withheld(_reason(body))
        return body if status == httpx.codes.OK else None

    def file(self, number: int, file: Attached) -> bytes | None:
        """A portal's file at its petition, or a mirror's among its files."""
        for path in (f"petitions/{number}/files/{file.sha256}", file_path(file)):
            status, body = self._ask(path, self._prefix[: self._prefix.rindex("/log")])
            if status == httpx.codes.OK:
                return body
        return None

    def _ask(self, path: str, place: str = "") -> tuple[int, bytes]:
        pause = PAUSE
        for left in reversed(range(TRIES)):
            try:
                status, body, wait = self._get(f"{place or self._prefix}/{path}")
            except httpx.HTTPError as error:
                if not left:
                    raise Unreachable(address=self._prefix, why=error or type(error).__name__) from None
                status, body, wait = 503, b"", 0.0
            if status not in (429, 502, 503, 504) or not left:
                return status, body
            self._sleep(min(max(pause, wait), LONGEST_PAUSE))
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def _get(self, address: str) -> tuple[int, bytes, float]:
        """Status, body and the seconds the server asks to wait; FileRejected for a body longer than any file of a log."""
        with self._client.stream("GET", address) as response:
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise FileRejected(what=f"{address} is longer than {MOST_BYTES} bytes")
            after = response.headers.get("retry-after", "")
            return response.status_code, bytes(body), float(after) if after.isdecimal() else 0.0


def _reason(body: bytes) -> str:
    """The code in our own 410's JSON; of another server's answer, nothing."""
    try:
        found = msgspec.json.decode(body, type=dict[str, object]).get("facts")
    except msgspec.DecodeError:
        return ""
    return str(found.get("reason", ""))[:100] if isinstance(found, dict) else ""


class Ahead:
    """Reads the files that are announced in their order, a few at once; any other is read when it is asked for."""

    def __init__(self, source: Source, prefix: str = "") -> None:
        self._source, self._prefix = source, prefix
        self._announced: Iterator[str] = iter(())
        self._waiting = deque[tuple[str, Future[bytes]]]()
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="mirror")

    def announce(self, paths: Iterable[str]) -> None:
        """What will be asked for, in this order; some of it may be left out."""
        self._announced = iter(paths)
        self._send()

    def read(self, path: str) -> bytes:
        """A file as the source gives it, and what it raises; of what was announced, all before this one is let go."""
        if path not in (each for each, _ in self._waiting):
            return self._fetch(path)
        while True:
            announced, content = self._waiting.popleft()
            self._send()
            if announced == path:
                return content.result()
            content.cancel()

    def _send(self) -> None:
        while len(self._waiting) < READERS and (path := next(self._announced, None)):
            self._waiting.append((path, self._pool.submit(self._fetch, path)))

    def _fetch(self, path: str) -> bytes:
        return self._source.read(f"{self._prefix}{path}")

    def close(self) -> None:
        """Ends its threads."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def open_sources(places: Iterable[str]) -> Iterator[list[Source]]:
    """Sources for addresses and folders, for the length of a `with`."""
    with httpx.Client(timeout=TIMEOUT_SECONDS, headers={"user-agent": "dauys-mirror"}) as client:
        yield [
            AddressSource(place, client) if place.startswith(("http://", "https://")) else FolderSource(Path(place))
            for place in places
        ]
