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


def path_of(life: Life) -> list[Stage]:
    """All stages in order, or none where the petition has ended."""
    if life.state in ENDED:
        return []
    here = STAGES.index(STAGE_OF[life.state])
    return [Stage(name, place < here, place == here) for place, name in enumerate(STAGES)]
