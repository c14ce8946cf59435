"""Fetches revocation lists from the configured addresses and keeps them; never inside a signing request.

The national hosts send a captive portal to a client without a User-Agent and fall silent for half a minute at times: so
a name, time limits, the next address of the list, and a growing pause after a failure. No redirect is followed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import httpx
import msgspec

from dauys.errors import DauysError, FileRejected, ListUnreachable, Refusal
from dauys.intake.revocation_lists import Fetched, KeptFile, ListFolder

logger = logging.getLogger(__name__)

SHIPPED = Path(__file__).with_name("revocation.toml")
USER_AGENT = "dauys-revocation"
SILENCE_SECONDS = 30.0  # without a byte; the national hosts have been seen silent for as long
TRANSFER_SECONDS = 300.0  # for a whole list, however it drips
FULL_LIMIT, DELTA_LIMIT = 128 * 1024 * 1024, 16 * 1024 * 1024  # bytes: six times the national list, 500 times its delta
LONGEST_PAUSE = 900.0  # seconds after repeated failures
UNMARKED_SECONDS = 3600.0  # between two full lists from a host without ETag and Last-Modified

Kind = Literal["full", "delta"]
Addresses = Annotated[list[Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s@]+$")]], msgspec.Meta(max_length=8)]


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an authority (key identifier in hex) publishes; addresses in the order to try, `every` in seconds."""

    authority: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{2}){1,64}$")]
    full: Annotated[Addresses, msgspec.Meta(min_length=1)]
    every: Annotated[float, msgspec.Meta(ge=1)]
    delta: Addresses = []


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lists: list[Listed] = msgspec.field(name="list")


def read_addresses(path: Path = SHIPPED) -> list[Listed]:
    """The addresses of a file such as the shipped revocation.toml; Refusal where it is none."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_File).lists
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(why=f"{path} does not say where revocation lists are ({error}).") from None


@dataclass
class _Plan:
    """When a list is due next (monotonic seconds) and how often it failed since it last came."""

    due: float = 0.0
    failures: int = 0


@dataclass
class Fetcher:
    """Keeps the folder's lists fresh, each at its own rhythm. Use from one thread."""

    folder: ListFolder
    addresses: Sequence[Listed]
    client: httpx.Client
    _plans: dict[tuple[str, Kind], _Plan] = field(default_factory=dict)

    def fetch_due(self, now: datetime) -> int:
        """Asks for every list whose time has come, full ones before deltas; how many new ones were kept. Failures wait."""
        kept = 0
        for listed, kind in self.wanted():
            plan = self._plans.setdefault((listed.authority, kind), _Plan())
            if time.monotonic() < plan.due:
                continue
            try:
                kept += self.fetch(listed, kind, now)
                plan.failures, pause = 0, self._pause(listed, kind)
            except DauysError as error:
                logger.warning("revocation list (%s) of %s: %s", kind, listed.authority, error)
                plan.failures += 1
                pause = min(listed.every * 2 ** min(plan.failures - 1, 16), LONGEST_PAUSE)
            plan.due = time.monotonic() + pause
        return kept

    def _pause(self, listed: Listed, kind: Kind) -> float:
        """Seconds until a list that came is asked for again: a host that marks nothing sends all of it each time."""
        here = self._here(bytes.fromhex(listed.authority), kind)
        marked = here is not None and (here.etag or here.modified)
        return listed.every if marked or kind == "delta" else max(listed.every, UNMARKED_SECONDS)

    def wanted(self) -> list[tuple[Listed, Kind]]:
        """Every list of an authority that is trusted here."""
        known = [each for each in self.addresses if bytes.fromhex(each.authority) in self.folder.authorities]
        deltas: list[tuple[Listed, Kind]] = [(each, "delta") for each in known if each.delta]
        return [*((each, "full") for each in known), *deltas]

    def fetch(self, listed: Listed, kind: Kind, now: datetime) -> bool:
        """One list from the first address that serves it; false where the one here is the newest. The last failure otherwise."""
        authority = bytes.fromhex(listed.authority)
        keep = self.folder.keep_full if kind == "full" else self.folder.keep_delta
        problem: DauysError = FileRejected(what="no address")
        for address in listed.full if kind == "full" else listed.delta:
            try:
                fetched = self._get(address, self._here(authority, kind), FULL_LIMIT if kind == "full" else DELTA_LIMIT)
                return fetched is not None and keep(authority, fetched, now)
            except DauysError as error:
                problem = error
        raise problem.with_traceback(None)

    def _here(self, authority: bytes, kind: Kind) -> KeptFile | None:
        kept = self.folder.kept(authority)
        return None if kept is None else kept.full if kind == "full" else kept.delta

    def _get(self, address: str, here: KeptFile | None, limit: int) -> Fetched | None:
        """What stands at an address; None where it is still what is here. ListUnreachable, FileRejected."""
        marks = {}
        if here is not None and here.source == address:
            marks = {"if-none-match": here.etag, "if-modified-since": here.modified}
        headers = {"user-agent": USER_AGENT} | {name: mark for name, mark in marks.items() if mark}
        try:
            with self.client.stream("GET", address, headers=headers, timeout=SILENCE_SECONDS) as response:
                if response.status_code == httpx.codes.NOT_MODIFIED:
                    return None
                if response.status_code != httpx.codes.OK:
                    raise ListUnreachable(address=address, why=f"status {response.status_code}")
                data = _read(response, address, limit)
        except httpx.HTTPError as error:
            raise ListUnreachable(address=address, why=error or type(error).__name__) from None
        return Fetched(data, address, response.headers.get("etag", ""), response.headers.get("last-modified", ""))


def _read(response: httpx.Response, address: str, limit: int) -> bytes:
    until, data = time.monotonic() + TRANSFER_SECONDS, bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > limit:
            raise FileRejected(what=f"larger than {limit} bytes, from {address}")
        if time.monotonic() > until:
            raise ListUnreachable(address=address, why=f"not done in {TRANSFER_SECONDS:.0f} seconds")
    return bytes(data)


def new_client() -> httpx.Client:
    """A client that follows no redirect and takes no proxy or password from the environment."""
    return httpx.Client(follow_redirects=False, trust_env=False, timeout=SILENCE_SECONDS)
