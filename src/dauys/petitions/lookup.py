"""Petitions that ask for much the same as a title, found among all of them at a bounded cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F

from dauys.petitions.models import Petition, PetitionText, TitlePrefix
from dauys.petitions.similar import prefixes, ranked, rarity
from dauys.petitions.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PREFIXES = 16  # of a title: the rarest say the most
MOST_HAVING = 3_000  # titles that one prefix may bring; a word that more have tells none of them apart
MOST_COMPARED = 200  # titles that are compared letter by letter
SHOWN = 5
LEAST = 0.12  # similarity below which a petition is not worth an author's time (tests/petitions/test_similar.py)


@dataclass(frozen=True, slots=True)
class Similar:
    """A petition that is similar, by its version in the title's language or another."""

    petition: Petition
    version: PetitionText
    similarity: float

    @property
    def way(self) -> str:
        """What can be done with it: "sign" it, "read" its answer or its course, or see why it was "refused"."""
        if self.petition.state == State.REFUSED:
            return "refused"
        return "sign" if self.petition.state == State.COLLECTING else "read"


def similar_to(title: str, but: int | None = None, *, hidden: bool = False) -> list[Similar]:
    """At most SHOWN petitions, the most similar first; `but` is a petition that is being mended or judged itself.

    `hidden`: also those that no list shows, as moderators see them.
    """
    having = _having(title)
    titles = PetitionText.objects.count()
    weights = {prefix: rarity(titles, count) for prefix, count in having.items()}
    chosen = _candidates(weights)
    seen = PetitionText.objects.filter(pk__in=chosen, attempt=F("petition__attempt")).exclude(petition=but)
    if not hidden:
        seen = seen.filter(petition__text_public=True).exclude(petition__state=State.GATHERING)
    public = {
        each.pk: each
        for each in seen.select_related("petition").defer(
            "text", "search", *(() if hidden else ("petition__life_json",))
        )
    }
    rare = rarity(titles, 0)
    order = ranked(
        title, ((pk, each.title) for pk, each in public.items()), lambda prefix: weights.get(prefix, rare), LEAST
    )
    best: dict[int, Similar] = {}
    for similarity, pk in order:
        best.setdefault(public[pk].petition_id, Similar(public[pk].petition, public[pk], similarity))
    return list(best.values())[:SHOWN]


def _having(title: str) -> dict[str, int]:
    """How many titles hold each prefix; those of no use left out."""
    rows = TitlePrefix.objects.filter(prefix__in=prefixes(title)).values_list("prefix").annotate(having=Count("pk"))
    return dict(sorted(rows, key=lambda row: row[1])[:MOST_PREFIXES])


def _candidates(weights: Mapping[str, float]) -> list[int]:
    """The versions that share the most, or the rarest, beginnings of words."""
    shared: dict[int, float] = defaultdict(float)
    for prefix, weight in weights.items():
        for version in TitlePrefix.objects.filter(prefix=prefix).values_list("version", flat=True)[:MOST_HAVING]:
            shared[version] += weight
    return sorted(shared, key=lambda version: (-shared[version], -version))[:MOST_COMPARED]
