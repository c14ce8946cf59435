"""Following a petition by e-mail: ask, confirm by a link, leave by one press or one click of a mail program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from dauys.desk import followers
from dauys.desk.installation import keys
from dauys.errors import AddressUnfit
from dauys.petitions import queries
from dauys.petitions.services import noticing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """The form; sent, it says that a letter is on its way, whoever follows already."""
    petition, language = queries.shown(number), get_language() or "kk"
    address, chosen = request.POST.get("address", ""), request.POST.get("language", language)
    context = {"petition": petition, "sent": "sent" in request.GET, "address": address}
    if request.method != "POST":
        return render(request, "petitions/follow.html", context)
    try:
        noticing.follow(keys(), number, address, chosen if chosen in ("kk", "ru", "en") else language, timezone.now())
    except AddressUnfit as error:
        return render(request, "petitions/follow.html", context | {"problem": error.explain(language)}, status=400)
    return HttpResponseRedirect(reverse("follow", args=[number]) + "?sent=1", status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def confirm(request: HttpRequest, link: str) -> HttpResponse:
    """A button: a mail program that opens links by itself says yes to nothing. LinkExpired."""
    follower = followers.of_token(keys(), link)
    done = request.method == "POST"
    if done or follower is None:
        follower = followers.confirm(keys(), link, timezone.now())
    number = int(follower.subject.rpartition("/")[2])
    return render(request, "petitions/follow_confirm.html", {"number": number, "done": done})


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def leave(request: HttpRequest, link: str) -> HttpResponse:
    """A button, and what a mail program's own button posts to (RFC 8058): the address is forgotten."""
    done, subject = request.method == "POST", ""
    if done:
        subject = followers.leave(keys(), link)
    return render(request, "petitions/follow_leave.html", {"done": done, "number": subject.rpartition("/")[2]})
