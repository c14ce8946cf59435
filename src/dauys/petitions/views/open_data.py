"""The same facts for programs: a petition as JSON, and the proof that a step of its life stands in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dauys.desk.models import LedgerLog
from dauys.desk.transactions import reading_connection
from dauys.errors import SubjectUnknown
from dauys.ledger.receipts import best_receipt
from dauys.petitions import queries
from dauys.petitions.acts.common import keys
from dauys.petitions.models import PetitionEvent
from dauys.petitions.public import facts
from dauys.petitions.states import State
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

GONE = 410


@require_safe
def one(_request: HttpRequest, number: int) -> HttpResponse:
    """Everything public about one petition, with its steps as they stand in the log; 410 where it was removed."""
    petition, now = queries.shown(number), timezone.now()
    steps = [{"index": event.index, "entry": bytes(event.entry).decode()} for event in petition.events.all()]
    status = GONE if petition.state == State.REMOVED else 200
    return JsonResponse(
        told(petition, now) | {"attachments": attachments(petition), "steps": steps},
        status=status,
        json_dumps_params={"ensure_ascii": False},
    )


def attachments(petition: Any) -> list[dict[str, Any]]:
    """The files that were signed with its text, where the public sees it: each by its hash and where to get it."""
    if not petition.text_public:
        return []
    address = f"/petitions/{petition.pk}/files/"
    return [file.attached._asdict() | {"address": address + file.sha256} for file in petition.attached]


def told(petition: Any, now: datetime) -> dict[str, Any]:
    """The facts of a petition of `queries.published`, its published counts and, where it is public, its text."""
    told = facts(petition.life, terms_of(petition.rules), now)
    told |= {
        "number": petition.pk,
        "published_signatures": petition.signatures,
        "published_final": petition.final,
        "tree_size": petition.tree_size,
        "addressee": {language: petition.addressee(language) for language in ("kk", "ru", "en")},
        "titles": {text.language: text.title for text in petition.texts.all()} if petition.text_public else {},
    }
    return told


@require_safe
def proof(_request: HttpRequest, number: int, index: int) -> HttpResponse:
    """A receipt of one published step: entry, inclusion proof, signed checkpoint. SubjectUnknown for anything else."""
    log = LedgerLog.objects.first()
    known = PetitionEvent.objects.filter(petition=number, index=index).exists()
    if log is None or not known or index >= log.published_size:
        raise SubjectUnknown
    receipt = best_receipt(reading_connection(), keys().log, index)
    name = f"petition-{number}-entry-{index}.tlog-proof"
    return HttpResponse(
        receipt,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
