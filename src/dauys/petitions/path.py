"""What happens next: the way of a petition from its hand-in to what was promised, and where on it this one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dauys.petitions.states import ENDED, State

if TYPE_CHECKING:
    from dauys.petitions.life import Life

STAGES = ("check", "supporters", "signatures", "consideration", "hearing", "answer", "promises")
STAGE_OF = {
    State.MODERATION: "check", State.GATHERING: "supporters", State.COLLECTING: "signatures", State.REGISTERED: "consideration",
    State.WORKING_GROUP: "consideration", State.HEARING: "hearing", State.DECIDED: "promises",
}  # fmt: skip


class Stage(NamedTuple):
    """One stage; of a petition that still goes on, exactly one is `now`."""

    name: str
    past: bool
    now: bool


def path_of(life: Life, *, discussed: bool = True) -> list[Stage]:
    """All stages in order, or none where the petition has ended; without a hearing where the rules want none."""
    if life.state in ENDED:
        return []
    name = "answer" if life.heard and not life.decided else STAGE_OF[life.state]
    here = STAGES.index(name)
    return [
        Stage(name, place < here, place == here)
        for place, name in enumerate(STAGES)
        if discussed or name != "hearing" or place == here
    ]


def duty_of(life: Life, *, drafted: bool, now: str) -> str:
    """What its body does next: "group", "hearing", "hold", "minutes", "decide", "sign", "keep", or "nothing"."""
    if life.state is State.HEARING:
        if not life.heard:
            return "hold" if now < life.hearing else "minutes"
        return "sign" if drafted else "decide"
    if life.state is State.DECIDED and life.due:
        return "keep"
    return {State.REGISTERED: "group", State.WORKING_GROUP: "hearing"}.get(life.state, "nothing")
