"""Reading petitions with their published counts, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, FloatField, IntegerField, OuterRef, Prefetch, Q, Subquery, Sum, TextField
from django.db.models import Value as V  # noqa: N817 - as Django's own documentation writes it
from django.db.models.functions import Cast, Coalesce, Concat

from dauys.desk.models import LedgerSubject
from dauys.errors import SubjectUnknown
from dauys.petitions.canonical import search_stems
from dauys.petitions.models import Petition, PetitionText
from dauys.petitions.progress import Progress
from dauys.petitions.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

SEARCH_WORDS = 8  # of a query; more narrow nothing down and cost a scan each
FILTERS = ("open", "reached", "closed")
ORDERS = {"newest": ("-opens_at", "-id"), "most": ("-signatures", "-id"), "closing": ("closes_at", "id")}


@dataclass(frozen=True, slots=True)
class Card:
    """A petition as lists show it."""

    petition: Petition
    text: PetitionText
    progress: Progress
    addressee: str


def published() -> QuerySet[Any]:
    """Petitions, each with `signatures` (published) and `subject_id` (or None) of the ledger."""
    subject = LedgerSubject.objects.filter(name=Concat(V("petition/"), Cast(OuterRef("pk"), TextField())))
    return Petition.objects.annotate(
        signatures=Coalesce(Subquery(subject.values("published_signatures")[:1]), 0, output_field=IntegerField()),
        final=Coalesce(Subquery(subject.values("published_final")[:1]), 0, output_field=IntegerField()),
        subject_id=Subquery(subject.values("id")[:1]),
    )


def find(number: int) -> Any:
    """One petition that was opened for signing, with its texts; SubjectUnknown where there is none."""
    petition = published().filter(pk=number, opens_at__isnull=False).prefetch_related(_texts("search")).first()
    if petition is None:
        raise SubjectUnknown
    return petition


def listed(query: str = "", state: str = "", order: str = "newest", *, now: datetime) -> QuerySet[Any]:
    """Petitions of the public list: all words of the query in one language version, a state of FILTERS, in ORDERS."""
    found = published().filter(listed_at__lte=now).exclude(state=State.REMOVED)
    if stems := search_stems(query)[:SEARCH_WORDS]:
        version = PetitionText.objects.filter(petition=OuterRef("pk"), attempt=OuterRef("attempt"))
        for stem in stems:
            version = version.filter(search__contains=stem)
        found = found.filter(Exists(version))
    conditions = {
        "open": Q(closes_at__gt=now),
        "reached": Q(final__gte=F("threshold")),
        "closed": Q(closes_at__lte=now),
    }
    return found.filter(conditions.get(state, Q())).order_by(*ORDERS[order])


def nearest(*, now: datetime) -> QuerySet[Any]:
    """Open petitions below their threshold, the nearest to it first."""
    share = Cast(F("final"), FloatField()) / F("threshold")
    return listed(state="open", now=now).filter(final__lt=F("threshold")).annotate(share=share).order_by("-share", "id")


def totals(*, now: datetime) -> dict[str, int]:
    """Open petitions, published signatures of all, petitions that reached their threshold."""
    found = published().filter(listed_at__lte=now).exclude(state=State.REMOVED)
    return found.aggregate(
        petitions=Count("id", filter=Q(closes_at__gt=now)),
        signed=Coalesce(Sum("signatures"), 0),
        reached=Count("id", filter=Q(final__gte=F("threshold"))),
    )


def cards(petitions: QuerySet[Any], language: str, *, now: datetime) -> list[Card]:
    """Cards of a (sliced) query of `published`, titled in this language where there is such a version."""
    chosen = petitions.prefetch_related(_texts("search", "text"))
    return [
        Card(each, version(each.texts.all(), language), progress(each, now=now), each.addressee(language))
        for each in chosen
    ]


def progress(petition: Any, *, now: datetime) -> Progress:
    """Progress of a petition of `published`."""
    return Progress(petition.signatures, petition.final, petition.threshold, petition.opens_at, petition.closes_at, now)


def version(texts: Iterable[PetitionText], language: str) -> PetitionText:
    """The version in this language, or else the signed one."""
    by_language = {text.language: text for text in texts}
    return by_language.get(language) or next(text for text in by_language.values() if text.is_signed)


def _texts(*left_out: str) -> Prefetch[Any]:
    current = PetitionText.objects.filter(attempt=F("petition__attempt"))
    return Prefetch("texts", queryset=current.defer(*left_out).order_by("id"))
