"""The states of a petition and the steps allowed between them, in one table. Pure: an auditor replays by it too."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from dauys.ledger import petition_leaves as leaf
from dauys.ledger.leaves import PetitionOpened


class State(StrEnum):
    """Where a petition stands. A draft is its author's alone and has no state here."""

    MODERATION = "moderation"  # handed in; judged by the rules alone
    REFUSED = "refused"
    GATHERING = "gathering"  # looks for its first supporters, by direct link only
    COLLECTING = "collecting"
    REGISTERED = "registered"  # the threshold is reached; the addressee must decide
    WORKING_GROUP = "working-group"
    HEARING = "hearing"  # a draft decision is public, its hearing is called or held
    DECIDED = "decided"
    CARRIED_OUT = "carried-out"  # every promise of the decision was kept
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    MERGED = "merged"
    REMOVED = "removed"


class Actor(StrEnum):
    """Who may take a step, and whose turn it can be."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    SUPPORTERS = "supporters"  # a turn only
    BODY = "body"  # clerks of the addressee, and its head
    REVIEWER = "reviewer"
    CLOCK = "clock"  # the deadline worker
    NOBODY = "nobody"  # a turn only


class Transition(NamedTuple):
    """One allowed step: by whom, from which states, to which; `to` None stays, or goes where the step itself says."""

    by: tuple[Actor, ...]
    start: frozenset[State]
    to: State | None


CONSIDERED: Final = frozenset({State.REGISTERED, State.WORKING_GROUP, State.HEARING})
SIGNED: Final = frozenset({State.GATHERING, State.COLLECTING})  # can be signed
ENDED: Final = frozenset(
    {State.REFUSED, State.CARRIED_OUT, State.LAPSED, State.WITHDRAWN, State.STOPPED, State.MERGED, State.REMOVED}
)

TRANSITIONS: Final[dict[type[leaf.AnyStep | PetitionOpened], Transition]] = {
    leaf.Submitted: Transition((Actor.AUTHOR,), frozenset({State.REFUSED}), State.MODERATION),
    leaf.Refused: Transition((Actor.MODERATOR,), frozenset({State.MODERATION}), State.REFUSED),
    PetitionOpened: Transition((Actor.MODERATOR,), frozenset({State.MODERATION}), State.GATHERING),
    leaf.Listed: Transition((Actor.CLOCK,), frozenset({State.GATHERING}), State.COLLECTING),
    leaf.Lapsed: Transition((Actor.CLOCK,), SIGNED, State.LAPSED),
    leaf.Registered: Transition((Actor.CLOCK,), frozenset({State.COLLECTING}), State.REGISTERED),
    leaf.Grouped: Transition((Actor.BODY,), frozenset({State.REGISTERED}), State.WORKING_GROUP),
    leaf.Convened: Transition((Actor.BODY,), CONSIDERED, State.HEARING),
    leaf.Heard: Transition((Actor.BODY,), frozenset({State.HEARING}), None),
    leaf.Decided: Transition((Actor.BODY,), frozenset({State.HEARING}), State.DECIDED),
    leaf.Fulfilled: Transition((Actor.BODY,), frozenset({State.DECIDED}), None),
    leaf.Withdrawn: Transition((Actor.AUTHOR,), SIGNED | {State.MODERATION}, State.WITHDRAWN),
    leaf.Stopped: Transition((Actor.MODERATOR,), SIGNED, State.STOPPED),
    leaf.Merged: Transition((Actor.MODERATOR,), SIGNED, State.MERGED),
    leaf.Transferred: Transition((Actor.MODERATOR, Actor.BODY), SIGNED | CONSIDERED | {State.MODERATION}, None),
    leaf.Removed: Transition((Actor.MODERATOR,), frozenset(State) - {State.REMOVED, State.MODERATION}, State.REMOVED),
    leaf.Appealed: Transition((Actor.AUTHOR,), CONSIDERED | {State.REFUSED, State.REMOVED, State.MODERATION}, None),
    leaf.AppealDecided: Transition((Actor.REVIEWER,), frozenset(State), None),
}
TURN: Final[dict[State, Actor]] = {
    State.MODERATION: Actor.MODERATOR,
    State.REFUSED: Actor.AUTHOR,
    State.GATHERING: Actor.SUPPORTERS,
    State.COLLECTING: Actor.SUPPORTERS,
    State.REGISTERED: Actor.BODY,
    State.WORKING_GROUP: Actor.BODY,
    State.HEARING: Actor.BODY,
    State.DECIDED: Actor.BODY,
}
