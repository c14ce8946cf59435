"""The administrator's desk: who holds which task for which body, and the bodies that the rules name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk import services
from dauys.desk.access import official
from dauys.desk.bodies import all_bodies, body_name, known_body
from dauys.desk.installation import keys
from dauys.desk.pages import official_of, render_desk, take_step
from dauys.desk.staff import Official, Role, StaffChange
from dauys.errors import IinMistyped, NotFound, OfficialUnknown
from dauys.identity.iin import Iin

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from dauys.rules.bodies import Addressee

FOR_A_BODY = frozenset({Role.CLERK, Role.HEAD})


@require_http_methods(["GET", "HEAD", "POST"])
@official(Role.ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    """Everyone in office; a POST appoints or dismisses, with effect at once."""
    if request.method != "POST":
        return _page(request)
    return take_step(
        lambda: _take(request, timezone.now()),
        lambda: f"{reverse('desk-people')}?done=1",
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
        services.dismiss(_person(sent.get("official", "")), now, by, sent.get("role", ""))
    elif sent.get("step") == "appoint":
        role, body = sent.get("role", ""), sent.get("body", "")
        if body or role in FOR_A_BODY:
            known_body(body, now)
        services.appoint(keys(), Iin.typed(sent.get("iin", "")), role, sent.get("name", "").strip(), body, now, by)
    else:
        raise NotFound


def _mistyped(iin: str | None) -> bool:
    """Whether the form that was sent names no personal number in its field for one."""
    try:
        return iin is not None and not Iin.typed(iin)
    except IinMistyped:
        return True


def _person(number: str) -> str:
    found = Official.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise OfficialUnknown
    return found.person


def _last(who: Official) -> StaffChange | None:
    """What this administrator changed last."""
    return StaffChange.objects.select_related("official").filter(by=who.person).order_by("-pk").first()


def _places(found: Iterable[Addressee], language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Bodies by code and name under the country, regions and cities they are of, in the order of the rules."""
    by_unit: dict[str, list[tuple[str, str]]] = {}
    for each in found:
        by_unit.setdefault(each.unit.name.say(language), []).append((each.body.code, each.body.name.say(language)))
    return list(by_unit.items())


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    language, now = get_language() or "kk", timezone.now()
    found = Official.objects.filter(active=True).prefetch_related("duties").order_by("name")
    context = {
        "problem": problem,
        "mistyped": bool(problem) and _mistyped(request.POST.get("iin")),
        "candidate": import_string(settings.DAUYS_CANDIDATE)() if settings.DAUYS_CANDIDATE else None,
        "last": _last(official_of(request)) if "done" in request.GET and not problem else None,
        "officials": [
            (each, body_name(each.body, language), [(duty.role, duty.get_role_display()) for duty in each.duties.all()])
            for each in found
        ],
        "all_roles": [(each.value, each.label, each in FOR_A_BODY) for each in Role],
        "places": _places(all_bodies(now), language),
    }
    return render_desk(request, "desk/people.html", context, status)
