"""Checking a receipt in the browser, with the very function that the command line uses offline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from dauys.desk.models import LedgerLog
from dauys.errors import DauysError, ReceiptMalformed
from dauys.ledger import sqlite
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from dauys.ledger.moments import parse_hour
from dauys.petitions import queries
from dauys.portal.signing import signing_requests
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
    sent = _sent(request)
    if not sent:
        return render(request, "portal/receipt.html", {"missing": True}, status=400)
    context: dict[str, Any]
    try:
        receipt, checkpoint = verify_receipt(_text(sent), [Verifier.parse(LedgerLog.objects.get().vkey)])
        context = {"receipt": receipt, "checkpoint": checkpoint, **_stands_for(decode_leaf(receipt.entry or b""))}
        context["taken_back"] = sqlite.taken_back_by(signing_requests().connection, receipt.index)
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


def _sent(request: HttpRequest) -> bytes:
    """What the form brought: the file before the pasted text; one byte too many of a file that is too large."""
    file = request.FILES.get("file")
    return file.read(LARGEST + 1) if file else request.POST.get("text", "").strip().encode()


def _text(sent: bytes) -> str:
    """The receipt in it; ReceiptMalformed for what is no text or larger than any receipt."""
    if len(sent) > LARGEST:
        raise ReceiptMalformed(what=f"larger than {LARGEST} bytes")
    try:
        text = sent.decode().replace("\r\n", "\n").lstrip()
    except UnicodeDecodeError:
        raise ReceiptMalformed(what="not a text") from None
    return text if text.endswith("\n") else text + "\n"
