"""The demo country's certification authorities at work: a revocation list every few seconds.

demo/pki/lists/demo_nca_gost.crl, demo_nca_gost_delta.crl, …rsa…   served at /demo/, as certificates name it
demo/pki/revoked.json                                             whose keys are revoked, and since when
"""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from dauys.demo.people import FIRST_VISITOR, citizen
from dauys.demo.pki import ALGORITHMS, DemoPki
from dauys.demo.profile import Purpose
from dauys.demo.signer import enrolment
from dauys.identity.crl import CertificateList
from dauys.identity.revocation import Reason
from dauys.intake.app import load_trust
from dauys.intake.revocation_lists import Fetched, ListFolder
from dauys.ledger.durable import write_durably
from dauys.ledger.moments import from_unix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dauys.demo.people import Algorithm
    from dauys.ledger.places import Places

logger = logging.getLogger(__name__)

REVOKED = FIRST_VISITOR - 1  # the citizen whose key was stolen before the demo began; nobody is by chance
STOLEN_DAYS_AGO = 7
ISSUE_SECONDS = 20  # between two lists
FULL_SECONDS = 300  # between two full lists, with delta lists over the newest of them in between


def list_name(algorithm: Algorithm, *, delta: bool = False) -> str:
    """File name of a list, as in the demo certificates."""
    return f"demo_nca_{algorithm}{'_delta' if delta else ''}.crl"


@dataclass
class DemoAuthority:
    """Both certification authorities of one installation."""

    places: Places
    pki: DemoPki
    _base: datetime | None = None
    _full: datetime | None = None

    @classmethod
    def of(cls, places: Places) -> DemoAuthority:
        """Of an installation with a demo PKI, going on from the full list that was issued last; Refusal."""
        try:
            listed = CertificateList.load((lists_of(places) / list_name(ALGORITHMS[-1])).read_bytes())
        except FileNotFoundError:
            return cls(places, DemoPki.load(places.demo_pki))
        return cls(places, DemoPki.load(places.demo_pki), listed.this_update, listed.this_update)

    def issue(self, now: datetime) -> None:
        """Writes delta lists, and full ones when theirs is the time.

        A delta starts from the full list before the newest, so that it fits over either: who fetches both cannot come
        between them.
        """
        now, last = now.replace(microsecond=0), self._full
        is_due = last is None or now - last >= timedelta(seconds=FULL_SECONDS)
        if is_due:
            self._base, self._full = last or now, now
        assert self._base is not None
        self._write(now, int(self._base.timestamp()))
        if is_due:
            self._write(now, None)

    def run(self, stop: threading.Event) -> None:
        """Issues until told to stop."""
        while not stop.is_set():
            try:
                self.issue(datetime.now(UTC))
            except OSError:
                logger.exception("the demo authority could not write its lists; it will try again")
            stop.wait(ISSUE_SECONDS)

    def _write(self, now: datetime, base: int | None) -> None:
        """A list's number is its time in unix seconds: it grows, also over restarts."""
        for algorithm in ALGORITHMS:
            since = None if base is None else from_unix(base)
            revoked = self._revoked(algorithm, now, since)
            listed = self.pki.crl(algorithm, revoked, now=now, number=int(now.timestamp()), base=base)
            write_durably(lists_of(self.places) / list_name(algorithm, delta=base is not None), listed)

    def _revoked(
        self, algorithm: Algorithm, now: datetime, since: datetime | None
    ) -> Iterator[tuple[bytes, datetime, int]]:
        """Certificates of yesterday, today and tomorrow (a citizen has a new one each day), revoked at or after `since`."""
        for number, at in read_revoked(self.places).items():
            person = citizen(number)
            if person.algorithm == algorithm and at <= now and (since is None or at >= since):
                for day, purpose in product((-1, 0, 1), (Purpose.SIGNING, Purpose.AUTHENTICATION)):
                    issued = enrolment(now + timedelta(days=day))
                    yield self.pki.serial_of(person, now=issued, purpose=purpose), at, Reason.KEY_COMPROMISE.value


def lists_of(places: Places) -> Path:
    """The folder of what the demo authorities publish."""
    return places.demo_pki / "lists"


def read_revoked(places: Places) -> dict[int, datetime]:
    """Citizens whose keys are revoked, by number, and since when."""
    try:
        found = json.loads((places.demo_pki / "revoked.json").read_bytes())
    except FileNotFoundError:
        return {REVOKED: datetime.now(UTC).replace(microsecond=0) - timedelta(days=STOLEN_DAYS_AGO)}
    return {int(number): from_unix(at) for number, at in found.items()}


def revoke(places: Places, number: int, now: datetime) -> None:
    """The authority learns that a citizen's key was stolen: the next list says so. BadInput for nobody's number."""
    revoked = read_revoked(places) | {citizen(number).number: now}
    content = {str(each): int(at.timestamp()) for each, at in revoked.items()}
    write_durably(places.demo_pki / "revoked.json", json.dumps(content).encode())


def keep_issued(places: Places, now: datetime) -> None:
    """Issues full lists and keeps them without a fetch: an installation has current ones before anyone asks."""
    authority = DemoAuthority(places, DemoPki.load(places.demo_pki))
    authority.issue(now)
    folder = ListFolder(places.revocation, load_trust(places, "demo"))
    for algorithm in ALGORITHMS:
        key = authority.pki.authority("nca", algorithm).key_id
        folder.keep_full(key, Fetched((lists_of(places) / list_name(algorithm)).read_bytes()), now)


def write_addresses(places: Places, portal: str) -> Path:
    """Where a demo's lists are, for the fetcher: at the portal itself; returns the file."""
    authority, path = DemoPki.load(places.demo_pki), places.var / "demo" / "revocation.toml"
    entries = [
        f'[[list]]\nauthority = "{authority.authority("nca", each).key_id.hex()}"\nevery = 5\n'
        f'full = ["{portal}/demo/{list_name(each)}"]\ndelta = ["{portal}/demo/{list_name(each, delta=True)}"]\n'
        for each in ALGORITHMS
    ]
    write_durably(path, "\n".join(entries).encode())
    return path
