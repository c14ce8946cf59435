"""The pages of a draft: whom it asks, its text and files, its author, its link; then preview and signing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from dauys.errors import LANGUAGES, AttachmentRefused, DauysError, DraftChanged
from dauys.petitions import picker
from dauys.petitions.jurisdiction import addressee_of, rules_of
from dauys.petitions.readiness import ADDRESSEE, AUTHOR, TEXT, problems
from dauys.petitions.services import attachments, drafting, sweeping
from dauys.petitions.services.drafting import Written
from dauys.petitions.topics import TOPICS
from dauys.petitions.uploads import one_file
from dauys.petitions.views.holding import drop_draft, give_draft, secret_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dauys.petitions.drafts import Draft

ANY = ["GET", "HEAD", "POST"]
LONGEST_QUERY = 120  # characters


@require_http_methods(ANY)
@cache_control(no_store=True)
def addressee(request: HttpRequest) -> HttpResponse:
    """Whom it asks: bodies by level, with the signatures each needs; found by typing a part of a name."""
    secret, now = secret_of(request), timezone.now()
    draft = drafting.find(secret)
    if request.method == "POST":
        draft = drafting.address(secret, request.POST.get("body", "")[:60], now)
        if addressee_of(draft.body, now):
            return _to("draft-text")
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context = {"query": query, "levels": picker.levels(query, get_language() or "kk", rules_of(now), now)}
    return _page(request, ADDRESSEE, draft, context, tried=request.method == "POST")


@require_http_methods(ANY)
@cache_control(no_store=True)
def text(request: HttpRequest) -> HttpResponse:
    """Its title and text, the versions in other languages, and files. Every button keeps what is typed."""
    secret, now = secret_of(request), timezone.now()
    writing = rules_of(now).writing
    draft = drafting.find(secret)
    if request.method != "POST":
        return _page(request, TEXT, draft, {})
    upload = one_file(request, writing.attachment_bytes)  # before anything else reads the form
    action, _, of = request.POST.get("action", "next").partition(":")
    try:
        draft = drafting.write(secret, _written(request), _revision(request), now)
        if action == "remove":
            attachments.detach(secret, of, now)
        elif upload:
            attachments.attach(secret, upload.name, upload.content, writing, now)
    except (AttachmentRefused, DraftChanged) as error:
        return _not_kept(request, drafting.find(secret), error)
    if action == "keep":  # the page's own script, while somebody types
        return HttpResponse(status=204, headers={"X-Revision": str(draft.revision)})
    if action == "next":
        return _onward(request, TEXT, "draft-author")
    return _to("draft-text", "#files" if action in ("attach", "remove") else "")


@require_http_methods(ANY)
@cache_control(no_store=True)
def author(request: HttpRequest) -> HttpResponse:
    """How its author is shown, where notices go, and who stands beside them."""
    secret, now, sent = secret_of(request), timezone.now(), request.POST
    if request.method != "POST":
        return _page(request, AUTHOR, drafting.find(secret), {})
    drafting.show_author(secret, sent.get("shown_as", ""), sent.get("chosen_name", ""), sent.get("email", ""), now)
    if "leave" in sent:
        drafting.leave(secret, sent["leave"], now)
        return _to("draft-author")
    return _onward(request, AUTHOR, "draft-preview")


@require_http_methods(ANY)
@cache_control(no_store=True)
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """What a private link opens: the draft, to go on with here, or to stand beside its author."""
    draft = drafting.find(secret)
    if request.method == "POST" and "name" in request.POST:
        drafting.join(secret, request.POST["name"], timezone.now())
        return HttpResponseRedirect(reverse("draft-link", args=[secret]) + "?agreed=1", status=303)
    if request.method == "POST":
        onward = "draft-handed-in" if draft.petition_id else "draft-text"
        return give_draft(request, _to(onward), secret)
    context = {"draft": draft, "version": draft.versions.get(draft.language), "agreed": "agreed" in request.GET}
    response = render(request, "petitions/draft/link.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


@require_POST
@cache_control(no_store=True)
def delete(request: HttpRequest) -> HttpResponse:
    """Deletes the draft, with all that is in it."""
    sweeping.forget(secret_of(request), timezone.now())
    return drop_draft(request, HttpResponseRedirect(reverse("petitions"), status=303))


def _written(request: HttpRequest) -> Written:
    sent = request.POST
    texts = {code: (sent.get(f"title-{code}", ""), sent.get(f"text-{code}", "")) for code in LANGUAGES}
    return Written(sent.get("language", ""), sent.get("topic", ""), texts)


def _revision(request: HttpRequest) -> int:
    """Of the texts that the form was made from."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def _not_kept(request: HttpRequest, draft: Draft, error: DauysError) -> HttpResponse:
    """The page with what was typed and why it was not kept, or not the file."""
    if request.POST.get("action") == "keep":
        return HttpResponse(status=error.status)
    written = _written(request)
    typed = {code: {"title": title, "text": words} for code, (title, words) in written.texts.items()}
    context = {
        "typed": typed,
        "failed": error.explain(get_language() or "kk"),
        "file_failed": isinstance(error, AttachmentRefused),
    }
    return _page(request, TEXT, draft, context, status=error.status)


def _onward(request: HttpRequest, page: str, following: str) -> HttpResponse:
    """The next page, or this one with what is still wrong on it; what was typed is kept either way."""
    draft = drafting.find(secret_of(request))
    if request.POST.get("action") == "save":
        return _to(f"draft-{page}")
    if any(problem.page == page for problem in problems(draft, rules_of(timezone.now()), timezone.now())):
        return _page(request, page, draft, {}, tried=True)
    return _to(following)


def _page(
    request: HttpRequest, page: str, draft: Draft, context: dict[str, Any], *, tried: bool = False, status: int = 200
) -> HttpResponse:
    if draft.petition_id is not None:
        return _to("draft-handed-in")
    now = timezone.now()
    rules, secret = rules_of(now), secret_of(request)
    found = problems(draft, rules, now)
    here = [problem for problem in found if problem.page == page] if tried else []
    shared = {
        "draft": draft,
        "page": page,
        "rules": rules,
        "missing": {problem.page for problem in found},
        "problems": here,
        "wrong": {problem.field: problem.sentence for problem in reversed(here)},
        "private_link": reverse("draft-link", args=[secret]),
        "asks": picker.asked(draft.body, get_language() or "kk", rules, now),
        "versions": _versions(draft, context.get("typed", {})),
        "topics": TOPICS,
    }
    return render(request, f"petitions/draft/{page}.html", shared | context, status=400 if here else status)


def _versions(draft: Draft, typed: dict[str, dict[str, str]]) -> list[dict[str, object]]:
    """The language versions as the form shows them, the signed one first."""
    kept = {code: {"title": each.title, "text": each.text} for code, each in draft.versions.items()}
    order = sorted(LANGUAGES, key=lambda code: (code != draft.language, LANGUAGES.index(code)))
    words = {code: typed.get(code) or kept.get(code) or {"title": "", "text": ""} for code in order}
    return [{"language": code, "signed": code == draft.language, **words[code]} for code in order]


def _to(name: str, fragment: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name) + fragment, status=303)
