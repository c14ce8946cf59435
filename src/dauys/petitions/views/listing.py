"""The lists of petitions: search, filter, sort, page by page; for people, and the same as JSON and CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dauys.petitions import queries
from dauys.petitions.views.open_data import told

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.paginator import Page
    from django.http import HttpRequest

PER_PAGE, ROWS = 12, 500  # of a page, of an answer for programs
LONGEST_QUERY = 120  # characters
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets run; OWASP "CSV Injection"
COLUMNS = (
    "number", "state", "since", "turn", "due", "working_days_left", "working_days_over", "addressee_kk", "addressee_ru",
    "addressee_en", "title_kk", "title_ru", "title_en", "signatures", "final", "threshold", "opened", "closes", "listed",
    "registered", "decided", "answer", "reasons", "text_sha256",
    "tree_size",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; whatever else was asked reads as not asked."""

    query: str
    state: str
    order: str

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """`q`, `state` and `sort` of an address."""
        query = request.GET.get("q", "").strip().replace("\0", "")[:LONGEST_QUERY]
        state, order = request.GET.get("state", ""), request.GET.get("sort", "")
        return cls(query, state if state in queries.FILTERS else "", order if order in queries.ORDERS else "")

    def page(self, request: HttpRequest, now: datetime, rows: int) -> Page[Any]:
        """The page that is asked for, of so many rows."""
        found = queries.listed(self.query, self.state, self.order, now=now)
        return Paginator(found, rows).get_page(request.GET.get("page"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Petitions that match, as cards."""
    asked, now = Asked.of(request), timezone.now()
    page = asked.page(request, now, PER_PAGE)
    context = {
        "query": asked.query,
        "state": asked.state,
        "order": asked.order or ("due" if asked.state == "awaiting" else "newest"),
        "page": page,
        "total": page.paginator.count,
        "waiting": queries.waiting(now=now),
        "cards": queries.cards(page.object_list, get_language() or "kk", now=now),
    }
    return render(request, "petitions/list.html", context)


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The same list for programs; `next` is the address of the next page, or null."""
    now = timezone.now()
    page = Asked.of(request).page(request, now, ROWS)
    rows = [told(each, now) for each in queries.with_texts(page.object_list)]
    found = {"total": page.paginator.count, "next": _next(request, page), "petitions": rows}
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table; the next page stands in the Link header (RFC 8288)."""
    now, file = timezone.now(), io.StringIO()
    page = Asked.of(request).page(request, now, ROWS)
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(_row(told(each, now)) for each in queries.with_texts(page.object_list))
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="petitions.csv"'
    if following := _next(request, page):
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _next(request: HttpRequest, page: Page[Any]) -> str | None:
    if not page.has_next():
        return None
    query = request.GET.copy()
    query["page"] = str(page.next_page_number())
    return f"{request.path}?{query.urlencode()}"


def _row(facts: dict[str, Any]) -> dict[str, Any]:
    clock = facts["clock"] or {}
    row = {name: facts.get(name, "") for name in COLUMNS}
    row |= {f"addressee_{language}": name for language, name in facts["addressee"].items()}
    row |= {f"title_{language}": title for language, title in facts["titles"].items()}
    row |= {"signatures": facts["published_signatures"], "final": facts["published_final"]}
    row |= {name: clock.get(name, "") for name in ("working_days_left", "working_days_over")}
    row["reasons"] = " ".join(facts["reasons"])
    return {name: f"'{value}" if str(value).startswith(FORMULA) else value for name, value in row.items()}
