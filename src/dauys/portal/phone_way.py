"""What a page needs to be signed by phone: the QR code as squares of an inline SVG, and the link for the same phone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import get_language

from dauys.desk.qr import code
from dauys.intake import egov
from dauys.portal.context import base_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


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
