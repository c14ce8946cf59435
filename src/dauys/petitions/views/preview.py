"""A draft as it will look, its signing, and the petition once it is handed in and waits for moderation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk.signing import begin_act
from dauys.ledger.moments import parse_moment
from dauys.petitions import picker
from dauys.petitions.canonical import text_sha256
from dauys.petitions.jurisdiction import rules_of
from dauys.petitions.readiness import problems
from dauys.petitions.services import drafting
from dauys.petitions.terms import terms_of
from dauys.petitions.views.holding import secret_of
from dauys.rules.clocks import Clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def preview(request: HttpRequest) -> HttpResponse:
    """Exactly what will be public; the button asks for the author's signature."""
    secret, now, language = secret_of(request), timezone.now(), get_language() or "kk"
    draft = drafting.find(secret)
    if draft.petition_id is not None:
        return HttpResponseRedirect(reverse("draft-handed-in"), status=303)
    rules = rules_of(now)
    found = problems(draft, rules, now)
    if request.method == "POST" and not found:
        return begin_act(request, "petition.submission", f"draft/{draft.pk}")
    versions = sorted(
        (each for each in draft.versions.values() if each.title), key=lambda each: each.language != draft.language
    )
    shown = draft.versions.get(request.GET.get("text", language)) or draft.versions.get(draft.language)
    signed = draft.versions.get(draft.language)
    context = {
        "draft": draft, "problems": found, "versions": versions, "text": shown, "rules": rules, "page": "preview",
        "asks": picker.asked(draft.body, language, rules, now), "private_link": reverse("draft-link", args=[secret]),
        "text_sha256": text_sha256(signed.title, signed.text, draft.attached) if signed and not found else "",
        "missing": {problem.page for problem in found},
    }  # fmt: skip
    return render(request, "petitions/draft/preview.html", context, status=400 if request.method == "POST" else 200)


@require_safe
@cache_control(no_store=True)
def handed_in(request: HttpRequest) -> HttpResponse:
    """The petition of this browser's draft in moderation, with its clock."""
    draft = drafting.find(secret_of(request))
    if draft.petition is None:
        return HttpResponseRedirect(reverse("draft-preview"), status=303)
    petition, life = draft.petition, draft.petition.life
    pack = terms_of(petition.rules).pack
    clock = Clock(pack.calendar, parse_moment(life.submitted), pack.moderation.working_days)
    signed = draft.versions[draft.language]
    context = {"petition": petition, "life": life, "signed": signed, "clock": clock, "left": clock.left(timezone.now())}
    context |= {"rules": pack, "waiting": petition.state == "moderation"}
    return render(request, "petitions/draft/handed_in.html", context)
