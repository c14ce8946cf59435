"""“Report this petition”: a reader's word to the moderators, without a log-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from dauys.desk import reports
from dauys.desk.access import visitor_address
from dauys.desk.installation import keys
from dauys.errors import DauysError, SubjectUnknown
from dauys.petitions import queries
from dauys.petitions.states import State

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, number: int) -> HttpResponse:
    """The form; a POST keeps the report and thanks for it. SubjectUnknown where there is no text to report."""
    petition = queries.shown(number)
    if not petition.text_public or petition.state == State.REMOVED:
        raise SubjectUnknown
    problem, status = "", 200
    if request.method == "POST":
        try:
            reports.report(
                keys(), petition.subject_name, request.POST.get("reason", ""), request.POST.get("words", ""),
                visitor_address(request), timezone.now(),
            )  # fmt: skip
        except DauysError as error:
            problem, status = error.explain(get_language() or "kk"), error.status
        else:
            return HttpResponseRedirect(reverse("petition-report", args=[number]) + "?thanks=1", status=303)
    context = {
        "petition": petition,
        "text": queries.version(petition.texts.all(), get_language() or "kk"),
        "reasons": reports.Why.choices,
        "problem": problem,
        "thanks": "thanks" in request.GET,
        "longest": reports.LONGEST,
    }
    return render(request, "petitions/report.html", context, status=status)
