"""The history of a petition as its page tells it: one entry a leaf, with the public texts that the leaf names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dauys.desk.models import PublicText
from dauys.desk.texts import read_texts
from dauys.errors import LANGUAGES
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.moments import parse_moment
from dauys.ledger.petition_leaves import TEXTS, texts_of, translations_of
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from dauys.petitions.life import Life
    from dauys.petitions.models import Petition, PetitionEvent
    from dauys.petitions.terms import PackTerms

TOLD = ("explanation", "group", "draft", "place", "heard", "decision")  # those of a life


@dataclass(frozen=True, slots=True)
class Said:
    """A public text as it is told to a reader: in their language where its office translated it, the one that counts beside it."""

    text: PublicText
    language: str
    counts: bool  # whether it is the one that counts; otherwise the office's translation of it
    others: tuple[tuple[str, PublicText], ...] = ()  # by language, the one that counts first

    @property
    def sha256(self) -> str:
        """Of the text that is shown."""
        return self.text.sha256

    @property
    def content(self) -> str:
        """The text that is shown, without the newline that ends it."""
        return self.text.content.rstrip("\n")

    @property
    def erased_for(self) -> str:
        """Why nothing is shown."""
        return self.text.erased_for


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise of the decision, how it was kept, its last day and the working days it is late."""

    text: Said | None
    kept: Said | None
    due: date
    over: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: its leaf, its place in the log, and its texts by the leaf's field."""

    index: int
    kind: str  # without "petition."
    moment: datetime
    leaf: Any
    texts: Mapping[str, Said | None]


def timeline(events: Iterable[PetitionEvent], own: str, language: str) -> tuple[list[Entry], dict[str, Said]]:
    """Entries, the newest first, and all texts they name by hash, for a reader's language: one query, however many.

    `own` is the petition's language, in which offices write what counts.
    """
    leaves = [(event, decode_leaf(bytes(event.entry))) for event in events]
    kept = PublicText.objects.in_bulk([digest for _, leaf in leaves for digest in texts_of(leaf)])
    versions: dict[str, dict[str, PublicText]] = {}
    for each in (each for _, leaf in leaves for each in translations_of(leaf)):
        if (found := kept.get(each.text)) and not found.erased_for:
            versions.setdefault(each.of, {})[each.language] = found
    texts = {digest: _said(text, own, versions.get(digest, {}), language) for digest, text in kept.items()}
    entries = [
        Entry(
            event.index, event.kind.partition(".")[2], event.moment, leaf,
            {name: texts.get(getattr(leaf, name)) for name in TEXTS if hasattr(leaf, name)},
        )
        for event, leaf in reversed(leaves)
    ]  # fmt: skip
    return entries, texts


def translations_now(petition: Petition, sha256: str) -> dict[str, str]:
    """What an office last published in other languages of its text with this hash, by language."""
    leaves = [decode_leaf(bytes(event.entry)) for event in petition.events.all()] if sha256 else []
    named = {each.language: each.text for leaf in leaves for each in translations_of(leaf) if each.of == sha256}
    said = read_texts(named.values())
    return {language: said[digest] for language, digest in named.items() if digest in said}


def _said(text: PublicText, own: str, translations: Mapping[str, PublicText], language: str) -> Said:
    """Where the text that counts is erased, no translation is shown in its place."""
    chosen = None if text.erased_for else translations.get(language)
    known = [(code, translations[code]) for code in LANGUAGES if code in translations and not text.erased_for]
    rest = tuple((code, each) for code, each in known if each is not chosen)
    if chosen is None:
        return Said(text, own, counts=True, others=rest)
    return Said(chosen, language, counts=False, others=((own, text), *rest))


def earlier_refusal(petition: Petition, language: str) -> dict[str, Any] | None:
    """Why a petition that was mended had been refused: the reasons and explanation, and what a reviewer said of them."""
    event = petition.events.filter(kind="petition.refused").first() if petition.attempt > 1 else None
    if event is None:
        return None
    leaf, since = decode_leaf(bytes(event.entry)), petition.life.submitted
    reviews = [each.explanation for each in petition.life.appeals if each.explanation and each.since < since]
    said = read_texts([leaf.explanation, *reviews])
    known = terms_of(petition.rules).pack.refusal_reasons
    return {
        "reasons": [known[code].text.say(language) for code in leaf.reasons],
        "explanation": said.get(leaf.explanation, ""),
        "review": "\n\n".join(said.get(each, "") for each in reviews),
    }


def told(life: Life, texts: Mapping[str, Said], terms: PackTerms, now: datetime) -> dict[str, Any]:
    """What the page says in full about where a petition stands: texts by the life's own names, hearing, promises, appeal."""
    calendar = terms.pack.calendar
    return {
        "told": {name: texts.get(getattr(life, name)) for name in TOLD},
        "hearing": parse_moment(life.hearing) if life.hearing else None,
        "promises": [
            Promised(texts.get(each.text), texts.get(each.kept), date.fromisoformat(each.due),
                     0 if each.kept else calendar.between(date.fromisoformat(each.due), calendar.local_day(now)))
            for each in life.promises
        ],
        "appeals": [  # those before the text was mended stand in the history
            (each, texts.get(each.text), texts.get(each.explanation), parse_moment(each.since))
            for each in life.appeals if each.since >= life.submitted
        ],
    }  # fmt: skip
