"""What states, steps and tiers are called on a mirror's pages; the words of the portal, in its languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from dauys.errors import DauysError, catalogue
from dauys.ledger.leaves import PetitionOpened
from dauys.ledger.petition_leaves import AppealDecided, Decided, Removed, Step, Submitted
from dauys.rules.pack import load_pack

_ = str  # marks words for the catalogues; they are said in a language by `Words`

NAMES: Final = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
TIERS: Final = {
    "desktop": _("Desktop e-signature"),
    "mobile": _("Mobile e-signature"),
    "paper": _("On paper"),
    "email": _("By e-mail"),
    "outside": _("Counted elsewhere"),
}
STATES: Final = {
    "petition.submitted": _("Being checked"),
    "petition.refused": _("Refused by moderators"),
    "petition.opened": _("Needs first supporters"),
    "petition.listed": _("Open for signing"),
    "petition.lapsed": _("Closed: too few signatures"),
    "petition.registered": _("Awaits an answer"),
    "petition.grouped": _("Awaits an answer: working group formed"),
    "petition.convened": _("Awaits an answer: public hearing"),
    "petition.decided": _("Answered"),
    "petition.withdrawn": _("Withdrawn by its author"),
    "petition.stopped": _("Stopped"),
    "petition.merged": _("Goes on in another petition"),
    "petition.removed": _("Removed"),
}
STEPS: Final = {
    "petition.submitted": _("Handed in by its author, signed"),
    "petition.refused": _("Refused by moderators"),
    "petition.opened": _("Checked; signing began"),
    "petition.listed": _("Entered the lists"),
    "petition.lapsed": _("Its time ran out"),
    "petition.registered": _("Registered: it is the addressee’s turn"),
    "petition.grouped": _("A working group was formed"),
    "petition.convened": _("A draft decision was published and its hearing called"),
    "petition.heard": _("The public hearing was held"),
    "petition.decided": _("Answered"),
    "petition.fulfilled": _("A promise was kept"),
    "petition.withdrawn": _("Withdrawn by its author"),
    "petition.stopped": _("Signing was stopped"),
    "petition.merged": _("Joined to another petition"),
    "petition.transferred": _("Handed to the body whose duty it is"),
    "petition.removed": _("Removed"),
    "petition.appealed": _("The author appealed"),
}
ANSWERS: Final = {
    "satisfied": _("Answered: satisfied"),
    "partly-satisfied": _("Answered: partly satisfied"),
    "refused": _("Answered: refused"),
}


class Words:
    """Says messages in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = catalogue(language, "django")

    def __call__(self, message: str, **facts: object) -> str:
        """The message in this language, its `%(name)s` filled."""
        said = self._catalogue.gettext(message)
        return said % facts if facts else said


def kind_of(leaf: Step | PetitionOpened) -> str:
    """The kind of a leaf, as it is written."""
    return str(type(leaf).__struct_config__.tag)


def step_words(words: Words, leaf: Step | PetitionOpened) -> str:
    """What happened."""
    if isinstance(leaf, Decided):
        return words(ANSWERS[leaf.answer])
    if isinstance(leaf, AppealDecided):
        return words(_("The appeal was granted")) if leaf.granted else words(_("The appeal was rejected"))
    if isinstance(leaf, Submitted) and leaf.attempt > 1:
        return words(_("Mended and handed in again by its author, signed"))
    kind = kind_of(leaf)
    return words(STEPS.get(kind, kind))


def state_of(steps: Iterable[Step | PetitionOpened]) -> str:
    """The kind of the step whose state a petition is in: a removal that an appeal undid has not been."""
    states = ["petition.submitted"]
    for leaf in steps:
        if kind_of(leaf) in STATES:
            states.append(kind_of(leaf))
        elif isinstance(leaf, AppealDecided) and leaf.granted and states[-1] == "petition.removed":
            states.pop()
        elif isinstance(leaf, AppealDecided) and leaf.granted and states[-1] == "petition.refused":
            states.append("petition.submitted")
    return states[-1]


def reason_words(words: Words, rules: str, code: str) -> str:
    """A reason in the words of the rules; its code where this version does not know them."""
    return _reasons(rules, words.language).get(code, code)


def removal_of(steps: Iterable[Step | PetitionOpened]) -> Removed | None:
    """The last removal."""
    return next((leaf for leaf in reversed(list(steps)) if isinstance(leaf, Removed)), None)


@lru_cache(maxsize=64)
def _reasons(rules: str, language: str) -> dict[str, str]:
    jurisdiction, _slash, day = rules.partition("/")
    try:
        pack = load_pack(jurisdiction, date.fromisoformat(day))
    except (DauysError, ValueError):
        return {}
    known = [
        *pack.forbidden_topics.values(),
        *pack.refusal_reasons.values(),
        *pack.stop_reasons.values(),
        *pack.removal_reasons.values(),
    ]
    return {reason.code: reason.text.say(language) for reason in known}
