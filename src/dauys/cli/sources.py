"""Where a public log is read from: a folder of its files or its address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx

from dauys.errors import FileRejected, Unreachable
from dauys.ledger.text_files import FOLDER, WITHHELD
from dauys.petitions.audit import Withheld

TIMEOUT_SECONDS = 30


class Source(Protocol):
    """Reads a published log; FileRejected or Unreachable where something is missing."""

    name: str

    def read(self, path: str) -> bytes:
        """A file of the log by its path under the log's prefix."""

    def text(self, sha256: str) -> bytes | Withheld | None:
        """A public text by its hash, or None where there is none."""

    def shown_count(self, subject: str) -> dict[str, Any] | None:
        """What the portal shows for a subject, or None where there is no portal."""


class FolderSource:
    """A folder that holds `checkpoint` and `tile/` (an installation's public/log, or a copy)."""

    def __init__(self, folder: Path) -> None:
        nested = [folder / "log", folder / "public" / "log"]
        self.folder = next((place for place in nested if (place / "checkpoint").is_file()), folder)
        self.name = str(self.folder)

    def read(self, path: str) -> bytes:
        """The file's bytes."""
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise FileRejected(what=f"{path}: {error.strerror}") from None

    def text(self, sha256: str) -> bytes | Withheld | None:
        """The file of a text, or of what stands in its place."""
        file = self.folder / FOLDER / sha256
        if file.is_file():
            return file.read_bytes()
        tombstone = file.with_suffix(WITHHELD)
        return Withheld(tombstone.read_text().strip()) if tombstone.is_file() else None

    def shown_count(self, subject: str) -> None:
        """A folder shows no pages."""


class AddressSource:
    """A portal's address (https://host) or its log's prefix (https://host/log), read with a client of the caller's."""

    def __init__(self, address: str, client: httpx.Client) -> None:
        self.portal = address.rstrip("/").removesuffix("/log")
        self.name = f"{self.portal}/log"
        self._client = client

    def read(self, path: str) -> bytes:
        """The body of a GET."""
        return self._get(f"{self.name}/{path}")

    def text(self, sha256: str) -> bytes | Withheld | None:
        """A text as served; 410 says that it is withheld, and why."""
        response = self._ask(f"{self.name}/{FOLDER}/{sha256}")
        if response.status_code == httpx.codes.GONE:
            return Withheld(str(response.json().get("facts", {}).get("reason", "")))
        return response.content if response.is_success else None

    def shown_count(self, subject: str) -> dict[str, Any] | None:
        """The portal's count.json of a petition."""
        kind, _, number = subject.partition("/")
        shown: dict[str, Any] = json.loads(self._get(f"{self.portal}/{kind}s/{number}/count.json"))
        return shown

    def _get(self, address: str) -> bytes:
        response = self._ask(address)
        if not response.is_success:
            raise Unreachable(address=address, why=f"{response.status_code} {response.reason_phrase}")
        return response.content

    def _ask(self, address: str) -> httpx.Response:
        try:
            return self._client.get(address)
        except httpx.HTTPError as error:
            raise Unreachable(address=address, why=error) from None


@contextmanager
def open_source(place: str) -> Iterator[Source]:
    """A Source for a folder's path or an http(s) address, for the length of a `with`."""
    if not place.startswith(("http://", "https://")):
        yield FolderSource(Path(place))
        return
    with httpx.Client(timeout=TIMEOUT_SECONDS, headers={"user-agent": "dauys-audit"}) as client:
        yield AddressSource(place, client)
