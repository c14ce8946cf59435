"""Headers of every page: what it may load, who may frame it, how long it may be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
SECURITY = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# A second is enough for any cache between us and a surge to answer it alone, and short enough for a live count.
PUBLIC = "public, max-age=1, stale-while-revalidate=10"
PRIVATE = "no-store"
KEPT = frozenset({200, 301, 302, 304, 404, 410})


def allow_connections(response: HttpResponse, addresses: Iterable[str]) -> None:
    """Lets the page's scripts connect to these addresses besides its own site."""
    response.headers["Content-Security-Policy"] = f"{POLICY}; connect-src 'self' {' '.join(addresses)}"


class HeadersMiddleware:
    """Sets SECURITY, and a Cache-Control where the view set none: PUBLIC for pages read, PRIVATE for the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers with the headers added."""
        response = self.get_response(request)
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        public = request.method in {"GET", "HEAD"} and response.status_code in KEPT and not response.cookies
        response.headers.setdefault("Cache-Control", PUBLIC if public else PRIVATE)
        return response
