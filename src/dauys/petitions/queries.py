"""Reading petitions with their published counts, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, FloatField, IntegerField, OuterRef, Prefetch, Q, Subquery, Sum, TextField
from django.db.models import Value as V  # noqa: N817 - as Django's own documentation writes it
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from dauys.desk.models import LedgerLog, LedgerSubject
from dauys.errors import SubjectUnknown
from dauys.petitions.canonical import search_stems
from dauys.petitions.models import OPEN, Petition, PetitionText
from dauys.petitions.progress import Progress
from dauys.petitions.public import Turn, turn_of
from dauys.petitions.states import CONSIDERED, State
from dauys.petitions.terms import terms_of
from dauys.petitions.words import ANSWERS, state_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import Promise

SEARCH_WORDS = 8  # of a query; more narrow nothing down and cost a scan each
ENDED_EARLY = (State.LAPSED, State.WITHDRAWN, State.STOPPED, State.MERGED)
FILTERS = ("open", "awaiting", "answered", "refused", "closed")
ORDERS = {
    "newest": ("-opens_at", "-id"),
    "most": ("-signatures", "-id"),
    "closing": ("closes_at", "id"),
    "due": ("due", "id"),  # the oldest duty first: overdue ones stand at the head
}


@dataclass(frozen=True, slots=True)
class Card:
    """A petition as lists show it; without `text` where that is not shown, without `progress` before it was opened."""

    petition: Petition
    text: PetitionText | None
    progress: Progress | None
    addressee: str
    turn: Turn | None
    reasons: list[str]
    is_open: bool

    @property
    def state_words(self) -> Promise:
        """What its state is called."""
        return ANSWERS.get(self.petition.life.answer) or state_words(self.petition.life)


def published() -> QuerySet[Any]:
    """Petitions, each with `signatures` and `final` (published), the `tree_size` they hold at, and `subject_id` (or None)."""
    subject = LedgerSubject.objects.filter(name=Concat(V("petition/"), Cast(OuterRef("pk"), TextField())))
    return Petition.objects.annotate(
        signatures=Coalesce(Subquery(subject.values("published_signatures")[:1]), 0, output_field=IntegerField()),
        final=Coalesce(Subquery(subject.values("published_final")[:1]), 0, output_field=IntegerField()),
        subject_id=Subquery(subject.values("id")[:1]),
        tree_size=Coalesce(Subquery(LedgerLog.objects.values("published_size")[:1]), 0, output_field=IntegerField()),
    )


def find(number: int) -> Any:
    """One petition that was opened for signing, with its texts; SubjectUnknown where there is none."""
    petition = published().filter(pk=number, opens_at__isnull=False).prefetch_related(_texts("search")).first()
    if petition is None:
        raise SubjectUnknown
    return petition


def shown(number: int) -> Any:
    """One petition in whatever state, with its texts and its events; SubjectUnknown."""
    petition = published().filter(pk=number).prefetch_related(_texts("search"), "events").first()
    if petition is None:
        raise SubjectUnknown
    return petition


def written_by(person: str) -> QuerySet[Any]:
    """Petitions that this person handed in, the newest first."""
    return published().filter(author__person=person).order_by("-submitted_at", "-id")


def listed(query: str = "", state: str = "", order: str = "", *, now: datetime) -> QuerySet[Any]:
    """Petitions of the public lists: all words of the query in one language version, a state of FILTERS, in ORDERS."""
    found = published().filter(_in_list(state, now))
    if stems := search_stems(query)[:SEARCH_WORDS]:
        version = PetitionText.objects.filter(petition=OuterRef("pk"), attempt=OuterRef("attempt"))
        for stem in stems:
            version = version.filter(search__contains=stem)
        found = found.filter(Exists(version), text_public=True)
    if state == "refused" and order in ("", "newest"):  # most of them were never opened
        return found.order_by("-submitted_at", "-id")
    return found.order_by(*ORDERS[order or ("due" if state == "awaiting" else "newest")])


def _in_list(state: str, now: datetime) -> Q:
    """Petitions of one list. Whoever looks for first supporters stands in none, and what was refused in its own."""
    in_lists = Q(listed_at__lte=now) & ~Q(state=State.REMOVED)
    over = Q(closes_at__lte=now, state=State.COLLECTING)
    return {
        "open": in_lists & Q(closes_at__gt=now, state__in=OPEN),
        "awaiting": in_lists & Q(state__in=CONSIDERED),
        "answered": in_lists & Q(state__in=(State.DECIDED, State.CARRIED_OUT)),
        "refused": Q(state__in=(State.REFUSED, State.REMOVED)),
        "closed": in_lists & (Q(state__in=ENDED_EARLY) | over),
    }.get(state, in_lists)


def nearest(*, now: datetime) -> QuerySet[Any]:
    """Open petitions below their threshold, the nearest to it first."""
    share = Cast(F("final"), FloatField()) / F("threshold")
    return listed(state="open", now=now).filter(final__lt=F("threshold")).annotate(share=share).order_by("-share", "id")


def totals(*, now: datetime) -> dict[str, int]:
    """All published signatures, also of removed petitions, as audits count; petitions in each list, and what `waiting` tells."""
    found = published()
    states = {state: Count("id", filter=_in_list(state, now)) for state in ("open", "awaiting", "answered")}
    return found.aggregate(signed=Coalesce(Sum("signatures"), 0), **states, **_waiting(now))


def waiting(*, now: datetime) -> dict[str, int]:
    """`gathering`: how many look for first supporters; `overdue`: how many await an answer after its last day."""
    return Petition.objects.aggregate(**_waiting(now))


def _waiting(now: datetime) -> dict[str, Count]:
    overdue = _in_list("awaiting", now) & Q(due__lt=timezone.localdate(now))
    return {"gathering": Count("id", filter=Q(state=State.GATHERING)), "overdue": Count("id", filter=overdue)}


def with_texts(petitions: QuerySet[Any]) -> QuerySet[Any]:
    """A (sliced) query of `published`, with the titles."""
    return petitions.prefetch_related(_texts("search", "text"))


def cards(petitions: QuerySet[Any], language: str, *, now: datetime) -> list[Card]:
    """Cards of a (sliced) query of `published`, titled in this language where there is such a version."""
    return [_card(each, language, now) for each in with_texts(petitions)]


def own_cards(petitions: QuerySet[Any], language: str, *, now: datetime) -> list[Card]:
    """Cards for the author's own eyes, titled even where the public sees no title."""
    return [_card(each, language, now, own=True) for each in with_texts(petitions)]


def _card(petition: Any, language: str, now: datetime, *, own: bool = False) -> Card:
    life, terms = petition.life, terms_of(petition.rules)
    return Card(
        petition,
        version(petition.texts.all(), language) if own or petition.text_public else None,
        progress(petition, now=now) if life.opened else None,
        petition.addressee(language),
        turn_of(life, terms, now),
        [reason.text.say(language) for reason in terms.reasons_of(life)],
        bool(life.opened) and petition.is_open(now),
    )


def progress(petition: Any, *, now: datetime) -> Progress:
    """Progress of a petition of `published`."""
    return Progress(petition.signatures, petition.final, petition.threshold, petition.closes_at, now)


def version(texts: Iterable[PetitionText], language: str) -> PetitionText:
    """The version in this language, or else the signed one."""
    by_language = {text.language: text for text in texts}
    return by_language.get(language) or next(text for text in by_language.values() if text.is_signed)


def _texts(*left_out: str) -> Prefetch[Any]:
    current = PetitionText.objects.filter(attempt=F("petition__attempt"))
    return Prefetch("texts", queryset=current.defer(*left_out).order_by("id"))
