"""Signing a petition in three steps: read and declare, choose a way, done. The token in the address is all the state."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.desk.transactions import reading_connection
from dauys.errors import RequestExpired, SubjectClosed, SubjectNotOpen
from dauys.intake.outcome import Outcome, find_outcome
from dauys.intake.requests import Asked, SigningRequest, SigningRequests
from dauys.intake.token import Tier
from dauys.ledger.places import Places
from dauys.ledger.receipts import witnessed_receipt
from dauys.ledger.regions import REGIONS, ordered_regions
from dauys.ledger.statement import MACHINE_HEAD
from dauys.petitions import queries
from dauys.portal.desktop_way import connections, desktop_context
from dauys.portal.headers import allow_connections
from dauys.portal.phone_way import news, phone_context, phone_said
from dauys.portal.printing import printed
from dauys.portal.problems import render_error
from dauys.portal.templatetags.dauys import day, moment

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dauys.intake.phone_answers import PhoneAnswer

COOKIE = "dauys_sign"  # holds the secret of the browser that asked to sign: only it sees the outcome
COOKIE_SECONDS = 3600
# Until a way is chosen the request is for the phone; a desktop way makes its own request with the same declarations.
TIER = "mobile"


@cache
def signing_requests() -> SigningRequests:
    """The installation's maker of requests, one for the process."""
    return SigningRequests.load(Places(settings.DAUYS_VAR))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def declare(request: HttpRequest, number: int) -> HttpResponse:
    """Step 1: the text, what becomes public, and the declaration; makes the request and goes to step 2."""
    petition, now, language = queries.find(number), timezone.now(), get_language() or "kk"
    if now < petition.opens_at:
        return render_error(request, SubjectNotOpen(since=day(petition.opens_at)), petition=petition)
    if not petition.is_open(now):
        return render_error(request, SubjectClosed(until=day(petition.signing_ended)), petition=petition)
    region, declared = request.POST.get("region", ""), "declare" in request.POST
    if request.method == "POST" and declared and (region in REGIONS or not region):
        return _with_request(Asked(petition.subject_name, language, TIER, region, declared=True))
    context = {
        "petition": petition,
        "text": queries.version(petition.texts.all(), language),
        "signed_language": petition.language,
        "addressee": petition.addressee(language),
        "regions": ordered_regions(language),
        "region": region,
        "missing": request.method == "POST",
    }
    return render(request, "portal/sign/declare.html", context, status=400 if request.method == "POST" else 200)


def _with_request(asked: Asked) -> HttpResponse:
    """Makes a request for a fresh secret, gives the browser the secret, and leads to step 2."""
    secret = secrets.token_urlsafe(32)
    held = Asked(
        asked.subject,
        asked.language,
        asked.tier,
        asked.region,
        asked.declared,
        hashlib.sha256(secret.encode()).hexdigest(),
    )
    made = signing_requests().create(held, timezone.now())
    response = HttpResponseRedirect(reverse("sign-way", args=[made.token]))
    response.status_code = 303  # a reload of the next page sends nothing again
    _remember(response, secret)
    return response


@require_safe
@cache_control(no_store=True)
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Step 2: the exact statement, and the ways to sign it that this installation offers."""
    now = timezone.now()
    asked = signing_requests().open(token, now)
    if _outcome(request, token):
        return HttpResponseRedirect(reverse("sign-done", args=[token]))
    if asked.expired(now):
        return render_error(request, RequestExpired())
    context = _statement_context(asked)
    if asked.grant.tier == "desktop":
        response = render(request, "portal/sign/ncalayer.html", context | desktop_context(asked, now))
        allow_connections(response, connections())
        return response
    hook = settings.DAUYS_PROPOSED_CITIZEN
    citizen = import_string(hook)(request) if hook else None
    context |= {"ways": settings.DAUYS_SIGN_WAYS, "citizen": citizen, "phone_said": _phone_said(request, asked)}
    context |= _polling() | phone_context(request, token, citizen)
    return render(request, "portal/sign/choose.html", context)


def _statement_context(asked: SigningRequest) -> dict[str, Any]:
    """A request and its statement's two parts, verbatim: `words` for people, `facts` for machines."""
    words, head, facts = asked.statement.to_text().partition(MACHINE_HEAD)
    context = {"petition": petition_of(asked), "asked": asked, "token": asked.token, "until": moment(asked.expires)}
    return context | {"words": words, "facts": head + facts}


@require_safe
@cache_control(no_store=True)
def change_tier(request: HttpRequest, token: str, tier: Tier) -> HttpResponse:
    """The same choices on a fresh request of another tier, which its statement names; for the same browser."""
    now = timezone.now()
    asked = signing_requests().open(token, now)
    if _outcome(request, token):
        return HttpResponseRedirect(reverse("sign-done", args=[token]))
    asked.require_open(now)
    response = HttpResponseRedirect(reverse("sign-way", args=[signing_requests().renew(asked.grant, now, tier)]))
    secret = request.COOKIES.get(COOKIE, "")
    if asked.held_by(secret):
        _remember(response, secret)
    return response


def _remember(response: HttpResponse, secret: str) -> None:
    """Gives the browser the secret by which it sees the outcome."""
    response.set_cookie(COOKIE, secret, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax")


def _polling() -> dict[str, int]:
    """How often an open page looks for its outcome, with script and without: the server says it."""
    return {"poll_seconds": settings.DAUYS_POLL_SECONDS, "reload_seconds": settings.DAUYS_RELOAD_SECONDS}


@require_safe
@cache_control(no_store=True)
def state(request: HttpRequest, token: str) -> HttpResponse:
    """For an open page's script: the time left, then where to go (htmx follows HX-Redirect)."""
    asked = signing_requests().open(token, timezone.now())
    if _outcome(request, token):
        return HttpResponse(headers={"HX-Redirect": reverse("sign-done", args=[token])})
    if asked.expired(timezone.now()):
        return HttpResponse(headers={"HX-Redirect": reverse("sign-way", args=[token])})
    told = news(request, _phone_said(request, asked), reverse("sign-way", args=[token]))
    return told or render(request, "portal/_left.html", {"asked": asked})


@require_safe
@cache_control(no_store=True)
def done(request: HttpRequest, token: str) -> HttpResponse:
    """Step 3: counted, with the number of the entry; or kindly not yet, or not any more."""
    asked = signing_requests().open(token, timezone.now())
    petition, outcome = petition_of(asked), _outcome(request, token)
    context = {"petition": petition, "asked": asked, "outcome": outcome, "token": token}
    context |= {"live": not asked.expired(timezone.now()), "phone_said": _phone_said(request, asked)} | _polling()
    context["text"] = queries.version(petition.texts.all(), get_language() or "kk")
    context["progress"] = queries.progress(petition, now=timezone.now())
    page = "waiting" if outcome is None else "taken_back" if outcome.taken_back else "done"
    return render(request, f"portal/sign/{page}.html", context)


@require_POST
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """On a computer that others use, too: this browser can no longer show what was signed; on to the petition."""
    del request  # whoever asks: there is nothing to tell anybody
    petition = petition_of(signing_requests().open(token, timezone.now()))
    response = HttpResponseRedirect(reverse("petition", args=[petition.pk]), status=303)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_safe
@cache_control(no_store=True)
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt as a file, or with `?print` as a page to print, for the browser that signed."""
    asked = signing_requests().open(token, timezone.now())
    outcome = _outcome(request, token)
    if outcome is None:
        return HttpResponseRedirect(reverse("sign-done", args=[token]))
    text = witnessed_receipt(reading_connection(), outcome.index) or outcome.receipt
    if "print" in request.GET:
        return printed(request, text)
    name = f"dauys-{asked.subject.name.replace('/', '-')}-{outcome.index}.tlog-proof"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def petition_of(asked: SigningRequest) -> Any:
    """The petition of a request's subject, "petition/12"."""
    return queries.find(int(asked.subject.name.rpartition("/")[2]))


def _phone_said(request: HttpRequest, asked: SigningRequest) -> PhoneAnswer | None:
    """What the phone answered instead of a signature, if this browser made the request."""
    return phone_said(asked.grant.nonce) if asked.held_by(request.COOKIES.get(COOKIE, "")) else None


def _outcome(request: HttpRequest, token: str) -> Outcome | None:
    """What came of a request, if this browser made it."""
    secret = request.COOKIES.get(COOKIE, "")
    return find_outcome(signing_requests(), token, secret, timezone.now()) if secret else None
