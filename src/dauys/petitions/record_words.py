"""The record of officials' actions in words: what each was about, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dauys.desk.claims import names_of
from dauys.desk.record import SYSTEM, Action
from dauys.desk.staff import Role
from dauys.petitions.models import Petition
from dauys.petitions.terms import terms_of
from dauys.petitions.words import ACTIONS, ERASURE_REASONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.utils.functional import Promise

PROPOSALS: Final[Mapping[str, Promise]] = {
    "refuse": gettext_lazy("a refusal"), "stop": gettext_lazy("a stop"), "remove": gettext_lazy("a removal"),
}  # fmt: skip
SHOWN_OF_A_HASH = 12  # digits: enough to find the text by


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the record; `link` is empty where nothing can be opened."""

    action: Action
    who: str
    what: str
    detail: str
    about: str
    link: str


def tell(actions: Collection[Action], language: str) -> list[Told]:
    """The actions in words, in the same order; two queries, however many."""
    officials = {_number(each.subject) for each in actions if each.subject.startswith("official/")}
    names = names_of(officials | {each.by for each in actions})
    petitions = {_number(each.subject) for each in actions if each.subject.startswith("petition/")}
    rules = dict(Petition.objects.filter(pk__in=petitions).values_list("pk", "rules"))
    return [_told(each, names, rules, language) for each in actions]


def _told(action: Action, names: Mapping[int, str], rules: Mapping[int, str], language: str) -> Told:
    number, what = _number(action.subject), str(ACTIONS.get(action.kind, action.kind))
    detail = _detail(action, rules.get(number, ""), language)
    about, link = action.subject, ""
    if action.subject.startswith("petition/"):
        about = _("Petition No. %(number)s") % {"number": number}
        link = reverse("petition", args=[number]) if number in rules else ""
    elif action.subject.startswith("official/"):
        about, link = _official(number, names), f"{reverse('desk-people')}#official-{number}"
    return Told(action, _official(action.by, names), what, detail, about, link)


def _detail(action: Action, rules: str, language: str) -> str:
    if action.kind.startswith("staff."):
        return str(Role(action.detail).label) if action.detail in Role.values else action.detail
    if action.kind == "reports.settled" and action.detail.isdecimal():
        return ngettext("%(reports)s report", "%(reports)s reports", int(action.detail)) % {"reports": action.detail}
    if action.kind == "petition.proposal-dropped":
        return str(PROPOSALS.get(action.detail, action.detail))
    if action.kind.startswith("text.erasure") or action.kind == "text.erased":
        sha256, _space, reason = action.detail.partition(" ")
        return " · ".join(
            filter(None, [str(ERASURE_REASONS.get(reason, reason)), f"SHA-256 {sha256[:SHOWN_OF_A_HASH]}…"])
        )
    return "; ".join(_reason(code, rules, language) for code in action.detail.split(", ") if code)


def _reason(code: str, rules: str, language: str) -> str:
    if not rules:
        return code
    pack = terms_of(rules).pack
    found = pack.refusal_reasons.get(code) or pack.stop_reasons.get(code) or pack.removal_reasons.get(code)
    return found.text.say(language) if found else code


def _official(number: int, names: Mapping[int, str]) -> str:
    return names.get(number, "" if number == SYSTEM else f"№ {number}")


def _number(subject: str) -> int:
    number = subject.rpartition("/")[2]
    return int(number) if number.isdecimal() else SYSTEM
