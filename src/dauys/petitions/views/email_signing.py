"""Signing by e-mail: the address, the letter, the words that the click declares, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from dauys.petitions import queries
from dauys.petitions.acts.common import keys
from dauys.petitions.email_links import Link, Purpose
from dauys.petitions.services import email_signing
from dauys.petitions.views.email_asking import Asking, about, in_two_parts

if TYPE_CHECKING:
    from django.http import HttpRequest

ASKING = Asking(
    Purpose.SIGN, "petitions/email_sign.html", "petitions/mail/email_signature.html", "email-confirm", _("Confirm your signature"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """The form; sent, it says that a letter is on its way, whoever has signed before."""
    missing = request.method == "POST" and "declare" not in request.POST
    return ASKING.answer(request, number, missing=missing)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The words and a button: a mail program that opens links by itself signs nothing."""
    link = Link.of_token(keys(), Purpose.SIGN, token, timezone.now())
    context = about(queries.find(link.number))
    if request.method == "POST":
        placed = email_signing.confirm(keys(), token, timezone.now())
        return render(request, "petitions/email_done.html", context | {"placed": placed, "token": token})
    context |= in_two_parts(email_signing.statement_of(link).to_text(), link.language)
    return render(request, "petitions/email_confirm.html", context)


@require_http_methods(["POST"])
@cache_control(no_store=True)
def receipt(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The receipt as a file, for whoever holds the link."""
    placed = email_signing.confirm(keys(), token, timezone.now())
    name = f'attachment; filename="dauys-{placed.index}.tlog-proof"'
    return HttpResponse(placed.receipt, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})
