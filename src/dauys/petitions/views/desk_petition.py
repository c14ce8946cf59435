"""One petition at the moderators' desk: its text by numbered paragraphs, what is like it, and every step they may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.desk import claims, reports
from dauys.desk.access import official
from dauys.desk.bodies import all_bodies, known_body
from dauys.desk.installation import keys
from dauys.desk.pages import official_of, render_desk, take_step
from dauys.desk.staff import Role
from dauys.errors import HeldByColleague, NotFound, SubjectUnknown
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.leaves import PetitionOpened
from dauys.petitions import worklists
from dauys.petitions.explanations import explanations, ready_words, template_for
from dauys.petitions.lookup import similar_to
from dauys.petitions.models import Petition, PetitionFile, PetitionText, Proposal
from dauys.petitions.services import moderation
from dauys.petitions.states import TRANSITIONS, State
from dauys.petitions.terms import terms_of
from dauys.petitions.timeline import earlier_refusal
from dauys.petitions.views.files import answer
from dauys.petitions.views.translating import other_fields, others_in
from dauys.petitions.words import state_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from dauys.desk.staff import Official

LEAVES = {
    "accept": PetitionOpened, "refuse": leaves.Refused, "transfer": leaves.Transferred, "merge": leaves.Merged,
    "stop": leaves.Stopped, "remove": leaves.Removed,
}  # fmt: skip

STAY = frozenset({"claim", "release", "settle"})  # after these the petition is still to be judged


@require_http_methods(["GET", "HEAD", "POST"])
@official(Role.MODERATOR)
def petition(request: HttpRequest, number: int) -> HttpResponse:
    """Everything to judge one petition by; a POST takes the step that its button names."""
    if request.method != "POST":
        return _page(request, number)
    who, now, step = official_of(request), timezone.now(), request.POST.get("step", "")
    stays = reverse("desk-petition", args=[number])
    return take_step(
        lambda: _take(request, number, step, who, now),
        lambda: stays if step in STAY else reverse("desk-moderation") + f"?done={number}",
        lambda problem, status: _page(request, number, problem, status),
    )


@require_safe
@official(Role.MODERATOR)
def file(_request: HttpRequest, number: int, sha256: str) -> HttpResponse:
    """A file beside a text that is not public yet; SubjectUnknown."""
    found = PetitionFile.objects.filter(petition=number, attempt=F("petition__attempt"), sha256=sha256).first()
    if found is None:
        raise SubjectUnknown
    return answer(found)


@require_POST
@official(Role.MODERATOR)
def beat(request: HttpRequest, number: int) -> HttpResponse:
    """An open page says that somebody is still at it: 204, or 409 once a colleague has it."""
    try:
        claims.claim(f"petition/{number}", official_of(request).pk, timezone.now())
    except HeldByColleague as error:
        return HttpResponse(error.explain(get_language() or "kk"), status=error.status, content_type="text/plain")
    return HttpResponse(status=204)


def _take(request: HttpRequest, number: int, step: str, who: Official, now: datetime) -> None:
    """One step by its name, then the petition is put down."""
    sent, subject = request.POST, f"petition/{number}"
    said = sent.get("explanation", "")
    if step == "claim":
        claims.claim(subject, who.pk, now)
        return
    others = others_in(sent, "explanation", _language_of(number))
    if step == "accept":
        moderation.accept(keys(), number, who, now)
    elif step in moderation.STEPS:
        moderation.propose(keys(), number, step, sent.getlist("reason"), said, who, now, sent.get("span", ""), others)
    elif step == "confirm":
        moderation.confirm(keys(), number, who, now)
    elif step == "disagree":
        moderation.drop_proposal(keys(), number, who, now)
    elif step == "merge":
        into = sent.get("into", "")
        moderation.merge(keys(), number, int(into) if into.isdecimal() else 0, said, who, now, others)
    elif step == "transfer":
        body = known_body(sent.get("body", ""), now).body
        names = {language: body.name.say(language) for language in ("kk", "ru", "en")}
        moderation.transfer(keys(), number, body.code, names, said, who, Role.MODERATOR.value, now, others)
    elif step == "settle":
        reports.settle(subject, who.pk, now)
    elif step != "release":
        raise NotFound
    claims.release(subject, who.pk)


def _language_of(number: int) -> str:
    found = Petition.objects.filter(pk=number).values_list("language", flat=True).first()
    if found is None:
        raise SubjectUnknown
    return found


def _page(request: HttpRequest, number: int, problem: str = "", status: int = 200) -> HttpResponse:
    petition = Petition.objects.filter(pk=number).first()
    if petition is None:
        raise SubjectUnknown
    now, who, language = timezone.now(), official_of(request), get_language() or "kk"
    versions = list(PetitionText.objects.filter(petition=number, attempt=petition.attempt).order_by("-is_signed", "pk"))
    signed = versions[0]
    text = next((each for each in versions if each.language == request.GET.get("text")), signed)
    context: dict[str, Any] = {
        "petition": petition,
        "life": petition.life,
        "official": who,
        "problem": problem,
        "versions": versions,
        "text": text,
        "paragraphs": [each.strip() for each in text.text.split("\n\n") if each.strip()],
        "due": worklists.due_of(petition.due, petition.rules, now),
        "addressee": petition.addressee(language),
        "may": {step for step, leaf in LEAVES.items() if petition.state in TRANSITIONS[leaf].start},
        "similar": [
            (each.version, state_words(each.petition.life)) for each in similar_to(signed.title, number, hidden=True)
        ],
        "state_words": state_words(petition.life),
        "opened": _opened(request),
        "reports": reports.Report.objects.filter(subject=petition.subject_name, settled_at=None).order_by("pk"),
        "next": _next(number),
        "earlier": earlier_refusal(petition, language),
    }
    context |= _colleagues(petition, who, now) | _choices(request, petition, language, now)
    return render_desk(request, "petitions/desk/petition.html", context, status)


def _colleagues(petition: Petition, who: Official, now: datetime) -> dict[str, Any]:
    """Who has it in hand, and what one of them proposed."""
    proposal = Proposal.objects.filter(petition=petition).first()
    holder = claims.holders([petition.subject_name], now).get(petition.subject_name)
    names = claims.names_of({holder or 0, proposal.by if proposal else 0})
    return {
        "proposal": proposal,
        "proposer": names.get(proposal.by, "") if proposal else "",
        "reasons_proposed": _words(petition, proposal.kind, proposal.reasons) if proposal else [],
        "own_proposal": proposal is not None and proposal.by == who.pk,
        "holder": names.get(holder, "") if holder and holder != who.pk else "",
        "held": holder == who.pk,
        "beat_seconds": int(claims.BEAT.total_seconds()),
    }


def _choices(request: HttpRequest, petition: Petition, language: str, now: datetime) -> dict[str, Any]:
    """What the forms offer: topics, reasons, beginnings of explanations, bodies, petitions to merge into."""
    pack, chosen = terms_of(petition.rules).pack, request.GET.getlist("reason")
    topics = [(code, each.text.say(language)) for code, each in pack.forbidden_topics.items()]
    formal = moderation.reasons_of(petition, "refuse")
    query = request.GET.get("into", "").strip()[:120]
    goals = worklists.found(query) if query else Petition.objects.none()
    goals = goals.filter(state=State.COLLECTING).exclude(pk=petition.pk)[:5]
    return {
        "topics": topics,
        "formal": [
            (code, each.text.say(language)) for code, each in formal.items() if code not in pack.forbidden_topics
        ],
        "stops": [(code, each.text.say(language)) for code, each in pack.stop_reasons.items()],
        "removals": [(code, each.text.say(language)) for code, each in pack.removal_reasons.items()],
        "chosen": request.POST.getlist("reason") or chosen,
        "template": template_for(_opened(request), chosen, petition.language),
        "templates": {step: _ready_words(petition, step) for step in explanations()},
        "bodies": [(each.body.code, each.body.name.say(language)) for each in all_bodies(now)],
        "goals": [(goal, text) for goal in goals for text in [worklists.signed_texts([goal])[goal.pk]]],
        "query": query,
        "others": other_fields(request.POST, "explanation", petition.language),
        "no_others": other_fields(QueryDict(), "explanation", petition.language),
    }


def _ready_words(petition: Petition, step: str) -> list[tuple[str, str]]:
    """Beginnings of an explanation by the reasons that the petition's rules know; a merger or a hand-over has none of these."""
    ready = ready_words(step, petition.language)
    if step not in moderation.STEPS:
        return ready
    known = moderation.reasons_of(petition, step)
    return [(code, words) for code, words in ready if code in known]


def _words(petition: Petition, kind: str, codes: list[str]) -> list[str]:
    known, language = moderation.reasons_of(petition, kind), get_language() or "kk"
    return [known[code].text.say(language) if code in known else code for code in codes]


def _opened(request: HttpRequest) -> str:
    """The step whose form is open: the one that was refused just now, or that a link leads to."""
    if request.method == "POST":
        return request.POST.get("step", "")
    begun = request.GET.get("step", "refuse") if "reason" in request.GET else ""
    return begun or ("merge" if "into" in request.GET else "")


def _next(number: int) -> int | None:
    """The petition after this one in the queue, or the first of it."""
    waiting = list(worklists.moderated().exclude(proposal__isnull=False).values_list("pk", flat=True))
    place = waiting.index(number) + 1 if number in waiting else 0
    return waiting[place] if place < len(waiting) else None
