"""Which draft this browser holds: its secret stands in a cookie, and in the private link that opens it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.desk.access import cookie_name, drop_cookie, give_cookie
from dauys.errors import DraftUnknown
from dauys.petitions.services import drafting
from dauys.petitions.services.sweeping import KEPT

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dauys.petitions.drafts import Draft

COOKIE = "dauys_draft"


def secret_of(request: HttpRequest) -> str:
    """The secret that this browser holds, or empty."""
    return request.COOKIES.get(cookie_name(request, COOKIE), "")


def held_draft(request: HttpRequest) -> Draft | None:
    """The draft of this browser, if there is one. Only for views that are `no-store`."""
    try:
        return drafting.find(secret_of(request))
    except DraftUnknown:
        return None


def give_draft(request: HttpRequest, response: HttpResponse, secret: str) -> HttpResponse:
    """The browser holds this draft from now on."""
    give_cookie(request, response, COOKIE, secret, int(KEPT.total_seconds()))
    return response


def drop_draft(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """It holds none any more."""
    drop_cookie(request, response, COOKIE)
    return response
