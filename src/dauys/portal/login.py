"""Logging in by signature: begin, sign the code's statement on the phone or here, confirm the name, and in.

The token in the address is the request; the secret in a cookie is what the result is given to (docs/spec/login.md).
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk import services
from dauys.desk.access import SESSION, cookie_name, drop_cookie, give_cookie, local_address, person_of, session_token
from dauys.desk.sessions import CITIZEN, OFFICIAL
from dauys.errors import LoginNotYours
from dauys.intake.login import LIFETIME, LoginRequest, create_login, open_login
from dauys.ledger.keys import Keys
from dauys.ledger.logins import KEPT
from dauys.ledger.places import Places
from dauys.ledger.statement import MACHINE_HEAD
from dauys.portal.context import base_url
from dauys.portal.desktop_way import connections, desktop_context
from dauys.portal.headers import allow_connections
from dauys.portal.phone_way import news, phone_context, phone_said
from dauys.portal.templatetags.dauys import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

COOKIE = "dauys_login"  # the secret of the browser that asked; it is not in the code, so a picture of it is not enough
COOKIE_SECONDS = int((LIFETIME + KEPT).total_seconds())


@cache
def keys() -> Keys:
    """The installation's keys, read once for the process."""
    return Keys.load(Places(settings.DAUYS_VAR).keys)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def begin(request: HttpRequest) -> HttpResponse:
    """What logging in is; the button makes a request for a fresh secret, gives it to the browser, and goes on."""
    sent = request.POST if request.method == "POST" else request.GET
    role = OFFICIAL if sent.get("role") == OFFICIAL else CITIZEN
    onward = local_address(sent.get("next", ""))
    if request.method != "POST":
        who = person_of(request)
        if who and (role == CITIZEN or who.official):
            return HttpResponseRedirect(onward or reverse("account"), status=303)
        return render(request, "portal/login/begin.html", {"role": role, "onward": onward})
    secret, host = secrets.token_urlsafe(32), urlsplit(base_url(request)).netloc
    asked = create_login(keys().request, role, host, get_language() or "kk", secret, timezone.now())
    response = _to("login-way", asked.token, onward)
    give_cookie(request, response, COOKIE, secret, COOKIE_SECONDS)
    return response


@require_safe
@cache_control(no_store=True)
def way(request: HttpRequest, login: str) -> HttpResponse:
    """The code to compare, and the ways to sign. For the browser that began alone: nobody can be sent to this page."""
    asked = open_login(keys().request, login)
    if elsewhere := _elsewhere(request, asked):
        return elsewhere
    hook = settings.DAUYS_LOGIN_PEOPLE
    people = import_string(hook)(request, asked.grant.role) if hook else ()
    context = _statement_context(asked) | {
        "until": clock(asked.expires),
        "again": _address("login", onward=_onward(request), role=asked.grant.role),
        "ways": settings.DAUYS_LOGIN_WAYS,
        "people": people,
        "phone_said": phone_said(asked.grant.nonce),
        "poll_seconds": settings.DAUYS_POLL_SECONDS,
        "reload_seconds": settings.DAUYS_RELOAD_SECONDS,
    }
    return render(request, "portal/login/way.html", context | phone_context(request, login, next(iter(people), None)))


@require_safe
@cache_control(no_store=True)
def computer(request: HttpRequest, login: str) -> HttpResponse:
    """The same request, signed with NCALayer on this computer."""
    asked, onward = open_login(keys().request, login), _onward(request)
    if elsewhere := _elsewhere(request, asked):
        return elsewhere
    addresses = {
        "done": _address("login-confirm", login, onward),
        "phone": _address("login-way", login, onward),
        "again": _address("login", onward=onward, role=asked.grant.role),
    }
    context = _statement_context(asked) | {"token": login} | addresses | desktop_context(asked, timezone.now())
    response = render(request, "portal/login/computer.html", context)
    allow_connections(response, connections())
    return response


def _elsewhere(request: HttpRequest, asked: LoginRequest) -> HttpResponse | None:
    """Where to go instead of signing: on, once it is signed; LoginNotYours, RequestExpired."""
    now = timezone.now()
    if not _held(request, asked):
        return _not_held(request)
    if services.waiting_name(keys(), asked.grant.nonce, now) is not None:
        return _to("login-confirm", asked.token, _onward(request))
    asked.require_open(now)
    return None


def _statement_context(asked: LoginRequest) -> dict[str, object]:
    """A request and its statement's two parts, verbatim: `words` for people, `facts` for machines."""
    words, head, facts = asked.statement.to_text().partition(MACHINE_HEAD)
    return {"asked": asked, "role": asked.grant.role, "words": words, "facts": head + facts}


@require_safe
@cache_control(no_store=True)
def state(request: HttpRequest, login: str) -> HttpResponse:
    """For an open page's script: the time left, or where to go (htmx follows HX-Redirect)."""
    asked, now = open_login(keys().request, login), timezone.now()
    if not _held(request, asked):
        raise LoginNotYours
    if services.waiting_name(keys(), asked.grant.nonce, now) is not None:
        return HttpResponse(headers={"HX-Redirect": _address("login-confirm", login, _onward(request))})
    if now >= asked.expires:
        return HttpResponse(headers={"HX-Redirect": _address("login-way", login, _onward(request))})
    told = news(request, phone_said(asked.grant.nonce), _address("login-way", login, _onward(request)))
    return told or render(request, "portal/_left.html", {"asked": asked})


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def confirm(request: HttpRequest, login: str) -> HttpResponse:
    """As whom: only now, and only with a click here, does a session begin. Somebody else may have signed this code."""
    asked, now = open_login(keys().request, login), timezone.now()
    if not _held(request, asked):
        return _not_held(request)
    if request.method == "POST":
        return _decide(request, asked)
    name = services.waiting_name(keys(), asked.grant.nonce, now)
    if name is None:
        return _to("login-way", login, _onward(request))
    context = {"name": name, "asked": asked, "role": asked.grant.role, "onward": _onward(request)}
    return render(request, "portal/login/confirm.html", context)


def _decide(request: HttpRequest, asked: LoginRequest) -> HttpResponse:
    """A session for the one who said yes; for a no, everything is forgotten."""
    now, nonce = timezone.now(), asked.grant.nonce
    if request.POST.get("answer") != "yes":
        services.decline_log_in(nonce, now)
        response = HttpResponseRedirect(_address("login", onward=_onward(request), role=asked.grant.role), status=303)
    else:
        token = services.log_in(keys(), nonce, asked.grant.role, now, session_token(request))
        response = HttpResponseRedirect(_onward(request) or reverse("account"), status=303)
        give_cookie(request, response, SESSION, token)
    drop_cookie(request, response, COOKIE)
    return response


def _held(request: HttpRequest, asked: LoginRequest) -> bool:
    return asked.held_by(request.COOKIES.get(cookie_name(request, COOKIE), ""))


def _not_held(request: HttpRequest) -> HttpResponse:
    """Who went back after logging in is shown that it worked; anyone else is told not to sign here."""
    if person_of(request) is None:
        raise LoginNotYours
    return HttpResponseRedirect(reverse("account"), status=303)


def _onward(request: HttpRequest) -> str:
    return local_address(request.GET.get("next", ""))


def _to(name: str, login: str, onward: str) -> HttpResponse:
    return HttpResponseRedirect(_address(name, login, onward), status=303)


def _address(name: str, login: str = "", onward: str = "", role: str = CITIZEN) -> str:
    """The address of one of these pages, with where to go afterwards."""
    query = urlencode(({"next": onward} if onward else {}) | ({"role": role} if role != CITIZEN else {}))
    return reverse(name, args=[login] if login else []) + (f"?{query}" if query else "")
