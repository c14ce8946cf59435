"""The log asks its witnesses: each checkpoint before it is published, the last one again until all have cosigned it.

A witness that is slow, broken or away is gone on without (fail-open), asked again after a growing pause, and its line is
attached later. None of this is on the way of a signature: only the publisher waits, and at most `seconds`.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from dauys.errors import DauysError, NoteInvalid, Refusal, SizeConflict, WitnessAhead, WitnessAway, WitnessRefused
from dauys.intake.witness_client import WitnessClient, make_client
from dauys.ledger.cosigned import WitnessState, kept_lines, merge_lines, read_policy
from dauys.ledger.places import Places
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.note import Signature, Verifier, split_note, verified_lines
from dauys.translog.policy import Policy, Witness
from dauys.translog.submission import Submission
from dauys.translog.tiles import TileTree

logger = logging.getLogger(__name__)

DEFAULT_SECONDS = 1.0  # Tessera's time limit for a witness
LONGEST_PAUSE = 60.0  # seconds between two attempts at a witness that fails
FRESH_SECONDS = 600.0  # a cosignature older than this is renewed, so that its time says the log is alive
MOST_THREADS = 8


@dataclass
class Asked:
    """One address and the keys that answer there; a witness with two keys is asked once."""

    client: WitnessClient
    witnesses: list[Witness]
    size: int = 0  # what it holds as far as we know; a conflict corrects us
    pause: float = 0.0
    next_try: float = 0.0
    states: dict[str, WitnessState] = field(default_factory=dict)

    @property
    def verifiers(self) -> list[Verifier]:
        """Its keys."""
        return [witness.verifier for witness in self.witnesses]


class Proofs:
    """Proofs for several threads from one tree, which reads the publisher's connection; none once the publisher goes on."""

    def __init__(self, tree: TileTree) -> None:
        self._tree, self._lock, self._closed = tree, threading.Lock(), False

    def submission(self, old: int, size: int, note: str) -> Submission:
        """What a witness that holds `old` entries is sent; WitnessAhead where that is more than we have."""
        if old > size:
            raise WitnessAhead(size=old, ours=size)
        with self._lock:
            if self._closed:
                raise WitnessAway(address="?", why="it answered too late")
            return Submission(old, tuple(self._tree.consistency_proof(old, size)), note)

    def close(self) -> None:
        """Returns once no proof is being made."""
        with self._lock:
            self._closed = True


class Witnesses:
    """Those of a policy that have an address; used by the publisher's thread only."""

    def __init__(self, policy: Policy, seconds: float = DEFAULT_SECONDS) -> None:
        self.policy, self.seconds = policy, seconds
        self._client = make_client()
        by_url = defaultdict[str, list[Witness]](list)
        for witness in policy.witnesses.values():
            if witness.url:
                by_url[witness.url].append(witness)
        self.asked = [Asked(WitnessClient(url, self._client, seconds), found) for url, found in by_url.items()]
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="witness") if by_url else None

    @classmethod
    def of(cls, places: Places) -> Witnesses:
        """Those of the installation's policy; PolicyMalformed. DAUYS_WITNESS_SECONDS is how long one is waited for."""
        return cls(read_policy(places), seconds_from_environment())

    def cosign(self, note: str, published: str, tree: TileTree) -> str:
        """The signed checkpoint with the lines of all who answer in time, and those that its published form has already.

        `tree` is of its size or larger.
        """
        if self._threads is None:
            return note
        now, proofs = time.monotonic(), Proofs(tree)
        ready = [asked for asked in self.asked if asked.next_try <= now]
        work = {self._threads.submit(self._ask, asked, note, proofs): asked for asked in ready}
        # A conflict takes a second exchange; whoever needs longer is not waited for.
        done, late = wait(work, timeout=2 * self.seconds + 0.1)
        proofs.close()
        lines = [self._settle(work[future], future) for future in done]
        for future in late:
            self._failed(work[future], f"no answer within {self.seconds:g} s")
        return merge_lines(note, [*kept_lines(published, note), *filter(None, lines)], self._verifiers())

    def is_due(self, note: str, now: float) -> bool:
        """Whether a published checkpoint lacks a line that could be asked for, or has one that is old; `now` in unix seconds."""
        try:
            found = {line.verifier: line for line in verified_lines(note, self._verifiers()).signatures}
        except NoteInvalid:
            return False
        ready = (asked for asked in self.asked if asked.next_try <= time.monotonic())
        return any(_is_old(found.get(key), now) for asked in ready for key in asked.verifiers)

    def states(self) -> list[WitnessState]:
        """What is known of each witness since this process began to ask."""
        return [state for asked in self.asked for state in asked.states.values()]

    def latest(self, origin: str) -> list[tuple[Asked, str | DauysError | None]]:
        """What each of them last cosigned of the log, as it says; None where it knows nothing, an error where it is away."""
        if self._threads is None:
            return []
        return list(zip(self.asked, self._threads.map(lambda asked: _latest(asked, origin), self.asked), strict=True))

    def close(self) -> None:
        """Ends connections and threads; an answer that is under way is not waited for."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    # ---- One witness ----

    def _ask(self, asked: Asked, note: str, proofs: Proofs) -> str:
        """Its verified lines over this checkpoint."""
        text = split_note(note)[0]
        size = Checkpoint.parse(text).size
        try:
            lines = asked.client.submit(proofs.submission(asked.size, size, note))
        except SizeConflict as conflict:
            asked.size = int(str(conflict.facts["size"]))
            lines = asked.client.submit(proofs.submission(asked.size, size, note))
        if not verified_lines(f"{text}\n{lines}", asked.verifiers).signatures:
            raise WitnessRefused(address=asked.client.url, status=200, what="it signed with none of the policy's keys")
        asked.size = size
        return lines

    def _settle(self, asked: Asked, future: Future[str]) -> str | None:
        try:
            lines = future.result()
        except WitnessAhead as error:
            logger.critical("%s", error)
            self._failed(asked, str(error))
        except DauysError as error:
            self._failed(asked, str(error))
        else:
            asked.pause = asked.next_try = 0.0
            for witness in asked.witnesses:
                asked.states[witness.name] = WitnessState(witness.name, asked.size, int(time.time()), "")
            return lines
        return None

    def _failed(self, asked: Asked, problem: str) -> None:
        asked.pause = min(LONGEST_PAUSE, asked.pause * 2 or self.seconds)
        asked.next_try = time.monotonic() + asked.pause
        for witness in asked.witnesses:
            before = asked.states.get(witness.name)
            if before is None or not before.problem:
                logger.warning("witness %s: %s", witness.name, problem)
            asked.states[witness.name] = WitnessState(
                witness.name, asked.size, before.cosigned_at if before else 0, problem
            )

    def _verifiers(self) -> list[Verifier]:
        return [key for asked in self.asked for key in asked.verifiers]


def _latest(asked: Asked, origin: str) -> str | DauysError | None:
    try:
        return asked.client.latest(origin)
    except DauysError as error:
        return error


def seconds_from_environment() -> float:
    """DAUYS_WITNESS_SECONDS; Refusal where it is no time."""
    written = os.environ.get("DAUYS_WITNESS_SECONDS", str(DEFAULT_SECONDS))
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 60:
        raise Refusal(why=f"DAUYS_WITNESS_SECONDS is {written}, not a number of seconds up to 60")
    return seconds


def _is_old(line: Signature | None, now: float) -> bool:
    return line is None or now - (line.time or 0) > FRESH_SECONDS
