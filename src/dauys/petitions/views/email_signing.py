"""Signing by e-mail: the address, the letter, the words that the click declares, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from dauys.errors import AddressDisposable, AddressUnfit, TierNotAdmitted, TooManyLetters
from dauys.ledger.statement import MACHINE_HEAD
from dauys.petitions import queries
from dauys.petitions.acts.common import keys
from dauys.petitions.services import email_signing

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """The form; sent, it says that a letter is on its way, whoever has signed before."""
    petition, language = queries.find(number), get_language() or "kk"
    if not email_signing.admits(petition):
        raise TierNotAdmitted
    context = _context(petition) | {"address": request.POST.get("address", "")}
    if request.method != "POST":
        return render(request, "petitions/email_sign.html", context)
    if "declare" not in request.POST:
        return render(request, "petitions/email_sign.html", context | {"missing": True}, status=400)
    try:
        email_signing.ask(
            keys(),
            petition,
            context["address"],
            language,
            lambda token: _letter(request, context, token),
            timezone.now(),
        )
    except (AddressUnfit, AddressDisposable, TooManyLetters) as error:
        context |= {"problem": error.explain(language)}
        return render(request, "petitions/email_sign.html", context, status=error.status)
    return render(request, "petitions/email_sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The words and a button: a mail program that opens links by itself signs nothing."""
    link = email_signing.Link.of_token(token, timezone.now())
    context = _context(queries.find(link.number))
    if request.method == "POST":
        placed = email_signing.confirm(keys(), token, timezone.now())
        return render(request, "petitions/email_done.html", context | {"placed": placed, "token": token})
    words, head, facts = email_signing.statement_of(link).to_text().partition(MACHINE_HEAD)
    context |= {"words": words, "facts": head + facts, "statement_language": link.language}
    return render(request, "petitions/email_confirm.html", context)


@require_http_methods(["POST"])
@cache_control(no_store=True)
def receipt(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The receipt as a file, for whoever holds the link."""
    placed = email_signing.confirm(keys(), token, timezone.now())
    name = f'attachment; filename="dauys-{placed.index}.tlog-proof"'
    return HttpResponse(placed.receipt, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})


def _letter(request: HttpRequest, context: dict[str, Any], token: str) -> tuple[str, str]:
    """(subject, text) in the language that is active; the subject names no petition."""
    address = request.build_absolute_uri(reverse("email-confirm", args=[token]))
    text = render_to_string("petitions/mail/email_signature.html", context | {"link": address})
    return _("Confirm your signature"), text


def _context(petition: Any) -> dict[str, Any]:
    return {"petition": petition, "text": queries.version(petition.texts.all(), get_language() or "kk")}
