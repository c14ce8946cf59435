"""What every page knows: the mode, the log its numbers come from, the languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from dauys.desk.access import base_url
from dauys.desk.models import LedgerLog
from dauys.portal.witnesses import policy

if TYPE_CHECKING:
    from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates; the log is read only where a page shows it, once."""
    return {
        "demo": settings.DAUYS_MODE == "demo",
        "log": SimpleLazyObject(LedgerLog.objects.first),
        "log_url": settings.DAUYS_LOG_URL,
        "watched": SimpleLazyObject(lambda: policy().witnesses),
        "site_languages": settings.LANGUAGES,
        "base_url": base_url(request),
        "count_seconds": settings.DAUYS_COUNT_SECONDS,
    }
