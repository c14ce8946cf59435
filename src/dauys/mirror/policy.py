"""The log's policy, kept by a mirror: whom the log asks to cosign. Nobody signed it, so it is for comparing, not for believing."""

from __future__ import annotations

from dauys.errors import FileRejected, NotFound, Unreachable
from dauys.ledger.durable import write_durably
from dauys.ledger.publication import POLICY, read_published
from dauys.mirror.folder import MirrorFolder, State
from dauys.mirror.ring import kept_ring
from dauys.mirror.sources import Source
from dauys.translog.policy import Policy


def fetch_policy(folder: MirrorFolder, state: State, sources: list[Source]) -> list[str]:
    """Keeps what the first source shows that has one of this log; what is wrong with those before it, in words."""
    troubles = []
    for source in sources:
        try:
            shown = source.read(POLICY)
            _require_of_log(Policy.parse(shown), folder, state)
        except NotFound:
            continue
        except (FileRejected, Unreachable) as error:
            troubles.append(f"{source.name}: {error}")
            continue
        if shown != read_published(folder.log, POLICY):
            write_durably(folder.log / POLICY, shown)
        break
    return troubles


def _require_of_log(policy: Policy, folder: MirrorFolder, state: State) -> None:
    """FileRejected where it names no key that this mirror believes now: it is another log's, or an older one's."""
    if not set(policy.log_keys) & set(kept_ring(folder, state).present):
        raise FileRejected(what=f"the policy it shows names no key of {state.origin} that signs now")
