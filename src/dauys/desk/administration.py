"""The administrator's desk: who holds which task for which body, and the bodies that the rules name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk import services
from dauys.desk.access import official
from dauys.desk.bodies import all_bodies, body_name, known_body
from dauys.desk.pages import keys, official_of, render_desk, take_step
from dauys.desk.staff import Official, Role
from dauys.errors import NotFound, OfficialUnknown
from dauys.identity.iin import Iin

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

FOR_A_BODY = frozenset({Role.CLERK, Role.HEAD})


@require_http_methods(["GET", "HEAD", "POST"])
@official(Role.ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    """Everyone in office; a POST appoints or dismisses, with effect at once."""
    if request.method != "POST":
        return _page(request)
    return take_step(
        lambda: _take(request, timezone.now()),
        lambda: reverse("desk-people"),
        lambda problem, status: _page(request, problem, status),
    )


@require_safe
@official(Role.ADMINISTRATOR)
def all_of_them(request: HttpRequest) -> HttpResponse:
    """The bodies of the rules with how many officials each has here."""
    language, now = get_language() or "kk", timezone.now()
    held = list(Official.objects.filter(active=True).values_list("body", flat=True))
    rows = [
        (each.body.code, each.body.name.say(language), each.unit.name.say(language), held.count(each.body.code))
        for each in all_bodies(now)
    ]
    return render_desk(request, "desk/bodies.html", {"bodies": rows})


def _take(request: HttpRequest, now: datetime) -> None:
    sent, by = request.POST, official_of(request).person
    if sent.get("step") == "dismiss":
        services.dismiss(_person(sent.get("official", "")), now, by)
    elif sent.get("step") == "appoint":
        role, body = sent.get("role", ""), sent.get("body", "")
        if body or role in FOR_A_BODY:
            known_body(body, now)
        iin = Iin.parse(sent.get("iin", "").strip())
        services.appoint(keys(), iin, role, sent.get("name", "").strip(), body, now, by)
    else:
        raise NotFound


def _person(number: str) -> str:
    found = Official.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise OfficialUnknown
    return found.person


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    language, now = get_language() or "kk", timezone.now()
    found = Official.objects.filter(active=True).prefetch_related("duties").order_by("name")
    context = {
        "problem": problem,
        "officials": [
            (each, body_name(each.body, language), [duty.get_role_display() for duty in each.duties.all()])
            for each in found
        ],
        "all_roles": Role.choices,
        "bodies": [(each.body.code, each.body.name.say(language)) for each in all_bodies(now)],
    }
    return render_desk(request, "desk/people.html", context, status)
