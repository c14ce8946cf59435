"""Refuses forms sent from other sites, without a token or a cookie.

A token in a form would make every page that holds one private and uncacheable, at a surge the worst of times. Browsers
say themselves where a request comes from: all since 2023 send Sec-Fetch-Site (W3C Fetch Metadata), and all send Origin
with a POST. A client that sends neither is no browser, so no other site can be steering it. The same reasoning stands
behind CrossOriginProtection in Go 1.25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dauys.errors import CrossSite
from dauys.portal.problems import render_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110 section 9.2.1; they change nothing here


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site made the browser send this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    # The scheme is left out on purpose: behind a proxy that ends TLS we do not know ours.
    return origin is not None and urlsplit(origin).netloc != request.get_host()


class CrossSiteMiddleware:
    """Answers an unsafe request from elsewhere with `CrossSite` before any view sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes on what may pass."""
        if request.method not in SAFE_METHODS and comes_from_elsewhere(request):
            return render_error(request, CrossSite())
        return self.get_response(request)
