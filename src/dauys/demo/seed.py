"""A living country for the demo: petitions, what happened to them and their signatures so far, through the real path.

Only the clock is simulated: every step is taken, and each signing request made, signed, verified and admitted, as of
its moment in the past, in one order of time for all petitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from dauys.demo.authority import keep_issued
from dauys.demo.country import DemoPetition, DemoStep, load_lives, load_petitions
from dauys.demo.curve import arrivals
from dauys.demo.lives import Country
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
from dauys.petitions.services import deadlines
from dauys.rules.pack import load_pack

BATCH = 100
MOBILE_OF_TEN = 8  # eight of ten demo citizens sign on the phone
SIGNERS = 2  # processes that sign; the machine this must be quick on has two cores
ALIVE = 65  # signatures along the curve that hold the 50 first supporters in their ten working days
MORNING = time(9, 30)  # when the first step of a petition is taken; each further one a little later in its day
BETWEEN = timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class Event:
    """What happens to a petition at a moment: a step by its verb, "sign" by one citizen, or "clock" for what time drives."""

    at: datetime
    petition: DemoPetition
    does: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """A signature that is to come: when, under which petition, by which citizen."""

    at: datetime
    subject: str
    language: str
    number: int


def timeline(now: datetime, share: float = 1.0) -> list[Event]:
    """Everything that happens, in order of time; `share` of the signatures under open petitions, yet enough to stay open."""
    shares = [(petition, share) for petition in load_petitions()] + [(petition, 1.0) for petition in load_lives()]
    events = [event for place, (petition, part) in enumerate(shares) for event in _events(petition, place, now, part)]
    return sorted(events, key=lambda event: event.at)


def _events(petition: DemoPetition, place: int, now: datetime, share: float) -> Iterator[Event]:
    for number, step in enumerate(petition.steps):
        at = moment_of(step.days_ago, now) + place * timedelta(minutes=1) + number * BETWEEN
        if step.does == "sign":
            yield from _signatures(petition, step, at, now, share)
        else:
            yield Event(at, petition, step.does, step.facts)


def moment_of(days_ago: int, now: datetime) -> datetime:
    """The morning of the last working day up to that one, as offices work; for 0 it is now."""
    calendar = load_pack("kz", now.date()).calendar
    if not days_ago:
        return now
    day = calendar.local_day(now) - timedelta(days=days_ago)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return datetime.combine(day, MORNING, calendar.zone).astimezone(UTC)


def _signatures(petition: DemoPetition, step: DemoStep, since: datetime, now: datetime, share: float) -> list[Event]:
    """Along the curve of a real petition; then the clock, which sees a threshold that was reached."""
    until, count = moment_of(step.facts["until"], now), step.facts["count"]
    count = max(int(count * share), min(count, ALIVE))
    signed = [Event(since + offset * (until - since), petition, "sign", {}) for offset in arrivals(count)]
    return [*signed, Event(until, petition, "clock", {})]


class Seeding:
    """Plays a timeline; signatures are made in batches, by citizens in the order of numbers."""

    def __init__(self, places: Places, keys: Keys, sequencer: Sequencer, signers: Executor) -> None:
        self.places, self.keys, self.sequencer, self.signers = places, keys, sequencer, signers
        self.country, self.requests = Country(places, keys), SigningRequests(places, keys)
        self.door = Door(self.requests, keys, load_trust(places, "demo"))
        self.waiting: list[Planned] = []
        self.planned = self.admitted = 0
        self.ticked = datetime.min.replace(tzinfo=UTC)

    def play(self, events: list[Event], progress: Callable[[int], None]) -> int:
        """Everything in order; how many signatures were admitted."""
        for event in events:
            if event.does == "sign":
                self._plan(event)
            if event.does != "sign" or len(self.waiting) == BATCH:
                self._admit()
                progress(self.admitted)
            if event.does == "clock":
                self._tick(event.at)
            elif event.does != "sign":
                self.country.take(event.petition, event.does, event.facts, event.at)
        self._admit()
        return self.admitted

    def _tick(self, now: datetime) -> None:
        if now > self.ticked:
            confirm(self.places, now)
            deadlines.run_deadlines(self.keys, now)
        self.ticked = now

    def _plan(self, event: Event) -> None:
        subject = f"petition/{self.country.numbers[event.petition.slug]}"
        self.waiting.append(Planned(event.at, subject, event.petition.language, self.planned))
        self.planned += 1

    def _admit(self) -> None:
        """Signs and admits what waits, and takes the steps that counts bring."""
        if not self.waiting:
            return
        made = [(_request(self.requests, each), each) for each in self.waiting]
        jobs = [(self.places.demo_pki, each.number, text, each.at) for (_, text), each in made]
        signatures = self.signers.map(_sign, jobs, chunksize=max(1, len(jobs) // (2 * SIGNERS)))
        prepared = [
            self.door.prepare(token, Signed(Form.CMS, cms), each.at).admission
            for ((token, _), each), cms in zip(made, signatures, strict=True)
        ]
        hours = groupby(
            prepared, key=lambda admission: admission.hour
        )  # a batch may span days, the log goes by the hour
        self.admitted += self.sequencer.commit_in_order(list(group) for _, group in hours)
        deadlines.run_deadlines(self.keys, self.waiting[-1].at)
        self.waiting = []


def _request(requests: SigningRequests, planned: Planned) -> tuple[str, bytes]:
    person = citizen(planned.number)
    tier = "mobile" if planned.number % 10 < MOBILE_OF_TEN else "desktop"
    made = requests.create(Asked(planned.subject, planned.language, tier, person.region, declared=True), planned.at)
    return made.token, made.statement.to_bytes()


@cache
def _pki(directory: Path) -> DemoPki:
    return DemoPki.load(directory)


def _sign(job: tuple[Path, int, bytes, datetime]) -> bytes:
    directory, number, statement, at = job
    return sign_cms(_pki(directory), citizen(number), statement, now=at)


def seed_country(places: Places, progress: Callable[[int, int], None], share: float = 1.0) -> int:
    """Petitions, lives and signatures of a new demo installation, published; returns how many signatures."""
    keys, now = Keys.load(places.keys), datetime.now(UTC) - timedelta(minutes=1)
    events = timeline(now, share)
    total = sum(event.does == "sign" for event in events)
    with closing(Sequencer(places.database, keys.log)) as sequencer, ProcessPoolExecutor(SIGNERS) as signers:
        count = Seeding(places, keys, sequencer, signers).play(events, lambda done: progress(done, total))
    confirm(places, datetime.now(UTC))
    with closing(Publisher(places, keys.log)) as publisher:
        publisher.publish()
    return count


def open_one(places: Places, keys: Keys, now: datetime) -> str:
    """Hands in and accepts the newest of the demo's open petitions; its subject."""
    petition = min(load_petitions(), key=lambda each: each.steps[0].days_ago)
    country = Country(places, keys)
    for step in petition.steps[:2]:
        country.take(petition, step.does, step.facts, now - timedelta(days=step.days_ago))
    return f"petition/{country.numbers[petition.slug]}"


def confirm(places: Places, now: datetime) -> int:
    """Makes the signatures so far final by lists of now; how many."""
    keep_issued(places, now)
    with closing(Confirmer(places)) as confirmer:
        return confirmer.confirm(load_all(ListFolder(places.revocation, load_trust(places, "demo"))))
