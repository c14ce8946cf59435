"""Whether the witnesses that an auditor believes saw the log that is shown: cosignatures judged by the auditor's own policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict

from dauys.audit.known import is_prefix
from dauys.errors import BadInput, NoteInvalid, Unreachable
from dauys.ledger.findings import Found, said, word
from dauys.ledger.moments import moment_text, parse_moment
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.note import Verifier, verified_lines
from dauys.translog.policy import NONE, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Read = Callable[[str], bytes]
    Say = Callable[[str], str]

OLD = 24 * 3600  # seconds: a log that serves has its cosignatures renewed every few minutes
HEADING: Final = said("Witnesses")
NOBODY: Final = said("nobody")
NOBODY_ASKED: Final = said("No witness was asked: no policy was given (--policy), so nothing here says that others are shown the same log.")  # fmt: skip
NONE_NEEDED: Final = said("The policy given asks for no witness, and none of its witnesses cosigned.")
ENOUGH: Final = said("The quorum of the policy given cosigned the log at {size} entries, which holds all that was read here.")  # fmt: skip
NOT_ENOUGH: Final = said("The quorum of the policy given did not cosign what is shown here.")
COSIGNED: Final = said("{name} at {moment}, {age} before this audit")
UNITS: Final = ((86_400, said("{n} d")), (3600, said("{n} h")), (60, said("{n} min")), (1, said("{n} s")))
SAME_LOG: Final = said("That the witnesses you named saw this same log: who is shown another one is shown it without their cosignatures.")  # fmt: skip


class Witnessed(TypedDict):
    """What a report says of witnesses: who of the policy cosigned which checkpoint, and when (RFC 3339)."""

    quorum: bool
    needed: str
    cosigned: dict[str, str]
    size: int
    checkpoint: str


class Seen(NamedTuple):
    """A signed checkpoint, and the unix time of each line on it that is of a witness of the policy."""

    checkpoint: Checkpoint
    note: str
    times: dict[str, int]
    is_enough: bool


def check_witnesses(
    note: str, policy: Policy, verifiers: Sequence[Verifier], read: Read, now: datetime, found: Found
) -> Witnessed:
    """Judges the checkpoint that was audited, or the newest one that contains it: lines are added after it is published."""
    seen = _seen(note, open_checkpoint(note, verifiers), policy, found)
    if not seen.is_enough:
        seen = _later(seen, policy, verifiers, read, found) or seen
    if not seen.is_enough:
        cosigned = {"list": list(seen.times)} if seen.times else word(NOBODY)
        found.add(None, "quorum-missing", size=seen.checkpoint.size, quorum=policy.quorum, cosigned=cosigned)
    elif seen.times and now.timestamp() - (newest := max(seen.times.values())) > OLD:
        found.add(None, "cosignature-old", moment=_moment(newest))
    times = {name: _moment(time) for name, time in seen.times.items()}
    return Witnessed(
        quorum=seen.is_enough, needed=policy.quorum, cosigned=times, size=seen.checkpoint.size, checkpoint=seen.note
    )


def _seen(note: str, checkpoint: Checkpoint, policy: Policy, found: Found) -> Seen:
    """Each witness's line by itself: a false one is a finding, and does not undo the others."""
    times = dict[str, int]()
    for name, witness in policy.witnesses.items():
        try:
            lines = verified_lines(note, [witness.verifier]).signatures
        except NoteInvalid:
            found.add(None, "cosignature-false", witness=name)
            continue
        if lines:
            times[name] = lines[0].time or 0
    return Seen(checkpoint, note, times, policy.is_met(times))


def _later(before: Seen, policy: Policy, verifiers: Sequence[Verifier], read: Read, found: Found) -> Seen | None:
    """What is published by now, if it has the lines that were missing and the audited log is its beginning."""
    try:
        note = read("checkpoint").decode(errors="replace")
        checkpoint = open_checkpoint(note, verifiers, before.checkpoint.origin)
    except (BadInput, Unreachable):
        return None
    if note == before.note or checkpoint.size < before.checkpoint.size:
        return None
    later = _seen(note, checkpoint, policy, found)
    return later if later.is_enough and is_prefix(before.checkpoint, checkpoint, read) else None


def _moment(time: int) -> str:
    return moment_text(datetime.fromtimestamp(time, UTC))


# ---- For people ----


def as_lines(told: Witnessed | None, audited: str, say: Say) -> Iterator[str]:
    """Who cosigned and how long ago; or, plainly, that nobody was asked."""
    if told is None:
        yield say(NOBODY_ASKED)
        return
    if told["needed"] == NONE and not told["cosigned"]:
        yield say(NONE_NEEDED)
        return
    verdict = ENOUGH if told["quorum"] else NOT_ENOUGH
    yield say(verdict).format(**told)
    for name, moment in told["cosigned"].items():
        seconds = (parse_moment(audited) - parse_moment(moment)).total_seconds()
        yield say(COSIGNED).format(name=name, moment=moment, age=_age(max(0, int(seconds)), say))


def saw_the_same(report: dict[str, Any]) -> bool:
    """Whether witnesses vouch that others are shown this log, too."""
    told = report["witnesses"]
    return bool(told and told["quorum"] and told["cosigned"])


def _age(seconds: int, say: Say) -> str:
    """In the largest unit of which there are two."""
    size, unit = next((each for each in UNITS if seconds >= 2 * each[0]), UNITS[-1])
    return say(unit).format(n=seconds // size)
