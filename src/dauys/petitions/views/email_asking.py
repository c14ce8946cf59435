"""The form that asks for a letter with a link: to sign by e-mail, or to withdraw such a signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from dauys.errors import AddressDisposable, AddressUnfit, TierNotAdmitted, TooManyLetters
from dauys.ledger.statement import MACHINE_HEAD
from dauys.petitions import queries
from dauys.petitions.acts.common import keys
from dauys.petitions.email_links import Asked, Purpose, admits, send_link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise

    from dauys.petitions.models import Petition


@dataclass(frozen=True, slots=True)
class Asking:
    """One such form: its template, its letter's template and subject (which names no petition), the name of the link's page."""

    purpose: Purpose
    form: str
    letter: str
    page: str
    subject: Promise

    def answer(self, request: HttpRequest, number: int, *, missing: bool = False) -> HttpResponse:
        """The form, or what came of it: a letter is on its way, the same for whoever signed and whoever did not."""
        petition, language = queries.find(number), get_language() or "kk"
        if not admits(petition):
            raise TierNotAdmitted
        context = about(petition) | {"address": request.POST.get("address", ""), "missing": missing}
        if request.method != "POST" or missing:
            return render(request, self.form, context, status=400 if missing else 200)
        asked = Asked(self.purpose, petition, context["address"], language)
        try:
            send_link(keys(), asked, lambda token: self._letter(request, context, token), timezone.now())
        except (AddressUnfit, AddressDisposable, TooManyLetters) as error:
            return render(request, self.form, context | {"problem": error.explain(language)}, status=error.status)
        return render(request, "petitions/email_sent.html", context | {"purpose": self.purpose})

    def _letter(self, request: HttpRequest, context: dict[str, Any], token: str) -> tuple[str, str]:
        """(subject, text) in the language that is active."""
        address = request.build_absolute_uri(reverse(self.page, args=[token]))
        return str(self.subject), render_to_string(self.letter, context | {"link": address})


def about(petition: Petition) -> dict[str, Any]:
    """What these pages show of a petition."""
    return {"petition": petition, "text": queries.version(petition.texts.all(), get_language() or "kk")}


def in_two_parts(statement: str, language: str) -> dict[str, str]:
    """A statement verbatim: `words` for people, `facts` for machines."""
    words, head, facts = statement.partition(MACHINE_HEAD)
    return {"words": words, "facts": head + facts, "statement_language": language}
