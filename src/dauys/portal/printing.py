"""A receipt as a page to print: what was signed, where it stands, and a code that opens the page that checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from dauys.desk.qr import LONGEST, code
from dauys.desk.transactions import reading_connection
from dauys.errors import DauysError
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.log_keys import read_keyring
from dauys.portal.context import base_url
from dauys.portal.receipts import stands_for
from dauys.translog.compact import slimmed, to_compact
from dauys.translog.proof import verify_by

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
@cache_control(no_store=True)
def from_text(request: HttpRequest) -> HttpResponse:
    """The page for a receipt that was just checked; back to the check where it does not hold."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        return printed(request, text)
    except DauysError:
        return HttpResponseRedirect(reverse("check-receipt"))


def printed(request: HttpRequest, text: str) -> HttpResponse:
    """The page for a receipt's text; ReceiptInvalid where it does not hold by this log's key."""
    receipt, checkpoint = verify_by(read_keyring(reading_connection()), text)
    address = f"{base_url(request)}{reverse('check-here')}#r={to_compact(slimmed(receipt))}"
    context = {
        "receipt": receipt,
        "checkpoint": checkpoint,
        "root": checkpoint.root.hex(),
        "code": code(address) if len(address) <= LONGEST else None,
    }
    return render(
        request, "portal/receipt_print.html", context | stands_for(receipt.index, decode_leaf(receipt.entry or b""))
    )
