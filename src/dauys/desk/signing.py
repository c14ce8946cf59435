"""How a view of an office has something signed; the pages for it are the portal's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def begin_act(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """Asks this browser for a signature on an act ("petition.withdrawal", "petition/12"); whatever is against it is raised.

    Check first who may: whoever signs is checked by the act itself.
    """
    response: HttpResponse = import_string(settings.DAUYS_BEGIN_ACT)(request, kind, reference)
    return response
