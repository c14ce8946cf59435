"""What waits for officials: petitions with their clocks, the most urgent first, in a constant number of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from dauys.desk.claims import holders, names_of
from dauys.desk.reports import waiting
from dauys.petitions.canonical import search_stems
from dauys.petitions.models import Petition, PetitionText, Proposal
from dauys.petitions.states import CONSIDERED, State
from dauys.petitions.terms import terms_of
from dauys.rules.clocks import Bucket, Deadline

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

BUCKETS = (Bucket.OVERDUE, Bucket.TODAY, Bucket.SOON, Bucket.LATER)
STEMS = 8  # of a query that are looked for


@dataclass(frozen=True, slots=True)
class Due:
    """A last day as an official sees it: working days left, or over."""

    day: date
    left: int
    over: int
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class Task:
    """One petition of a queue; `holder` is the name of whoever works on it now, `proposed` what a colleague proposed."""

    petition: Petition
    text: PetitionText
    addressee: str
    due: Due | None
    holder: str
    held_by: int | None
    proposed: str
    proposed_by: int | None
    reports: int


def due_of(day: date | None, rules: str, now: datetime) -> Due | None:
    """The clock of a last day under these rules."""
    if day is None:
        return None
    deadline = Deadline(terms_of(rules).pack.calendar, day)
    return Due(day, deadline.left(now), deadline.overdue(now), deadline.bucket(now))


def moderated() -> QuerySet[Petition]:
    """Petitions that wait for moderators: new ones, and open ones for which a colleague proposed to stop or remove them."""
    waits = Q(state=State.MODERATION) | Q(proposal__isnull=False)
    return Petition.objects.filter(waits).order_by(F("due").asc(nulls_last=True), "pk")


def considered(body: str) -> QuerySet[Petition]:
    """Petitions that one body must decide, or has decided with promises to keep; the first last day first."""
    theirs = Q(state__in=[str(state) for state in CONSIDERED]) | Q(state=State.DECIDED, due__isnull=False)
    return Petition.objects.filter(theirs, body=body).order_by(F("due").asc(nulls_last=True), "pk")


def appealed(official: int) -> list[Petition]:
    """Petitions with an open appeal that this official may decide: they had no part in what it is against."""
    found = Petition.objects.filter(review_due__isnull=False).order_by("review_due", "pk")
    return [petition for petition in found if official not in petition.life.involved]


def found(query: str) -> QuerySet[Petition]:
    """Petitions by number, or with all words of the query in one language version, in whatever state."""
    if query.isdecimal():
        return Petition.objects.filter(pk=int(query[:18]))
    version = PetitionText.objects.filter(petition=OuterRef("pk"), attempt=OuterRef("attempt"))
    for stem in search_stems(query)[:STEMS]:
        version = version.filter(search__contains=stem)
    return Petition.objects.filter(Exists(version)).order_by("-pk")


def in_bucket(petitions: QuerySet[Petition], bucket: str, now: datetime) -> QuerySet[Petition]:
    """Those of one bucket; all where it is none."""
    if bucket not in BUCKETS:
        return petitions
    known = petitions.order_by().values_list("due", "rules").distinct()
    days = [Q(due=day, rules=rules) for day, rules in known if _bucket(day, rules, now) == bucket]
    chosen = Q(pk__in=[])
    for condition in days:
        chosen |= condition
    return petitions.filter(chosen)


def counted(petitions: QuerySet[Petition], now: datetime) -> dict[str, int]:
    """How many stand in each of BUCKETS."""
    found = Counter(_bucket(day, rules, now) for day, rules in petitions.values_list("due", "rules"))
    return {bucket: found[bucket] for bucket in BUCKETS}


def tasks(petitions: Iterable[Petition], language: str, now: datetime) -> list[Task]:
    """Rows of a queue for these petitions, their addressees named in this language."""
    chosen = list(petitions)
    subjects = [petition.subject_name for petition in chosen]
    signed = signed_texts(chosen)
    held, reports = holders(subjects, now), waiting(subjects)
    names, proposals = names_of(held.values()), _proposals(chosen)
    return [
        Task(
            petition, signed[petition.pk], petition.addressee(language), due_of(petition.due, petition.rules, now),
            names.get(held.get(petition.subject_name, 0), ""), held.get(petition.subject_name), *proposals.get(petition.pk, ("", None)),
            reports.get(petition.subject_name, 0),
        )
        for petition in chosen
    ]  # fmt: skip


def signed_texts(petitions: Iterable[Petition], *, whole: bool = False) -> dict[int, PetitionText]:
    """The signed titles of petitions by number; their texts are left in the database unless asked for."""
    numbers = [petition.pk for petition in petitions]
    found = PetitionText.objects.filter(petition__in=numbers, attempt=F("petition__attempt"), is_signed=True)
    return {text.petition_id: text for text in found.defer("search", *(() if whole else ("text",)))}


def _bucket(day: date | None, rules: str, now: datetime) -> Bucket:
    due = due_of(day, rules, now)
    return due.bucket if due else Bucket.LATER


def _proposals(petitions: list[Petition]) -> dict[int, tuple[str, int]]:
    found = Proposal.objects.filter(petition__in=[petition.pk for petition in petitions])
    return {number: (kind, by) for number, kind, by in found.values_list("petition_id", "kind", "by")}
