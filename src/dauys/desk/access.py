"""Who is behind a request, and which pages open to whom.

@official(Role.MODERATOR)
def queue(request: HttpRequest) -> HttpResponse: …
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control

from dauys.desk.services import LoggedIn, logged_in
from dauys.desk.sessions import CITIZEN, OFFICIAL
from dauys.errors import RoleMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from dauys.desk.staff import Role

SESSION = "dauys_session"
SAFE = frozenset({"GET", "HEAD"})
LOOPBACK = frozenset({"127.0.0.1", "::1"})
_KEPT = "_dauys_logged_in"  # on the request: it is asked for more than once


def person_of(request: HttpRequest) -> LoggedIn | None:
    """Who is logged in with this browser. Only for views that are `no-store`: public pages never ask."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, logged_in(session_token(request), timezone.now()))
    found: LoggedIn | None = getattr(request, _KEPT)
    return found


def session_token(request: HttpRequest) -> str:
    """The token in the browser's cookie, or empty."""
    return request.COOKIES.get(cookie_name(request, SESSION), "")


def citizen(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For anyone who is logged in; others log in first and come back."""
    return _guarded(view, CITIZEN, lambda _who: True)


def official(*roles: Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For officials in office with any of these tasks (none named: any official); RoleMissing for others."""

    def allowed(who: LoggedIn) -> bool:
        if roles and not who.roles & set(roles):
            raise RoleMissing
        return True

    return lambda view: _guarded(view, OFFICIAL, lambda who: who.official is not None and allowed(who))


def _guarded(
    view: Callable[..., HttpResponse], role: str, allowed: Callable[[LoggedIn], bool]
) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **values: object) -> HttpResponse:
        who = person_of(request)
        return view(request, *args, **values) if who and allowed(who) else to_log_in(request, role)

    return cache_control(no_store=True)(guarded)


def to_log_in(request: HttpRequest, role: str) -> HttpResponse:
    """To the log-in page, and after it back to this page if it can be asked for again."""
    wanted = {"next": request.get_full_path()} if request.method in SAFE else {}
    query = urlencode(wanted | ({"role": role} if role != CITIZEN else {}))
    return HttpResponseRedirect(f"{reverse('login')}?{query}", status=303)


def local_address(address: str) -> str:
    """The address if it is a path of this site, otherwise empty: nobody is sent elsewhere by a link to us."""
    local = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    # A browser reads a backslash as a slash: `/\\ ` would be another host.
    return address if local and address.isprintable() and "\\" not in address else ""


def base_url(request: HttpRequest) -> str:
    """The site's address without a slash at the end: as set, or as the visitor wrote it."""
    public: str = settings.DAUYS_EGOV.public_url
    return public or f"{request.scheme}://{request.get_host()}"


def visitor_address(request: HttpRequest) -> str:
    """Where a visitor comes from: what a proxy on this machine appended to X-Forwarded-For, or else the connection's own."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return told if told and peer in LOOPBACK and settings.DAUYS_EGOV.public_url else peer


def cookie_name(request: HttpRequest, name: str) -> str:
    """With the prefix that binds a cookie to this host over TLS (RFC 6265bis 4.1.3), where there is TLS."""
    return f"__Host-{name}" if is_secure(request) else name


def is_secure(request: HttpRequest) -> bool:
    """Whether the visitor's connection is encrypted, as far as we are told."""
    return request.is_secure() or settings.DAUYS_EGOV.public_url.startswith("https://")


def give_cookie(
    request: HttpRequest, response: HttpResponse, name: str, value: str, seconds: int | None = None
) -> None:
    """Sets a secret that scripts and other sites do not get; without `seconds` the browser forgets it when it closes."""
    secure = is_secure(request)
    response.set_cookie(
        cookie_name(request, name), value, max_age=seconds, secure=secure, httponly=True, samesite="Lax"
    )


def drop_cookie(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Takes it back; a browser heeds it for a `__Host-` name only if it is marked secure again."""
    response.set_cookie(
        cookie_name(request, name), "", max_age=0, secure=is_secure(request), httponly=True, samesite="Lax"
    )
