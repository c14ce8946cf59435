"""The page of whoever is logged in, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from dauys.desk import services
from dauys.desk.access import SESSION, citizen, drop_cookie, official, person_of, session_token
from dauys.desk.bodies import body_name
from dauys.desk.installation import keys
from dauys.desk.mailboxes import Mailbox, keep_mailbox
from dauys.desk.pages import official_of
from dauys.petitions import queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dauys.desk.staff import Official


@require_safe
@citizen
def account(request: HttpRequest) -> HttpResponse:
    """As whom, with which tasks, since when and for how long; and the petitions this person handed in."""
    who = person_of(request)
    assert who is not None
    duties = sorted(duty.get_role_display() for duty in who.official.duties.all()) if who.official else ()
    language = get_language() or "kk"
    context = {
        "who": who,
        "duties": duties,
        "body": body_name(who.official.body, language) if who.official else "",
        "address": _address(who.official) if who.official else "",
        "mine": queries.own_cards(queries.written_by(who.person), language, now=timezone.now()),
    }
    return render(request, "portal/account.html", context)


@require_POST
@official()
def mailbox(request: HttpRequest) -> HttpResponse:
    """Keeps where an official wants to hear of their turn, or forgets it. AddressUnfit."""
    who, language = official_of(request), get_language() or "kk"
    keep_mailbox(keys(), who, request.POST.get("address", ""), language)
    return HttpResponseRedirect(reverse("account"), status=303)


@require_POST
@cache_control(no_store=True)
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends this session, or with `everywhere` all of this person's; then the home page."""
    who = person_of(request)
    if who and "everywhere" in request.POST:
        services.log_out_everywhere(who.person)
    services.log_out(session_token(request))
    response = HttpResponseRedirect(reverse("home"), status=303)
    drop_cookie(request, response, SESSION)
    return response


def _address(official: Official) -> str:
    kept = Mailbox.objects.filter(official=official).first()
    return kept.address(keys()) if kept else ""
