"""Where a public log is read from: a folder of its files or its address."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import httpx

from dauys.audit.folder import FolderSource
from dauys.audit.source import Shown, Source, Withheld, numbers
from dauys.errors import FileRejected, Unreachable
from dauys.ledger.ahead import gather
from dauys.ledger.text_files import FOLDER

TIMEOUT_SECONDS = 30
AT_ONCE = 6  # files; what an operator allows one reader is not ours to try out
COUNT = re.compile(r'<p class="count" data-tree-size="(\d+)"><strong>([^<]*)</strong>')
FINAL = re.compile(r'<progress class="bar bar--large[^>]* value="(\d+)"')


class AddressSource:
    """A portal's address (https://host) or its log's prefix (https://host/log), read with a client of the caller's."""

    def __init__(self, address: str, client: httpx.Client) -> None:
        self.portal = address.rstrip("/").removesuffix("/log")
        self.name = f"{self.portal}/log"
        self._client = client
        self.gather = gather(AT_ONCE)
        self._tables: dict[str, dict[str, list[Shown]]] = {}
        self._reading = Lock()

    def read(self, path: str) -> bytes:
        """The body of a GET; FileRejected for a tile that there is not, as in a folder: the wider one may stand in its place."""
        response = self._ask(f"{self.name}/{path}")
        if response.status_code == httpx.codes.NOT_FOUND and path.startswith("tile/"):
            raise FileRejected(what=f"{path}: {response.reason_phrase}")
        return _content(response)

    def text(self, sha256: str) -> bytes | Withheld | None:
        """A text as served; 410 says that it is withheld, and why."""
        response = self._ask(f"{self.name}/{FOLDER}/{sha256}")
        if response.status_code == httpx.codes.GONE:
            return Withheld(str(response.json().get("facts", {}).get("reason", "")))
        return response.content if response.is_success else None

    def shown(self, subject: str) -> list[Shown]:
        """What count.json, the facts for programs, the table and the page show of a petition."""
        kind, _, number = subject.partition("/")
        place = f"{self.portal}/{kind}s/{number}"
        count = json.loads(self._get(f"{place}/count.json"))
        shown = [Shown("count.json", *numbers(count, "size", "signatures", "final"))]
        if facts := self._found(f"{place}.json"):
            names = ("tree_size", "published_signatures", "published_final")
            shown.append(Shown(f"{number}.json", *numbers(json.loads(facts), *names)))
        if page := self._found(f"{self.portal}/kk/{kind}s/{number}"):
            shown += _on_page(page)
        return [*shown, *self._in_table(kind).get(number, ())]

    def _found(self, address: str) -> str:
        """The text of a page that there is, or nothing."""
        response = self._ask(address)
        return response.text if response.is_success else ""

    def _in_table(self, kind: str) -> dict[str, list[Shown]]:
        """Every row of petitions.csv by its number; read once, also where several ask at once."""
        with self._reading:
            if kind not in self._tables:
                self._tables[kind] = self._read_table(kind)
        return self._tables[kind]

    def _read_table(self, kind: str) -> dict[str, list[Shown]]:
        rows, address = dict[str, list[Shown]](), f"{self.portal}/{kind}s.csv"
        while address:
            response = self._ask(address)
            for row in csv.DictReader(response.text.splitlines()) if response.is_success else ():
                found = {name: int(row.get(name) or 0) for name in ("tree_size", "signatures", "final")}
                rows[row["number"]] = [Shown(f"{kind}s.csv", *found.values())]
            following = response.links.get("next", {}).get("url", "")
            address = f"{self.portal}{following}" if following else ""
        return rows

    def _get(self, address: str) -> bytes:
        return _content(self._ask(address))

    def _ask(self, address: str) -> httpx.Response:
        try:
            return self._client.get(address)
        except httpx.HTTPError as error:
            raise Unreachable(address=address, why=error) from None


def _content(response: httpx.Response) -> bytes:
    """The body of an answer; Unreachable where it is none."""
    if not response.is_success:
        raise Unreachable(address=response.url, why=f"{response.status_code} {response.reason_phrase}")
    return response.content


def _on_page(page: str) -> list[Shown]:
    """The count that people see, with the tree size beside it; none on a page that shows no count."""
    count, final = COUNT.search(page), FINAL.search(page)
    if count is None or final is None:
        return []
    size, words = count.groups()
    return [Shown("the page", int(size), int(re.sub(r"\D", "", words)), int(final[1]))]


@contextmanager
def open_source(place: str) -> Iterator[Source]:
    """A Source for a folder's path or an http(s) address, for the length of a `with`."""
    if not place.startswith(("http://", "https://")):
        yield FolderSource(Path(place))
        return
    with httpx.Client(timeout=TIMEOUT_SECONDS, headers={"user-agent": "dauys-audit"}) as client:
        yield AddressSource(place, client)
