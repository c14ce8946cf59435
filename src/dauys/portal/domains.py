"""The page of true addresses: the list that the log's key signs, and how to tell a new domain from a false one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dauys.desk.models import LedgerLog
from dauys.errors import AddressesInvalid
from dauys.ledger.places import Places
from dauys.ledger.true_addresses import read_addresses
from dauys.translog.note import Verifier

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dauys.translog.addresses import Addresses


@require_safe
def domains(request: HttpRequest) -> HttpResponse:
    """The list by kinds, and what it says of the address in the reader's own browser."""
    addresses = _signed()
    own = f"{request.scheme}://{request.get_host()}"
    known = addresses.kind_of(own) if addresses else ""
    signed_on = datetime.fromisoformat(addresses.date) if addresses else None
    return render(
        request,
        "portal/domains.html",
        {"addresses": addresses, "signed_on": signed_on, "listed": _by_kind(addresses), "own": own, "known": known},
    )


def _signed() -> Addresses | None:
    """A list that does not hold is no list: better none than a false one."""
    opened = LedgerLog.objects.first()
    try:
        return read_addresses(Places(settings.DAUYS_VAR), [Verifier.parse(opened.vkey)]) if opened else None
    except AddressesInvalid:
        return None


def _by_kind(addresses: Addresses | None) -> dict[str, list[str]]:
    return {kind: addresses.of(kind) for kind in ("site", "mirror", "gone")} if addresses else {}
