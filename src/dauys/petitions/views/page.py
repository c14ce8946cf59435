"""The page of one petition, and its count alone for the page that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dauys.petitions import queries
from dauys.petitions.canonical import text_sha256
from dauys.petitions.curve import curve
from dauys.petitions.models import LANGUAGES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """Everything about one petition; `text` asks for another language version."""
    petition, now, language = queries.find(number), timezone.now(), get_language() or "kk"
    versions = sorted(petition.texts.all(), key=lambda version: LANGUAGES.index(version.language))
    signed = next(version for version in versions if version.is_signed)
    context = {
        "petition": petition,
        "text": queries.version(versions, request.GET.get("text", language)),
        "versions": versions,
        "signed": signed,
        "text_sha256": text_sha256(signed.title, signed.text),
        "progress": queries.progress(petition, now=now),
        "addressee": petition.addressee(language),
        "curve": curve(petition.subject_id, petition.threshold, petition.opens_at, min(now, petition.closes_at)),
    }
    return render(request, "petitions/page.html", context)


@require_safe
def count(request: HttpRequest, number: int) -> HttpResponse:
    """The published count with its progress, as the page shows it; polled while the page is open."""
    petition = queries.find(number)
    context = {"petition": petition, "progress": queries.progress(petition, now=timezone.now())}
    response = render(request, "petitions/_count.html", context)
    response.headers["Cache-Control"] = "public, max-age=1"  # never stale: the page would be one question behind
    return response
