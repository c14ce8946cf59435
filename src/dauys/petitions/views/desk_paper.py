"""Sheets of paper signatures at the moderators' desk: the first entry, the blind second one, what counted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from dauys.desk.access import official
from dauys.desk.installation import keys
from dauys.desk.pages import official_of, render_desk, take_step
from dauys.desk.staff import Role
from dauys.petitions import queries
from dauys.petitions.models import PaperSheet
from dauys.petitions.services import paper

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@official(Role.MODERATOR)
def sheets(request: HttpRequest, number: int) -> HttpResponse:
    """The sheets of a petition that wait, and the form of a new one."""
    if request.method != "POST":
        return _page(request, number)
    who, rows, scan = official_of(request), request.POST.get("numbers", "").split(), _scan(request)
    return take_step(
        lambda: paper.enter(keys(), number, scan, rows, who, timezone.now()),
        lambda: reverse("desk-paper", args=[number]),
        lambda problem, status: _page(request, number, problem, status),
    )


@require_http_methods(["POST"])
@official(Role.MODERATOR)
def sheet(request: HttpRequest, number: int, sheet: int) -> HttpResponse:
    """The second entry, or the sheet is dropped to begin anew."""
    who, now, rows = official_of(request), timezone.now(), request.POST.get("numbers", "").split()

    def step() -> object:
        if "drop" in request.POST:
            return paper.drop(sheet, who, now)
        return paper.enter_again(keys(), sheet, rows, who, now)

    return take_step(
        step,
        lambda: reverse("desk-paper", args=[number]),
        lambda problem, status: _page(request, number, problem, status, sheet),
    )


def _scan(request: HttpRequest) -> str:
    """The SHA-256 of the file that was sent, which is not kept; or as it was typed."""
    file = request.FILES.get("scan")
    return hashlib.sha256(file.read()).hexdigest() if file else request.POST.get("sha256", "").strip().lower()


def _page(
    request: HttpRequest, number: int, problem: str = "", status: int = 200, entered: int | None = None
) -> HttpResponse:
    """`entered` is the sheet whose second entry was refused; what was typed stays in its form, for this answer alone."""
    petition, all_sheets = queries.find(number), PaperSheet.objects.filter(petition=number).order_by("pk")
    context = {
        "petition": petition,
        "text": queries.version(petition.texts.all(), get_language() or "kk"),
        "waiting": all_sheets.filter(index__isnull=True),
        "counted": all_sheets.filter(index__isnull=False),
        "me": official_of(request).pk,
        "problem": problem,
        "entered": entered,
    }
    return render_desk(request, "petitions/desk/paper.html", context, status)
