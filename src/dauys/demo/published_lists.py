"""The demo authorities' revocation lists over HTTP, at the addresses that demo certificates name."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import etag, require_safe

from dauys.demo.authority import list_name, lists_of
from dauys.demo.pki import ALGORITHMS
from dauys.ledger.places import Places

if TYPE_CHECKING:
    from django.http import HttpRequest

NAMES = {list_name(algorithm, delta=delta) for algorithm in ALGORITHMS for delta in (False, True)}


def _content(name: str) -> bytes:
    """A list's DER; Http404 where none of that name was issued."""
    if name not in NAMES:
        raise Http404
    try:
        return (lists_of(Places(settings.DAUYS_VAR)) / name).read_bytes()
    except FileNotFoundError:
        raise Http404 from None


@require_safe
@etag(lambda _request, name: f'"{sha256(_content(name)).hexdigest()}"')
def serve(_request: HttpRequest, name: str) -> HttpResponse:
    """The list (RFC 2585 section 4.2), or 304 for who has it."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(_content(name), content_type="application/pkix-crl", headers=headers)
