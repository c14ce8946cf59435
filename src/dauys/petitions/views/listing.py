"""The list of petitions: search, filter, sort, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dauys.petitions import queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 12
LONGEST_QUERY = 120  # characters


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Petitions that match `q`, `state` and `sort`; whatever else is asked reads as not asked."""
    query = request.GET.get("q", "").strip().replace("\0", "")[:LONGEST_QUERY]
    state = request.GET.get("state", "")
    order = request.GET.get("sort", "newest")
    state, order = state if state in queries.FILTERS else "", order if order in queries.ORDERS else "newest"
    now = timezone.now()
    pages = Paginator(queries.listed(query, state, order, now=now), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "query": query,
        "state": state,
        "order": order,
        "page": page,
        "total": pages.count,
        "cards": queries.cards(page.object_list, get_language() or "kk", now=now),
    }
    return render(request, "petitions/list.html", context)
