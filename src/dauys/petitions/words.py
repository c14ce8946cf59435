"""What states, steps and people are called on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from dauys.petitions.hearings import Concern
from dauys.petitions.states import Actor, State

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from dauys.petitions.life import Life

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
HELD: Final = _("Awaits an answer: public hearing held")
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
ACTIONS: Final[dict[str, Promise]] = {
    "petition.opened": _("Accepted for signing"),
    "petition.refuse-proposed": _("Proposed to refuse"),
    "petition.stop-proposed": _("Proposed to stop"),
    "petition.remove-proposed": _("Proposed to remove"),
    "petition.proposal-dropped": _("Took back or turned down a proposal"),
    "petition.refused": _("Confirmed a refusal"),
    "petition.stopped": _("Confirmed a stop"),
    "petition.removed": _("Confirmed a removal"),
    "petition.merged": _("Merged into another"),
    "petition.transferred": _("Handed to another body"),
    "petition.appeal-decided": _("Decided an appeal"),
    "petition.paper-entered": _("Entered a sheet of paper signatures"),
    "petition.paper-counted": _("Entered a sheet again, and it counted"),
    "petition.paper-dropped": _("Dropped a sheet that was entered once"),
    "petition.grouped": _("Formed a working group"),
    "petition.convened": _("Called a hearing"),
    "petition.heard": _("Published minutes"),
    "petition.decision-drafted": _("Wrote a draft of the decision"),
    "petition.decided": _("Signed the decision"),
    "petition.fulfilled": _("Marked a promise as kept"),
    "text.erasure-proposed": _("Proposed to erase a text"),
    "text.erasure-dropped": _("Took back or turned down an erasure"),
    "text.erased": _("Confirmed that a text is erased"),
    "reports.settled": _("Looked into reports"),
    "staff.appointed": _("Appointed an official"),
    "staff.dismissed": _("Dismissed an official"),
}
ERASURE_REASONS: Final[dict[str, Promise]] = {
    "personal-data": _("It holds somebody's personal data"),
    "court-order": _("A court ordered it"),
}
ERASABLE: Final[dict[str, Promise]] = {
    "text": _("The petition's own text, in every language"),
    "file": _("A file beside it"),
    "petition.appealed": _("The author's appeal"),
    "petition.grouped": _("Members of the working group"),
    "petition.convened": _("Draft of the decision, or the place of the hearing"),
    "petition.heard": _("Minutes of the hearing"),
    "petition.decided": _("The decision or a promise of it"),
    "petition.fulfilled": _("How a promise was kept"),
    "petition.refused": _("Explanation of a refusal"),
    "petition.stopped": _("Explanation of a stop"),
    "petition.removed": _("Explanation of a removal"),
    "petition.merged": _("Explanation of a merger"),
    "petition.transferred": _("Explanation of a transfer"),
    "petition.appeal-decided": _("Decision on an appeal"),
}
CONCERNS: Final[dict[str, Promise]] = {
    Concern.FREE_DAY: _("It is not a working day."),
    Concern.AFTER_TERM: _("It is after the last day to answer: the answer would be late."),
    Concern.SHORT_NOTICE: _("It is soon: few will learn of it in time."),
    Concern.ODD_HOUR: _("It is outside the hours in which most people can come."),
}


def state_words(life: Life) -> Promise:
    """What its state is called now: a hearing that was held is no longer one to come."""
    return HELD if life.state is State.HEARING and life.heard else STATES[life.state]
