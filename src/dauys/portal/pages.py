"""Pages that belong to no office: home, the log, privacy, accessibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dauys.desk.models import LedgerLog
from dauys.petitions import queries
from dauys.petitions.jurisdiction import rules_of
from dauys.portal.witnesses import policy, watchers
from dauys.translog.renewal import small_lines

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ON_HOME = 3  # petitions of each kind


@require_safe
def welcome(_request: HttpRequest) -> HttpResponse:
    """Sends a reader to the home page in their language; Kazakh where the browser asks for none of ours."""
    response = HttpResponseRedirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the totals, the petitions nearest to their threshold, those that await an answer and the newest."""
    now, language = timezone.now(), get_language() or "kk"
    nearest = queries.cards(queries.nearest(now=now)[:ON_HOME], language, now=now)
    others = queries.listed(state="open", now=now).exclude(pk__in=[card.petition.pk for card in nearest])
    context = {
        "totals": queries.totals(now=now),
        "nearest": nearest,
        "awaiting": queries.cards(queries.listed(state="awaiting", now=now)[:ON_HOME], language, now=now),
        "rules": rules_of(now),
        "newest": queries.cards(others[:ON_HOME], language, now=now),
    }
    return render(request, "portal/home.html", context)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The public log: its name, key, newest checkpoint and witnesses, and how to check it."""
    opened = LedgerLog.objects.first()
    note = opened.published_checkpoint if opened else ""
    shown = small_lines(note) if note else ""
    context = {"watchers": watchers(note, policy()), "checkpoint": shown, "shortened": shown != note}
    return render(request, "portal/log.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, what is public, for how long."""
    return render(request, "portal/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")
