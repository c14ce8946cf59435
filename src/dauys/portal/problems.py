"""Pages for what went wrong: the error's own sentence, and what to do next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from dauys.errors import (
    AccessDenied,
    AlreadySigned,
    BadInput,
    CertificateExpired,
    CertificateRevoked,
    DauysError,
    DeclarationMissing,
    DraftUnknown,
    FileRejected,
    LoginNotYours,
    NotAdmitted,
    NotFound,
    Overloaded,
    RequestError,
    RequestForged,
    RequestUsed,
    RevocationUnknown,
    SignatureRejected,
    StepForbidden,
    SubjectClosed,
    SubjectNotOpen,
    WrongKeyUsage,
)
from dauys.errors.root import catalogue
from dauys.intake.acts import is_act
from dauys.portal.templatetags.dauys import day

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# The nearest class up the tree of errors gives the headline.
HEADLINES: dict[type[DauysError], str] = {
    DauysError: gettext_noop("Something went wrong on our side"),
    BadInput: gettext_noop("We could not read that"),
    FileRejected: gettext_noop("This file does not hold"),
    RequestError: gettext_noop("Please start signing again"),
    RequestUsed: gettext_noop("This page was already used by someone else"),
    SignatureRejected: gettext_noop("Your signature was not counted"),
    CertificateExpired: gettext_noop("Your key has expired"),
    CertificateRevoked: gettext_noop("Your key was revoked"),
    WrongKeyUsage: gettext_noop("That was the wrong key"),
    RevocationUnknown: gettext_noop("We cannot check your key just now"),
    NotAdmitted: gettext_noop("Your signature was not counted here"),
    AlreadySigned: gettext_noop("You have already signed"),
    SubjectClosed: gettext_noop("Signing has ended"),
    SubjectNotOpen: gettext_noop("Signing has not begun yet"),
    AccessDenied: gettext_noop("This page is not open to you"),
    LoginNotYours: gettext_noop("This is somebody else's log-in"),
    DeclarationMissing: gettext_noop("One declaration is missing"),
    StepForbidden: gettext_noop("That is not possible now"),
    NotFound: gettext_noop("There is nothing here"),
    DraftUnknown: gettext_noop("This draft is not here"),
    Overloaded: gettext_noop("Very many people are signing right now"),
}


def headline(error: DauysError) -> str:
    """A few words for the head of the page, in its language."""
    return _(next(HEADLINES[kind] for kind in type(error).__mro__ if kind in HEADLINES))


def sentence(error: DauysError) -> str:
    """The error's sentence in the page's language; a day in it stands in words, as everywhere on the pages."""
    words = {name: day(fact) if isinstance(fact, date) else fact for name, fact in error.facts.items()}
    return catalogue(get_language() or "en").gettext(error.sentence).format(**words)


def render_error(request: HttpRequest, error: DauysError, **context: Any) -> HttpResponse:
    """The page of one error, with its status; never cached.

    Of `context` the page knows: `petition` (offers its page), `fresh_url` (a fresh signing request, offered first),
    `retry_url` (the same again). While signing, `petition` and `retry_url` are found from the token in the address.
    """
    facts = {
        "error": error,
        "headline": headline(error),
        "sentence": sentence(error),
        "nothing_counted": isinstance(error, SignatureRejected | RequestError),
    }
    while_signing = {} if "petition" in context else _while_signing(request, error)
    response = render(request, "portal/problem.html", facts | while_signing | context, status=error.status)
    response.headers["Cache-Control"] = "no-store"
    if isinstance(error, Overloaded):
        response.headers["Retry-After"] = str(error.facts.get("seconds", 5))
    return response


def _while_signing(request: HttpRequest, error: DauysError) -> dict[str, Any]:
    """The petition of the token in the address, and where signing goes on: the same request if it may still serve."""
    from dauys.portal.signing import petition_of, signing_requests  # noqa: PLC0415 - signing imports this module

    match = request.resolver_match
    if match and "login" in match.kwargs:
        return {"retry_url": reverse("login")}
    token = match.kwargs.get("token") if match else None
    if token is None or is_act(token):
        return {}
    try:
        asked = signing_requests().open(token, timezone.now())
    except (RequestForged, NotFound):  # another page's token, such as a letter's link, or nobody's
        return {}
    petition = petition_of(asked)
    if isinstance(error, SignatureRejected | Overloaded) and not asked.expired(timezone.now()):
        return {"petition": petition, "retry_url": reverse("sign-way", args=[token])}
    if isinstance(error, RequestError):
        return {"petition": petition, "retry_url": reverse("sign", args=[petition.pk])}
    return {"petition": petition}


class ProblemMiddleware:
    """Turns a DauysError raised by a view into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes everything on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a DauysError; other exceptions stay exceptions."""
        return render_error(request, error) if isinstance(error, DauysError) else None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 of addresses nobody answers."""
    del exception  # Django passes it by this name; its words are for programmers
    return render_error(request, NotFound())


def broken(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither the database nor the network."""
    return render(request, "portal/broken.html", {"error": DauysError()}, status=500)
