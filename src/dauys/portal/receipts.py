"""Checking a receipt in the browser, with the very function that the command line uses offline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from dauys.desk.transactions import reading_connection
from dauys.errors import DauysError, ReceiptMalformed
from dauys.ledger import sqlite
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from dauys.ledger.log_keys import read_keyring
from dauys.ledger.moments import parse_hour
from dauys.ledger.receipts import best_receipt
from dauys.petitions import queries
from dauys.petitions.timeline import Entry
from dauys.portal.login import keys
from dauys.portal.witnesses import cosigners
from dauys.translog.proof import verify_by

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dauys.translog.checkpoint import Checkpoint
    from dauys.translog.proof import Receipt

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
        receipt, checkpoint = _verified(sent)
        context = {
            "receipt": receipt,
            "checkpoint": checkpoint,
            **stands_for(receipt.index, decode_leaf(receipt.entry or b"")),
        }
        context["cosigners"] = cosigners(receipt.checkpoint)
        context["taken_back"] = sqlite.taken_back_by(reading_connection(), receipt.index)
    except DauysError as error:
        context = {
            "error": error,
            "damaged": isinstance(error, ReceiptMalformed),
            "detail": error.facts.get("what", ""),
        }
    return render(request, "portal/receipt.html", context)


@require_POST
@cache_control(no_store=True)
def renewed(request: HttpRequest) -> HttpResponse:
    """The receipt again, with the cosignatures of the published checkpoint where there are; back to the check if it is none."""
    try:
        receipt, _ = _verified(_sent(request))
    except DauysError:
        return HttpResponseRedirect(reverse("check-receipt"))
    text = best_receipt(reading_connection(), keys().log, receipt.index)
    headers = {"Content-Disposition": f'attachment; filename="dauys-{receipt.index}.tlog-proof"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def _verified(sent: bytes) -> tuple[Receipt, Checkpoint]:
    return verify_by(read_keyring(reading_connection()), _text(sent))


def stands_for(index: int, leaf: Any) -> dict[str, object]:
    """What an entry is of: a petition, and either the hour of a signature or the `step` of its life; nothing otherwise."""
    kind, _, number = getattr(leaf, "subject", "").partition("/")
    petition = queries.published().filter(pk=number).first() if kind == "petition" else None
    if petition is None:
        return {}
    found = {"petition": petition, "text": queries.version(petition.texts.all(), get_language() or "kk")}
    if isinstance(leaf, PetitionSignature):
        return found | {"hour": datetime.fromtimestamp(parse_hour(leaf.hour) * 3600, UTC)}
    event = petition.events.filter(index=index).first()
    return found | {"step": Entry(index, event.kind.partition(".")[2], event.moment, leaf, {})} if event else {}


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
