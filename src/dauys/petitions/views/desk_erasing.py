"""The administrators' desk for public texts that must go: what a petition shows, what was proposed, two persons."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from dauys.desk.access import official
from dauys.desk.claims import names_of
from dauys.desk.pages import official_of, render_desk, take_step
from dauys.desk.staff import Role
from dauys.errors import NotFound
from dauys.petitions import queries
from dauys.petitions.erasures import ErasureProposal
from dauys.petitions.models import Petition
from dauys.petitions.services import erasing
from dauys.petitions.words import ACTIONS, ERASABLE, ERASURE_REASONS

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from dauys.desk.staff import Official


@require_http_methods(["GET", "HEAD", "POST"])
@official(Role.ADMINISTRATOR)
def erasures(request: HttpRequest) -> HttpResponse:
    """Proposals that wait, and everything public of the petition that is asked for; a POST proposes, confirms or drops."""
    if request.method != "POST":
        return _page(request)
    return take_step(
        lambda: _take(request, official_of(request), timezone.now()),
        lambda: f"{reverse('desk-erasures')}?{urlencode({'petition': _number(request) or ''})}",
        lambda problem, status: _page(request, problem, status),
    )


def _take(request: HttpRequest, who: Official, now: datetime) -> None:
    number, sent = _number(request), request.POST
    step, sha256 = sent.get("step"), sent.get("sha256", "")
    if number is None:
        raise NotFound
    if step == "propose":
        erasing.propose(number, sha256, sent.get("reason", ""), _order(request), who, now)
    elif step == "confirm":
        erasing.confirm(number, sha256, who, now)
    elif step == "drop":
        erasing.drop(number, sha256, who, now)
    else:
        raise NotFound


def _order(request: HttpRequest) -> str:
    """The SHA-256 of a court order: of the file, or as it was typed."""
    file = request.FILES.get("order")
    if file is None:
        return request.POST.get("order_sha256", "").strip().lower()
    return hashlib.sha256(b"".join(file.chunks())).hexdigest()


def _number(request: HttpRequest) -> int | None:
    asked = (request.POST.get("petition") or request.GET.get("petition", "")).strip()
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    number, language = _number(request), get_language() or "kk"
    waiting = list(ErasureProposal.objects.select_related("petition").order_by("made_at"))
    petition = Petition.objects.filter(pk=number).first() if number is not None else None
    proposed = {proposal.sha256 for proposal in waiting}
    context: dict[str, Any] = {
        "problem": problem,
        "me": official_of(request).pk,
        "asked": number,
        "petition": petition,
        "title": queries.version(petition.texts.all(), language) if petition else None,
        "now_signed": bool(petition and petition.opens_at and petition.is_open(timezone.now())),
        "texts": [(each, _what(each.what), each.sha256 in proposed) for each in erasing.erasable(petition)]
        if petition
        else [],
        "waiting": _waiting(waiting),
        "reasons": ERASURE_REASONS.items(),
    }
    return render_desk(request, "petitions/desk/erasures.html", context, status)


def _waiting(waiting: list[ErasureProposal]) -> list[tuple[ErasureProposal, Any, str, str, Any]]:
    """Each with what it is about, and by whom."""
    names = names_of(proposal.by for proposal in waiting)
    return [
        (each, _about(each), names.get(each.by, ""), f"№ {each.by}", ERASURE_REASONS[each.reason]) for each in waiting
    ]


def _about(proposal: ErasureProposal) -> Any:
    found = (each for each in erasing.erasable(proposal.petition) if each.sha256 == proposal.sha256)
    each = next(found, None)
    return (_what(each.what), each.beginning) if each else ("", "")


def _what(what: str) -> str:
    return gettext(str(ERASABLE[what])) if what in ERASABLE else str(ACTIONS.get(what, what))
