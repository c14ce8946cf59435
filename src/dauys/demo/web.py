"""Signing as a citizen of the demo country, over the same HTTP path that a phone takes."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING

import httpx
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from dauys.demo.authority import REVOKED
from dauys.demo.officials import OFFICIAL_COOKIE, remembered
from dauys.demo.people import COOKIE, POPULATION, Citizen, citizen, shown_name, visitor
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.errors import BadInput, DauysError, error_classes
from dauys.ledger.places import Places
from dauys.portal.problems import render_error

if TYPE_CHECKING:
    from django.http import HttpRequest

TIMEOUT_SECONDS = 20


@cache
def demo_pki() -> DemoPki:
    """The installation's demo PKI, one for the process."""
    return DemoPki.load(Places(settings.DAUYS_VAR).demo_pki)


def proposed_citizen(request: HttpRequest) -> dict[str, object]:
    """`{"number", "name"}` of a citizen to sign as; `?after=N` asks for another one than N, and `stolen` is such an N.

    Whom the browser was before, or the same one for the same address: without script the page is loaded again and again.
    """
    after = request.GET.get("after", "")
    person = citizen((int(after) + 1) % POPULATION) if after.isdecimal() else _proposed(request)
    return {"number": person.number, "name": shown_name(person), "stolen": person.number != REVOKED and REVOKED - 1}


def _proposed(request: HttpRequest) -> Citizen:
    return remembered(request) or citizen(visitor(request.path))


@require_POST
@cache_control(no_store=True)
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """Reads the statement, signs it and hands it in over HTTP, as a phone would; then step 3, or what went wrong."""
    answer = _hand_in(request, token, "/intake/requests", "/intake/acts")
    if answer.status_code != httpx.codes.CREATED:
        return _refused(request, answer)
    return _remember(request, HttpResponseRedirect(reverse("sign-done", args=[token]), status=303))


@require_POST
@cache_control(no_store=True)
def log_in(request: HttpRequest, login: str) -> HttpResponse:
    """The same for a statement to log in; then the page that asks whether this is the right name."""
    answer = _hand_in(request, login, "/intake/logins", "/intake/logins")
    if answer.status_code != httpx.codes.CREATED:
        return _refused(request, answer)
    query = request.META.get("QUERY_STRING", "")
    address = reverse("login-confirm", args=[login])
    return _remember(request, HttpResponseRedirect(f"{address}?{query}" if query else address, status=303))


@require_POST
@cache_control(no_store=True)
def act(request: HttpRequest, token: str) -> HttpResponse:
    """The same for an act of an office; then back to the page that waits for it, which goes on."""
    answer = _hand_in(request, token, "/intake/office-acts", "/intake/office-acts")
    if answer.status_code != httpx.codes.CREATED:
        return _refused(request, answer)
    return _remember(request, HttpResponseRedirect(reverse("act-way", args=[token]), status=303))


def _remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """From now on the browser is this demo person: as a citizen, or apart from that as an official."""
    cookie = OFFICIAL_COOKIE if "office" in request.POST else COOKIE
    response.set_cookie(cookie, request.POST["citizen"], httponly=True, samesite="Lax")
    return response


def _hand_in(request: HttpRequest, token: str, statements: str, door: str) -> httpx.Response:
    """The door's answer to the statement of a token, signed by the demo citizen of the form."""
    number = request.POST.get("citizen", "")
    if not number.isdecimal():
        raise BadInput(what="no demo citizen was named")
    base = request.build_absolute_uri("/").rstrip("/")
    with httpx.Client(base_url=base, timeout=TIMEOUT_SECONDS) as phone:
        statement = phone.get(f"{statements}/{token}")
        if statement.status_code != httpx.codes.OK:
            return statement
        signature = sign_cms(demo_pki(), citizen(int(number)), statement.content, now=timezone.now())
        return phone.post(door, json={"token": token, "signature": b64encode(signature).decode()})


def _refused(request: HttpRequest, answer: httpx.Response) -> HttpResponse:
    """The error page of what the door answered, rebuilt from its code and facts."""
    body = answer.json()
    facts = body.get("facts", {})
    error = error_classes().get(body.get("code"), DauysError)(**facts)
    fresh = {"fresh_url": reverse("sign-way", args=[facts["token"]])} if "token" in facts else {}
    return render_error(request, error, **fresh)
