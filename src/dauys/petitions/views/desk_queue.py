"""The moderators' queue: the most urgent first, who has what in hand, and the same step for several with a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from dauys.desk.access import official
from dauys.desk.bodies import body_name
from dauys.desk.installation import keys
from dauys.desk.pages import official_of, render_desk
from dauys.desk.record import Action
from dauys.desk.reports import waiting
from dauys.desk.staff import Role
from dauys.errors import DauysError
from dauys.petitions import worklists
from dauys.petitions.explanations import template_for
from dauys.petitions.models import LANGUAGES, Petition
from dauys.petitions.services import bulk
from dauys.petitions.services.moderation import reasons_of
from dauys.petitions.words import ACTIONS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise

    from dauys.desk.staff import Official

PER_PAGE = 50
FOUND = 20  # petitions that a search shows


@require_safe
@official(Role.MODERATOR)
def queue(request: HttpRequest) -> HttpResponse:
    """Petitions that wait, filtered by `bucket`, `language`, `body` and `only` (proposals of colleagues, free ones)."""
    now, who = timezone.now(), official_of(request)
    chosen = _filtered(request, worklists.moderated(), who)
    page = Paginator(worklists.in_bucket(chosen, request.GET.get("bucket", ""), now), PER_PAGE).get_page(
        request.GET.get("page")
    )
    language = get_language() or "kk"
    known = worklists.moderated().order_by("body").values_list("body", flat=True).distinct()
    buckets = worklists.counted(chosen, now)
    context = {
        "buckets": buckets,
        "total": sum(buckets.values()),
        "tasks": worklists.tasks(page.object_list, language, now),
        "page": page,
        "official": who,
        "bodies": sorted((body_name(code, language), code) for code in known),
        "languages": LANGUAGES,
        "reported": len(waiting()),
        "last": _last(who) if "done" in request.GET else None,
    }
    return render_desk(request, "petitions/desk/queue.html", context)


@require_safe
@official(Role.MODERATOR)
def reported(request: HttpRequest) -> HttpResponse:
    """Petitions that readers reported, the most often reported first; or, by `q`, any petition by number or words."""
    query, now = request.GET.get("q", "").strip()[:120], timezone.now()
    if query:
        chosen = worklists.found(query)[:FOUND]
    else:
        numbers = [int(subject.partition("/")[2]) for subject in waiting()]
        found = Petition.objects.in_bulk(numbers)
        chosen = [found[number] for number in numbers if number in found]
    rows = worklists.tasks(chosen, get_language() or "kk", now)
    context = {"tasks": rows, "query": query, "official": official_of(request)}
    return render_desk(request, "petitions/desk/reported.html", context)


@require_http_methods(["POST"])
@official(Role.MODERATOR)
def several(request: HttpRequest) -> HttpResponse:
    """One step for several petitions: first what would happen to each, then, with `sure`, each by an act of its own."""
    who, now = official_of(request), timezone.now()
    numbers = [int(each) for each in request.POST.getlist("number") if each.isdecimal()][: bulk.MOST]
    if not numbers:
        return HttpResponseRedirect(reverse("desk-moderation"), status=303)
    said = {language: request.POST.get(f"explanation_{language}", "") for language in LANGUAGES}
    asked = bulk.Asked(request.POST.get("step", ""), tuple(request.POST.getlist("reason")), said)
    sure, problem, status = "sure" in request.POST, "", 200
    if "ready" in request.POST:
        said = {
            language: words or template_for("refuse", list(asked.reasons), language) for language, words in said.items()
        }
    try:
        outcomes = (bulk.take if sure else bulk.preview)(keys(), numbers, asked, who, now)
    except DauysError as error:  # of what was asked for all of them
        problem, status, sure = error.explain(get_language() or "kk"), error.status, False
        outcomes = bulk.preview(keys(), numbers, bulk.Asked(asked.step), who, now)
    petitions = [outcome.petition for outcome in outcomes]
    texts = worklists.signed_texts(petitions, whole=asked.step == "accept")
    context = {
        "asked": asked,
        "rows": [(each, texts[each.petition.pk], getattr(each.petition, "proposal", None)) for each in outcomes],
        "going": sum(not outcome.problem for outcome in outcomes),
        "done": sure,
        "problem": problem,
        "reasons": _shared_reasons(petitions),
        "said": [
            (language, said[language]) for language in LANGUAGES if any(p.language == language for p in petitions)
        ],
    }
    return render_desk(request, "petitions/desk/several.html", context, status)


def _last(who: Official) -> tuple[Promise | str, str] | None:
    """What this official did last, in words, and the number of the petition that it was done to."""
    found = Action.objects.filter(by=who.pk, subject__startswith="petition/").order_by("-pk").first()
    return (ACTIONS.get(found.kind, found.kind), found.subject.partition("/")[2]) if found else None


def _filtered(request: HttpRequest, petitions: QuerySet[Petition], who: Official) -> QuerySet[Petition]:
    language, body, only = (request.GET.get(name, "") for name in ("language", "body", "only"))
    if language in LANGUAGES:
        petitions = petitions.filter(language=language)
    if body:
        petitions = petitions.filter(body=body)
    if only == "proposed":
        petitions = petitions.filter(proposal__isnull=False).exclude(proposal__by=who.pk)
    if only == "new":
        petitions = petitions.filter(proposal__isnull=True)
    return petitions


def _shared_reasons(petitions: list[Petition]) -> list[tuple[str, str]]:
    """Reasons of refusal that the rules of all of them have, as (code, words)."""
    language, found = get_language() or "kk", [reasons_of(petition, "refuse") for petition in petitions]
    return [(code, each.text.say(language)) for code, each in found[0].items() if all(code in other for other in found)]
