"""Withdrawing one's signature: what it means, then the signature for it, or a letter's link. Who signed no session says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk.signing import begin_act
from dauys.errors import SubjectClosed
from dauys.petitions import queries
from dauys.petitions.acts.common import keys
from dauys.petitions.acts.signature_withdrawal import DONE_SALT, DONE_SECONDS
from dauys.petitions.email_links import Link, Purpose, admits
from dauys.petitions.services import unsigning
from dauys.petitions.views.email_asking import Asking, about, in_two_parts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dauys.petitions.models import Petition

ASKING = Asking(
    Purpose.WITHDRAW, "petitions/email_unsign.html", "petitions/mail/email_withdrawal.html", "email-unsign-confirm",
    _("Your signature by e-mail"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def unsign(request: HttpRequest, number: int) -> HttpResponse:
    """What a withdrawal does and that it is final; the button goes on to sign it. SubjectClosed once signing is over."""
    petition = _open(number)
    if request.method == "POST":
        return begin_act(request, "petition.signature-withdrawal", petition.subject_name)
    return render(request, "petitions/unsign.html", about(petition) | {"by_email": admits(petition)})


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """For who signed by e-mail: a letter goes to any mailbox that is typed, so that the form tells nobody who signed."""
    _open(number)
    return ASKING.answer(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The words and a button: a mail program that opens links by itself withdraws nothing. NotSigned, SubjectClosed."""
    link = Link.of_token(keys(), Purpose.WITHDRAW, token, timezone.now())
    context = about(_open(link.number))
    if request.method == "POST":
        unsigning.unsign_by_link(keys(), token, timezone.now())
        return render(request, "petitions/unsigned.html", context | {"by_email": True})
    context |= in_two_parts(unsigning.statement_of(keys(), link).to_bytes().decode(), link.language)
    return render(request, "petitions/email_unsign_confirm.html", context)


@require_safe
@cache_control(no_store=True)
def unsigned(request: HttpRequest, number: int) -> HttpResponse:
    """It is done, and nothing else shows it; said for a while to whom the act itself led here, and to no guesser."""
    petition = queries.find(number)
    try:
        said = signing.loads(request.GET.get("done", ""), salt=DONE_SALT, max_age=DONE_SECONDS)
    except signing.BadSignature:
        said = None
    if said != number:
        return HttpResponseRedirect(reverse("petition", args=[number]))
    return render(request, "petitions/unsigned.html", about(petition))


def _open(number: int) -> Petition:
    petition = queries.find(number)
    if not petition.is_open(timezone.now()):
        raise SubjectClosed(until=petition.signing_ended.date())
    return petition
