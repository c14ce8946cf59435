"""Signing an act of an office: the exact statement, the ways to sign it, then back to where the act belongs.

A view of an office begins it with `begin_act`; the token in the address is the request, the secret in a cookie is what
the outcome is shown to.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dauys.desk.access import cookie_name, give_cookie
from dauys.desk.transactions import reading_connection
from dauys.errors import LoginNotYours
from dauys.intake.acts import LIFETIME, ActRequest, ActRequests
from dauys.ledger.office_acts import act_of_nonce
from dauys.ledger.statement import MACHINE_HEAD
from dauys.petitions.acts import OFFICES
from dauys.portal.desktop_way import connections, desktop_context
from dauys.portal.headers import allow_connections
from dauys.portal.login import keys
from dauys.portal.phone_way import news, phone_context, phone_said
from dauys.portal.templatetags.dauys import clock

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from dauys.intake.token import Tier

COOKIE = "dauys_act"  # the secret of the browser that asked
COOKIE_SECONDS = 2 * int(LIFETIME.total_seconds())


@cache
def act_requests() -> ActRequests:
    """The installation's maker of requests, one for the process."""
    return ActRequests(keys().request, keys().log.verifier.name, OFFICES)


def begin_act(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """Asks this browser for a signature on an act of an office; whatever the office says against it is raised."""
    secret, language = secrets.token_urlsafe(32), get_language() or "kk"
    asked = act_requests().create(kind, reference, language, "mobile", secret, timezone.now())
    response = HttpResponseRedirect(reverse("act-way", args=[asked.token]), status=303)
    give_cookie(request, response, COOKIE, secret, COOKIE_SECONDS)
    return response


@require_safe
@cache_control(no_store=True)
def way(request: HttpRequest, token: str) -> HttpResponse:
    """The exact statement and the ways to sign it; afterwards to where the act belongs."""
    asked, now = _held(request, token), timezone.now()
    if _done(asked):
        return HttpResponseRedirect(_onward(asked))
    asked.require_open(now)
    if asked.grant.tier == "desktop":
        return _on_computer(request, asked, now)
    hook = settings.DAUYS_ACT_PEOPLE
    people = import_string(hook)(request, asked) if hook else ()
    context = _statement_context(asked) | {
        "ways": settings.DAUYS_ACT_WAYS,
        "people": people,
        "phone_said": phone_said(asked.grant.nonce),
        "poll_seconds": settings.DAUYS_POLL_SECONDS,
        "reload_seconds": settings.DAUYS_RELOAD_SECONDS,
    }
    return render(request, "portal/act/way.html", context | phone_context(request, token, next(iter(people), None)))


def _on_computer(request: HttpRequest, asked: ActRequest, now: datetime) -> HttpResponse:
    """The page that signs with NCALayer on the same computer."""
    response = render(request, "portal/act/computer.html", _statement_context(asked) | desktop_context(asked, now))
    allow_connections(response, connections())
    return response


def _statement_context(asked: ActRequest) -> dict[str, object]:
    """A request, its statement's two parts verbatim (`words` for people, `facts` for machines) and the way `back`."""
    words, head, facts = asked.statement.to_bytes().decode().partition(MACHINE_HEAD)
    back = OFFICES[asked.grant.kind].origin(asked.grant.reference)
    context = {"asked": asked, "token": asked.token, "until": clock(asked.expires), "back": back}
    return context | {"words": words, "facts": head + facts}


@require_safe
@cache_control(no_store=True)
def change_tier(request: HttpRequest, token: str, tier: Tier) -> HttpResponse:
    """The same act on a fresh request of another tier, which its statement names; for the same browser."""
    asked = _held(request, token)
    if _done(asked):
        return HttpResponseRedirect(_onward(asked))
    asked.require_open(timezone.now())
    return HttpResponseRedirect(reverse("act-way", args=[act_requests().for_tier(asked, tier).token]))


@require_safe
@cache_control(no_store=True)
def state(request: HttpRequest, token: str) -> HttpResponse:
    """For an open page's script: the time left, then where to go (htmx follows HX-Redirect)."""
    asked = _held(request, token)
    if _done(asked):
        return HttpResponse(headers={"HX-Redirect": _onward(asked)})
    if timezone.now() >= asked.expires:
        return HttpResponse(headers={"HX-Redirect": reverse("act-way", args=[token])})
    told = news(request, phone_said(asked.grant.nonce), reverse("act-way", args=[token]))
    return told or render(request, "portal/_left.html", {"asked": asked})


def _held(request: HttpRequest, token: str) -> ActRequest:
    """The request of the address, for the browser that made it; LoginNotYours for any other."""
    asked = act_requests().open(token)
    if not asked.held_by(request.COOKIES.get(cookie_name(request, COOKIE), "")):
        raise LoginNotYours
    return asked


def _done(asked: ActRequest) -> bool:
    return act_of_nonce(reading_connection(), asked.grant.nonce) is not None


def _onward(asked: ActRequest) -> str:
    """Where the act belongs, in the visitor's language."""
    return OFFICES[asked.grant.kind].address(asked.grant.reference)
