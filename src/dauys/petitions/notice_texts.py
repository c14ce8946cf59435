"""What letters say: a sentence or two for each step, whose turn it is and until when, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from dauys.petitions.states import Actor
from dauys.petitions.terms import terms_of
from dauys.petitions.words import ACTORS

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import Promise

    from dauys.petitions.models import PetitionText
    from dauys.petitions.notices import Notice

NEWS: Final[dict[str, Promise]] = {
    "petition.submitted": gettext_lazy("The petition was handed in. Moderators now judge it by the public rules alone."),
    "petition.refused": gettext_lazy(
        "Moderators refused the petition. Their reasons stand on its page, and until when its author may appeal or mend it."
    ),
    "petition.opened": gettext_lazy(
        "The petition was accepted and can be signed. It now needs its first supporters: please send its link to people who care."
    ),
    "petition.listed": gettext_lazy(
        "The petition has found its first supporters. From now on everybody sees it in the lists and can sign it."
    ),
    "petition.lapsed": gettext_lazy(
        "Too few people signed in time, and the petition is closed. Anyone may hand in the same request again."
    ),
    "petition.registered": gettext_lazy(
        "Enough people signed: the addressee must now consider the petition and answer in public."
    ),
    "petition.grouped": gettext_lazy("The addressee formed a working group. Who is in it stands on the petition’s page."),
    "petition.convened": gettext_lazy(
        "A draft of the decision is public and a hearing is called. When and where stands on the petition’s page: everybody may come or watch."
    ),
    "petition.heard": gettext_lazy("The public hearing took place. Its minutes stand on the petition’s page."),
    "petition.decided": gettext_lazy(
        "The addressee has decided. The decision, with its promises and their dates, stands on the petition’s page."
    ),
    "petition.fulfilled": gettext_lazy("The addressee says that a promise was kept, and how. Please see for yourself."),
    "petition.withdrawn": gettext_lazy("Its author took the petition back. What was signed before stays in the public log."),
    "petition.stopped": gettext_lazy("Moderators ended the signing. Their reason stands on the petition’s page."),
    "petition.merged": gettext_lazy(
        "Another petition asks the same and goes on for both. Signatures do not move: please sign that one too. Its link stands on this petition’s page."
    ),
    "petition.transferred": gettext_lazy("The petition was handed to the body whose duty it is."),
    "petition.removed": gettext_lazy(
        "The petition was removed. What it was and why it went stays on its page. Its author may appeal."
    ),
    "petition.appealed": gettext_lazy(
        "The petition’s author appealed. Somebody who took no part in what the appeal is against will judge it."
    ),
    "petition.appeal-decided": gettext_lazy("The appeal was decided. The decision and its reasons stand on the petition’s page."),
}  # fmt: skip


ASKED: Final = gettext_lazy(
    "Enough people signed: the addressee is now asked to answer in public. No law obliges it to; if it is silent, the petition’s page says so."
)


def compose(
    notice: Notice, text: PetitionText | None, language: str, leave: str = "", *, to_author: bool = False
) -> tuple[str, str]:
    """(subject, text) of a letter about a step; the subject names a number alone, the title stands inside."""
    with override(language):
        context = {
            "news": _news(notice),
            "title": text.title if text else "",
            "whose": ACTORS.get(Actor(notice.turn)),
            "due": notice.due,
            "link": settings.DAUYS_ADDRESS + reverse("petition", args=[notice.petition_id]),
            "leave": leave,
            "mine": settings.DAUYS_ADDRESS + reverse("my-petition", args=[notice.petition_id]) if to_author else "",
        }
        subject = _("News of petition No. %(number)s") % {"number": notice.petition_id}
        return subject, _tidy(render_to_string("petitions/mail/notice.html", context))


def compose_turn(number: int, due: date | None, language: str) -> tuple[str, str]:
    """(subject, text) of a letter to an official whose turn it is; what the petition says stands at the desk alone."""
    with override(language):
        context = {"number": number, "due": due, "link": settings.DAUYS_ADDRESS + reverse("desk")}
        subject = _("Petition No. %(number)s waits for you") % {"number": number}
        return subject, _tidy(render_to_string("petitions/mail/turn.html", context))


def compose_invitation(number: int, title: str, token: str, language: str) -> tuple[str, str]:
    """(subject, text) of the letter that asks whether an address's owner wants letters at all."""
    with override(language):
        link = settings.DAUYS_ADDRESS + reverse("follow-confirm", args=[token])
        body = render_to_string("petitions/mail/follow.html", {"title": title, "link": link})
        return _("Confirm that you follow petition No. %(number)s") % {"number": number}, _tidy(body)


def leave_address(token: str, language: str) -> str:
    """Where a letter's reader ends such letters; a POST to it is enough (RFC 8058)."""
    with override(language):
        return str(settings.DAUYS_ADDRESS + reverse("follow-leave", args=[token]))


def author_leave_address(token: str, language: str) -> str:
    """The same for an author, whose essential letters go on."""
    with override(language):
        return str(settings.DAUYS_ADDRESS + reverse("author-leave", args=[token]))


def _news(notice: Notice) -> Promise:
    """What happened; where the rules oblige nobody, no letter says that they do."""
    bound = terms_of(notice.petition.rules).pack.consideration.obliges
    return ASKED if notice.kind == "petition.registered" and not bound else NEWS[notice.kind]


def _tidy(text: str) -> str:
    """At most one empty line in a row."""
    paragraphs = [part.strip() for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"
