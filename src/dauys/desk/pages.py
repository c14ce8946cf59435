"""What all pages of the desk share: who is at it, and how a step that was refused is told beside its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from dauys.desk.access import person_of
from dauys.errors import AccessDenied, DauysError, NotFound, RoleMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from dauys.desk.staff import Official


def official_of(request: HttpRequest) -> Official:
    """The official behind a request of a page that `@official` guards."""
    who = person_of(request)
    if who is None or who.official is None:
        raise RoleMissing
    return who.official


def render_desk(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the desk, with `who` is at it, their `roles`, and `sent`: what a form that was refused said."""
    who = person_of(request)
    facts = {"who": who, "roles": who.roles if who else (), "sent": request.POST or request.GET}
    return render(request, template, facts | context, status=status)


def take_step(
    step: Callable[[], object], onward: Callable[[], str], again: Callable[[str, int], HttpResponse]
) -> HttpResponse:
    """Takes a step and goes onward; where the rules refuse it, the page again with the sentence, and nothing typed lost."""
    try:
        step()
    except (AccessDenied, NotFound):
        raise
    except DauysError as error:
        return again(error.explain(get_language() or "kk"), error.status)
    return HttpResponseRedirect(onward(), status=303)
