"""An author's choice of letters: on their own desk, and by the link of a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from dauys.desk.access import citizen, person_of
from dauys.desk.installation import keys
from dauys.errors import AddressUnfit
from dauys.petitions.services import author_letters
from dauys.petitions.views import mine

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
@citizen
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Keeps the choice; an unfit address is told on the author's desk."""
    who, wish, address = person_of(request), request.POST.get("wish", ""), request.POST.get("address", "")
    assert who is not None  # `citizen` asked
    try:
        author_letters.choose(keys(), number, who.person, wish, address)
    except AddressUnfit as error:
        told = {"address_problem": error.explain(get_language() or "kk"), "address": address, "wish": wish}
        return mine.show(request, number, told, 400)
    return HttpResponseRedirect(reverse("my-petition", args=[number]) + "?letters=kept#letters", status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def leave(request: HttpRequest, link: str) -> HttpResponse:
    """A button, and what a mail program's own button posts to (RFC 8058): only essential letters from now on."""
    done, number = request.method == "POST", None
    if done:
        number = author_letters.leave(keys(), link)
    return render(request, "petitions/author_leave.html", {"done": done, "number": number})
