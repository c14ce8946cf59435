"""What a page needs to be signed by phone: the QR code as squares of an inline SVG, and the link for the same phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from dauys.desk.qr import code
from dauys.intake import egov
from dauys.portal.context import base_url

if TYPE_CHECKING:
    from django.http import HttpRequest


def phone_context(request: HttpRequest, token: str) -> dict[str, object]:
    """`code`, `app_link` and, in the demonstration, `demo_phone`: the base address of the demo phone, or empty."""
    url = egov.invitation_url(base_url(request), token)
    return {
        "code": code(egov.qr_text(url)),
        "app_link": egov.app_link(url),
        "demo_phone": settings.DAUYS_DEMO_PHONE,
    }
