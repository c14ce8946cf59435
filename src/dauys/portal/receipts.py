"""Checking a receipt in the browser, with the very function that the command line uses offline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from dauys.desk.models import LedgerLog
from dauys.errors import DauysError, ReceiptMalformed
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from dauys.ledger.moments import parse_hour
from dauys.petitions import queries
from dauys.translog.note import Verifier
from dauys.translog.proof import verify_receipt

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LARGEST = 64 * 1024  # bytes; a receipt of a log of 2^40 entries is under 8 KiB


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """A form for a file or a pasted text; after POST, yes or no in words and what was checked. Nothing is kept."""
    if request.method != "POST":
        return render(request, "portal/receipt.html")
    context: dict[str, Any]
    try:
        receipt, checkpoint = verify_receipt(_sent(request), [Verifier.parse(LedgerLog.objects.get().vkey)])
        context = {"receipt": receipt, "checkpoint": checkpoint, **_stands_for(decode_leaf(receipt.entry or b""))}
    except DauysError as error:
        context = {
            "error": error,
            "damaged": isinstance(error, ReceiptMalformed),
            "detail": error.facts.get("what", ""),
        }
    return render(request, "portal/receipt.html", context)


def _stands_for(leaf: object) -> dict[str, object]:
    """The petition that the entry signs, and the hour; nothing for other kinds of entries."""
    if not isinstance(leaf, PetitionSignature):
        return {}
    number = leaf.subject.removeprefix("petition/")
    petition = queries.published().filter(pk=number).first()
    text = petition and queries.version(petition.texts.all(), get_language() or "kk")
    return {"petition": petition, "text": text, "hour": datetime.fromtimestamp(parse_hour(leaf.hour) * 3600, UTC)}


def _sent(request: HttpRequest) -> str:
    """The receipt of the form: the file before the pasted text."""
    file = request.FILES.get("file")
    raw = file.read() if file and file.size and file.size <= LARGEST else request.POST.get("text", "").encode()
    try:
        text = raw[:LARGEST].decode().replace("\r\n", "\n").lstrip()
    except UnicodeDecodeError:
        raise ReceiptMalformed(what="not a text") from None
    if not text:
        raise ReceiptMalformed(what="nothing was sent")
    return text if text.endswith("\n") else text + "\n"
