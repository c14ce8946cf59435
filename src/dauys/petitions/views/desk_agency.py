"""The desk of a body: its petitions by their last day, and each step on the way to the answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.desk.access import official
from dauys.desk.bodies import all_bodies, body_name
from dauys.desk.pages import official_of, render_desk, take_step
from dauys.desk.signing import begin_act
from dauys.desk.staff import Role
from dauys.desk.texts import read_texts
from dauys.errors import DauysError, DayWrong, RoleMissing, SubjectUnknown
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.moments import moment_text, parse_moment
from dauys.petitions import worklists
from dauys.petitions.decision_draft import DecisionDraft
from dauys.petitions.explanations import ready_words, template_for
from dauys.petitions.models import Petition, PetitionText
from dauys.petitions.path import duty_of
from dauys.petitions.queries import published
from dauys.petitions.services.deciding import ready_draft_of
from dauys.petitions.states import TRANSITIONS
from dauys.petitions.terms import terms_of
from dauys.petitions.timeline import translations_now
from dauys.petitions.tongues import seems_foreign
from dauys.petitions.views.agency_steps import foreign_field, hearing_concerns, missing_fields, take_agency_step
from dauys.petitions.views.translating import other_fields
from dauys.petitions.words import ANSWERS, CONCERNS, state_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

SPARE_PROMISES = 2  # empty rows of the form below those that are filled
LEAVES = {
    "group": leaves.Grouped, "hearing": leaves.Convened, "minutes": leaves.Heard, "decision": leaves.Decided,
    "transfer": leaves.Transferred,
}  # fmt: skip


@require_safe
@official(Role.CLERK, Role.HEAD)
def queue(request: HttpRequest) -> HttpResponse:
    """What the official's body must answer, or promised, the first last day first."""
    now, language, who = timezone.now(), get_language() or "kk", official_of(request)
    chosen = worklists.considered(who.body)
    rows = [(task, state_words(task.petition.life)) for task in worklists.tasks(chosen, language, now)]
    context = {
        "rows": rows,
        "buckets": worklists.counted(chosen, now),
        "body": body_name(who.body, language),
        "gone": _gone(request.GET.get("gone", ""), who.body, language),
    }
    return render_desk(request, "petitions/desk/agency.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@official(Role.CLERK, Role.HEAD)
def petition(request: HttpRequest, number: int) -> HttpResponse:
    """One petition with what is done and what comes next; a POST takes the step that its button names."""
    found = _own(request, number)
    if request.method != "POST":
        return _page(request, found)
    done = request.POST.get("step", "")
    return take_step(
        lambda: take_agency_step(request.POST, found, official_of(request), timezone.now()),
        lambda: _onward(number, done),
        lambda problem, status: _page(request, _own(request, number), problem, status),
    )


@require_POST
@official(Role.HEAD)
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """The head goes on to sign the decision as it was previewed."""
    found = _own(request, number)
    try:
        ready_draft_of(number)
        return begin_act(request, "petition.decision", f"decision/{number}")
    except DauysError as error:
        return _page(request, found, error.explain(get_language() or "kk"), error.status)


def _onward(number: int, done: str) -> str:
    """The page that says what was done: the petition's, or the list where it is another body's now."""
    if done == "transfer":
        return f"{reverse('desk-agency')}?gone={number}"
    return f"{reverse('desk-agency-petition', args=[number])}?done={done}"


def _own(request: HttpRequest, number: int) -> Petition:
    """The petition, if it is the official's body's; RoleMissing, SubjectUnknown."""
    found = published().filter(pk=number).first()
    if found is None:
        raise SubjectUnknown
    if found.body != official_of(request).body:
        raise RoleMissing
    return found


def _page(request: HttpRequest, petition: Petition, problem: str = "", status: int = 200) -> HttpResponse:
    now, language = timezone.now(), get_language() or "kk"
    context: dict[str, Any] = {
        "petition": petition,
        "life": petition.life,
        "problem": problem,
        "opened": request.POST.get("step", "") or request.GET.get("step", ""),
        "ready": ready_words("transfer", petition.language),
        "ready_words": template_for("transfer", request.GET.getlist("reason"), petition.language),
        "text": PetitionText.objects.get(petition=petition, attempt=petition.attempt, is_signed=True),
        "state_words": state_words(petition.life),
        "missing": missing_fields(request.POST),
        "foreign": foreign_field(request.POST, petition),
        "addressee": petition.addressee(language),
        "due": worklists.due_of(petition.due, petition.rules, now),
        "bodies": [(each.body.code, each.body.name.say(language)) for each in all_bodies(now)],
    }
    context |= _steps(petition, now) | _doubts(request, petition, now) | _decision(request, petition, now)
    context |= _course(request, petition, now) | _translations(request, petition)
    return render_desk(request, "petitions/desk/agency_petition.html", context, status)


def _steps(petition: Petition, now: datetime) -> dict[str, Any]:
    """What was done, in words, and what may be done now."""
    life = petition.life
    may = {step for step, leaf in LEAVES.items() if petition.state in TRANSITIONS[leaf].start}
    hearing = parse_moment(life.hearing) if life.hearing else None
    if life.heard or hearing is None or now < hearing:
        may.discard("minutes")
    if life.heard:
        may.discard("hearing")
    said = read_texts([life.group, life.draft, life.place, life.heard, life.decision])
    return {
        "may": may,
        "hearing": hearing,
        "first_day": _first_day(petition, hearing, now),
        "group": said.get(life.group, ""),
        "draft": said.get(life.draft, ""),
        "place": said.get(life.place, ""),
        "minutes": said.get(life.heard, ""),
        "decision_text": said.get(life.decision, ""),
        "answered": ANSWERS.get(life.answer, ""),
    }


def _translations(request: HttpRequest, petition: Petition) -> dict[str, Any]:
    """The fields for other languages, those of the draft that is published filled with what stands there."""
    sent, own = request.POST, petition.language
    decision = DecisionDraft.objects.filter(petition=petition).first()
    kept = {"draft": translations_now(petition, petition.life.draft), "decision": decision.others if decision else {}}
    fields = ("draft", "minutes", "decision", "explanation")
    return {"others": {field: other_fields(sent, field, own, kept.get(field)) for field in fields}}


def _first_day(petition: Petition, hearing: datetime | None, now: datetime) -> date:
    """The first day that a hearing can be called for, or moved to."""
    pack = terms_of(petition.rules).pack
    first = pack.calendar.after(pack.calendar.local_day(now), pack.consideration.hearing_least_notice)
    return min(first, pack.calendar.local_day(hearing)) if hearing else first


def _course(request: HttpRequest, petition: Petition, now: datetime) -> dict[str, Any]:
    """What was done just now, if its trace is there, and what comes next."""
    life, drafted = petition.life, DecisionDraft.objects.filter(petition=petition).exists()
    traces = {
        "group": life.group, "hearing": life.hearing, "minutes": life.heard, "decision": drafted and not life.decided,
        "decided": life.decided, "kept": any(each.kept for each in life.promises),
    }  # fmt: skip
    done = request.GET.get("done", "")
    return {
        "done": done if traces.get(done) else "",
        "next": duty_of(life, drafted=drafted, now=moment_text(now)),
    }


def _gone(number: str, body: str, language: str) -> tuple[Petition, str] | None:
    """A petition that this body handed over, and to whom."""
    known = number.isdecimal() and len(number) < 10
    found = Petition.objects.filter(pk=int(number)).exclude(body=body).first() if known else None
    return (found, found.addressee(language)) if found else None


def _doubts(request: HttpRequest, petition: Petition, now: datetime) -> dict[str, Any]:
    """What speaks against the day that was asked for."""
    if request.POST.get("step") != "hearing":
        return {"doubts": []}
    try:
        return {"doubts": [CONCERNS[each] for each in hearing_concerns(request.POST, petition, now)]}
    except DayWrong:
        return {"doubts": []}


def _is_foreign(draft: DecisionDraft, language: str) -> bool:
    """Whether the decision, or a promise of it, seems to lack that language."""
    return any(seems_foreign(words, language) for words in (draft.text, *(said for _, said in draft.promises)))


def _decision(request: HttpRequest, petition: Petition, now: datetime) -> dict[str, Any]:
    """The draft of the decision, as sent just now or as kept, and the promises once it is decided."""
    draft = DecisionDraft.objects.filter(petition=petition).first()
    sent = request.POST if request.POST.get("step") == "decision" else None
    rows = draft.promises if draft else []
    if sent:
        rows = list(zip(sent.getlist("promise_due"), sent.getlist("promise"), strict=False))
    made = petition.life.promises
    words = read_texts([text for promise in made for text in (promise.text, promise.kept)])
    return {
        "draft_decision": draft,
        "answer": sent.get("answer") if sent else draft.answer if draft else "",
        "answers": ANSWERS.items(),
        "draft_answer": ANSWERS.get(draft.answer, "") if draft else "",
        "decision_words": sent.get("decision") if sent else draft.text if draft else "",
        "promise_rows": [*rows, *[("", "")] * SPARE_PROMISES],
        "draft_foreign": draft is not None and _is_foreign(draft, petition.language),
        "drafted_promises": [(date.fromisoformat(day), said) for day, said in draft.promises] if draft else [],
        "promises": [
            (number, words.get(each.text, ""), worklists.due_of(date.fromisoformat(each.due), petition.rules, now), words.get(each.kept, ""))
            for number, each in enumerate(made)
        ],
    }  # fmt: skip
