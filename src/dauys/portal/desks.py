"""The way to one's desk, and the record of what officials of all offices did."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dauys.desk.access import official, person_of
from dauys.desk.pages import render_desk
from dauys.desk.record import Action
from dauys.desk.staff import Official, Role
from dauys.petitions.record_words import tell
from dauys.petitions.words import ACTIONS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50
# Where an official begins; of several tasks the first.
DESKS = {
    Role.MODERATOR: "desk-moderation", Role.REVIEWER: "desk-appeals", Role.HEAD: "desk-agency", Role.CLERK: "desk-agency",
    Role.ADMINISTRATOR: "desk-people",
}  # fmt: skip


@require_safe
@official()
def home(request: HttpRequest) -> HttpResponse:
    """To the desk of whoever is logged in."""
    who = person_of(request)
    desks = [name for role, name in DESKS.items() if who and role in who.roles]
    return HttpResponseRedirect(reverse(desks[0] if desks else "account"))


@require_safe
@official(Role.ADMINISTRATOR)
def record(request: HttpRequest) -> HttpResponse:
    """Every action, the newest first; filtered by `by`, `kind`, `about` and `day`."""
    page = Paginator(_filtered(request, Action.objects.order_by("-pk")), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "actions": tell(list(page.object_list), get_language() or "kk"),
        "officials": Official.objects.order_by("name"),
        "kinds": sorted(ACTIONS.items(), key=lambda each: str(each[1])),
    }
    return render_desk(request, "portal/desk/record.html", context)


def _filtered(request: HttpRequest, actions: QuerySet[Action]) -> QuerySet[Action]:
    by, kind, about, day = (request.GET.get(name, "").strip() for name in ("by", "kind", "about", "day"))
    if by.isdecimal() and len(by) < 10:
        actions = actions.filter(by=int(by))
    if kind:
        actions = actions.filter(kind=kind)
    if about:
        actions = actions.filter(subject=f"petition/{about}" if about.isdecimal() else about)
    try:
        actions = actions.filter(at__date=date.fromisoformat(day)) if day else actions
    except ValueError:
        return actions.none()
    return actions
