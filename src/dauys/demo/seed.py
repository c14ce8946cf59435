"""A living country for the demo: authorities, petitions and their signatures so far, through the real path.

Only the clock is simulated: each signing request is made, signed, verified and admitted as of its moment in the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from dauys.demo.authority import keep_issued
from dauys.demo.country import DemoPetition, load_petitions
from dauys.demo.curve import arrivals
from dauys.demo.lives import MODERATORS, hand_in
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.intake.app import load_trust
from dauys.intake.door import Door
from dauys.intake.requests import Asked, SigningRequests
from dauys.intake.revocation_lists import ListFolder, load_all
from dauys.ledger.confirmation import Confirmer
from dauys.ledger.envelope import Form, Signed
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import Sequencer
from dauys.petitions.services import deadlines, moderation

BATCH = 100
MODERATED_IN = timedelta(days=6)  # from handing in to acceptance
MOBILE_OF_TEN = 8  # eight of ten demo citizens sign on the phone
SIGNERS = 2  # processes that sign; the machine this must be quick on has two cores


@dataclass(frozen=True, slots=True)
class Planned:
    """A signature that is to come: when, under which petition, by which citizen."""

    at: datetime
    subject: str
    language: str
    number: int


def open_petitions(places: Places, keys: Keys, now: datetime) -> list[tuple[str, DemoPetition]]:
    """Hands in and accepts the demo's petitions in the order they were begun; (subject, petition)."""
    pki, opened = DemoPki.load(places.demo_pki), []
    for petition in sorted(load_petitions(), key=lambda petition: -petition.opened_days_ago):
        opens = now - timedelta(days=petition.opened_days_ago)
        row = hand_in(pki, keys, petition, opens - MODERATED_IN)
        moderation.accept(keys, row.pk, MODERATORS[0], opens)
        opened.append((row.subject_name, petition))
    return opened


def plan(opened: list[tuple[str, DemoPetition]], now: datetime, share: float) -> list[Planned]:
    """That share of every seeded signature in order of time, along the curve of a real petition, by citizens in the order of numbers."""
    moments = []
    for subject, petition in opened:
        since = now - timedelta(days=petition.opened_days_ago)
        span = (now - since).total_seconds()
        moments += [
            (since + timedelta(seconds=offset * span), subject, petition.language)
            for offset in arrivals(int(petition.signatures * share))
        ]
    moments.sort()
    return [Planned(at, subject, language, number) for number, (at, subject, language) in enumerate(moments)]


def sign_plan(places: Places, keys: Keys, planned: list[Planned], progress: Callable[[int], None]) -> int:
    """Signs and admits what is planned, and takes the steps that time and counts bring; returns how many were admitted."""
    requests = SigningRequests(places, keys)
    door, admitted = Door(requests, keys, load_trust(places, "demo")), 0
    with closing(Sequencer(places.database, keys.log)) as sequencer, ProcessPoolExecutor(SIGNERS) as signers:
        for batch in _batches(planned):
            made = [(_request(requests, each), each) for each in batch]
            jobs = [(places.demo_pki, each.number, text, each.at) for (_, text), each in made]
            signatures = signers.map(_sign, jobs, chunksize=BATCH // (2 * SIGNERS))
            prepared = [
                door.prepare(token, Signed(Form.CMS, cms), each.at).admission
                for ((token, _), each), cms in zip(made, signatures, strict=True)
            ]
            admitted += len(sequencer.commit(prepared))
            deadlines.run_deadlines(keys, batch[-1].at)
            progress(admitted)
    return admitted


def _request(requests: SigningRequests, planned: Planned) -> tuple[str, bytes]:
    person = citizen(planned.number)
    tier = "mobile" if planned.number % 10 < MOBILE_OF_TEN else "desktop"
    made = requests.create(Asked(planned.subject, planned.language, tier, person.region, declared=True), planned.at)
    return made.token, made.statement.to_bytes()


def _batches(planned: list[Planned]) -> Iterator[list[Planned]]:
    source = iter(planned)
    while batch := list(islice(source, BATCH)):
        yield batch


@cache
def _pki(directory: Path) -> DemoPki:
    return DemoPki.load(directory)


def _sign(job: tuple[Path, int, bytes, datetime]) -> bytes:
    directory, number, statement, at = job
    return sign_cms(_pki(directory), citizen(number), statement, now=at)


def seed_signatures(places: Places, progress: Callable[[int, int], None], share: float = 1.0) -> int:
    """Petitions and signatures of a new demo installation, published; returns how many signatures."""
    keys, now = Keys.load(places.keys), datetime.now(UTC) - timedelta(minutes=1)
    planned = plan(open_petitions(places, keys, now), now, share)
    count = sign_plan(places, keys, planned, lambda done: progress(done, len(planned)))
    confirm(places, datetime.now(UTC))
    with closing(Publisher(places, keys.log)) as publisher:
        publisher.publish()
    return count


def confirm(places: Places, now: datetime) -> int:
    """Makes the signatures so far final by lists of now; how many."""
    keep_issued(places, now)
    with closing(Confirmer(places)) as confirmer:
        return confirmer.confirm(load_all(ListFolder(places.revocation, load_trust(places, "demo"))))
