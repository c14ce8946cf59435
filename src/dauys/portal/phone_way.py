"""What a page needs to be signed by phone: the QR code as squares of an inline SVG, and the link for the same phone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from dauys.desk.qr import code
from dauys.intake import egov
from dauys.intake.phone_answers import ANSWERS
from dauys.portal.context import base_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from dauys.intake.phone_answers import PhoneAnswer


def phone_said(nonce: bytes) -> PhoneAnswer | None:
    """What the phone last answered instead of a signature; for the browser that asked alone."""
    return ANSWERS.last(nonce, timezone.now())


def news(request: HttpRequest, said: PhoneAnswer | None, page: str) -> HttpResponse | None:
    """Where an open page's script goes when the phone has answered since it was loaded (htmx follows HX-Redirect)."""
    times = said.times if said else 0
    if not times or request.GET.get("told") == str(times):
        return None
    # another query than before, since a browser loads no page again for a fragment alone
    return HttpResponse(headers={"HX-Redirect": f"{page}{'&' if '?' in page else '?'}told={times}#phone-said"})


def phone_context(request: HttpRequest, token: str, signer: Mapping[str, object] | None = None) -> dict[str, object]:
    """`code`, `app_link` and, in the demonstration, `demo_phone`: where the demo phone shows this code to `signer`."""
    url = egov.invitation_url(base_url(request), token)
    text = egov.qr_text(url)
    return {"code": code(text), "app_link": egov.app_link(url), "demo_phone": _demo_phone(text, signer)}


def _demo_phone(text: str, signer: Mapping[str, object] | None) -> str:
    """The link, empty where no demo phone runs; whoever signs by virtue of an office (`note`) does so this once."""
    if not settings.DAUYS_DEMO_PHONE:
        return ""
    sent = {"language": get_language() or "kk", "code": text}
    if signer:
        sent |= {"citizen": str(signer["number"])} | ({"once": "1"} if signer.get("note") else {})
    return f"{settings.DAUYS_DEMO_PHONE}/?{urlencode(sent)}"
