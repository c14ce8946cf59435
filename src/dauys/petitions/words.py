"""What states, steps and people are called on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from dauys.petitions.states import Actor, State

if TYPE_CHECKING:
    from django.utils.functional import Promise

STATES: Final[dict[str, Promise]] = {
    State.MODERATION: _("Being checked"),
    State.REFUSED: _("Refused by moderators"),
    State.GATHERING: _("Needs first supporters"),
    State.COLLECTING: _("Open for signing"),
    State.REGISTERED: _("Awaits an answer"),
    State.WORKING_GROUP: _("Awaits an answer: working group formed"),
    State.HEARING: _("Awaits an answer: public hearing"),
    State.DECIDED: _("Answered"),
    State.CARRIED_OUT: _("Answered and carried out"),
    State.LAPSED: _("Closed: too few signatures"),
    State.WITHDRAWN: _("Withdrawn by its author"),
    State.STOPPED: _("Stopped"),
    State.MERGED: _("Goes on in another petition"),
    State.REMOVED: _("Removed"),
}
ACTORS: Final[dict[str, Promise]] = {
    Actor.AUTHOR: _("The author"),
    Actor.MODERATOR: _("The moderators"),
    Actor.SUPPORTERS: _("The citizens"),
    Actor.BODY: _("The addressee"),
    Actor.REVIEWER: _("The reviewer of appeals"),
}
ANSWERS: Final[dict[str, Promise]] = {
    "satisfied": _("Satisfied"),
    "partly-satisfied": _("Partly satisfied"),
    "refused": _("Refused by the addressee"),
}
