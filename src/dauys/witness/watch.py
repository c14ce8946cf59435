"""What a witness does with a submitted checkpoint: check, keep, and only then cosign."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from hashlib import sha256

from dauys.errors import (
    NotConsistent,
    NoteInvalid,
    NotSignedByLog,
    NotWatched,
    OldSizeTooLarge,
    ProofInvalid,
    Refusal,
    SizeConflict,
    SubmissionMalformed,
    WitnessClockBehind,
)
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.merkle import EMPTY_ROOT, verify_consistency
from dauys.translog.note import split_note, verified_lines
from dauys.translog.submission import Submission
from dauys.witness.folder import WatchedLog, WitnessFolder

CLOCK_SLACK = 60  # seconds that a clock may be set back, as time servers do


class Witness:
    """One witness. Of each log one submission is looked at a time, so that no answer can roll back another's tree."""

    def __init__(self, folder: WitnessFolder) -> None:
        """Reads keys, list and every kept checkpoint; Refusal where one of them is not as this witness left it."""
        self.folder, self._signers = folder, folder.signers()
        self.verifiers = [signer.verifier for signer in self._signers]
        self._stamp, self._logs = folder.list_stamp, folder.logs()
        self._locks = defaultdict[str, threading.Lock](threading.Lock)
        self._list_lock = threading.Lock()
        for origin in self._logs:
            self._held(origin)

    @property
    def name(self) -> str:
        """The name under which it cosigns."""
        return self._signers[0].name

    @property
    def logs(self) -> dict[str, WatchedLog]:
        """The watched logs by origin; read anew when the list changed."""
        with self._list_lock:
            stamp = self.folder.list_stamp
            if stamp != self._stamp:
                self._stamp, self._logs = stamp, self.folder.logs()
            return self._logs

    def latest(self, digest: str) -> str | None:
        """The latest checkpoint of the watched log whose origin has this SHA-256 in hex, with our cosignatures; or None."""
        for origin in self.logs:
            if sha256(origin.encode()).hexdigest() == digest:
                return self.folder.latest(origin)
        return None

    def add_checkpoint(self, data: bytes) -> str:
        """Our cosignature lines, once the checkpoint is durably kept; SubmissionMalformed or NotCosigned otherwise."""
        submission = Submission.parse(data)
        try:
            checkpoint = Checkpoint.parse(split_note(submission.checkpoint)[0])
        except NoteInvalid as error:
            raise SubmissionMalformed(what=error.facts["what"]) from error
        log = self.logs.get(checkpoint.origin)
        if log is None:
            raise NotWatched(origin=checkpoint.origin)
        try:
            signed_by_log = verified_lines(submission.checkpoint, log.keys).signatures
        except NoteInvalid as error:
            raise NotSignedByLog(origin=log.origin, what=error.facts["what"]) from error
        if not signed_by_log:
            raise NotSignedByLog(origin=log.origin, what="it holds no signature of such a key")
        if submission.old > checkpoint.size:
            raise OldSizeTooLarge(size=checkpoint.size)
        with self._locks[log.origin]:
            return self._grow(log, submission, checkpoint)

    def _grow(self, log: WatchedLog, submission: Submission, checkpoint: Checkpoint) -> str:
        held, note, last_time = self._held(log.origin)
        if checkpoint.size == held.size and checkpoint.root != held.root:
            # Kept before the old size is looked at: two signed roots of one size prove a fork, whatever was asked.
            self._keep_evidence(submission, checkpoint, note)
        if submission.old != held.size:
            raise SizeConflict(size=held.size)
        try:
            verify_consistency(held.size, held.root, checkpoint.size, checkpoint.root, submission.proof)
        except ProofInvalid as error:
            self._keep_evidence(submission, checkpoint, note)
            raise NotConsistent(size=held.size, what=error.facts["what"]) from error
        now = _not_before(last_time)
        text = checkpoint.to_text()
        lines = "".join(signer.line(text, now) for signer in self._signers)
        of_log = "".join(
            line.to_text() for line in split_note(submission.checkpoint)[1] if _is_of(line.name, line.key_id, log)
        )
        self.folder.keep(log.origin, f"{text}\n{of_log}{lines}")
        return lines

    def _keep_evidence(self, submission: Submission, checkpoint: Checkpoint, held: str) -> None:
        name = f"{checkpoint.size}-{checkpoint.root.hex()[:16]}"
        self.folder.keep_evidence(checkpoint.origin, name, held, submission.to_text())

    def _held(self, origin: str) -> tuple[Checkpoint, str, int]:
        """The latest checkpoint of a log, its note and the time we cosigned it; size 0 where none was ever kept."""
        note = self.folder.latest(origin)
        if note is None:
            return Checkpoint(origin, 0, EMPTY_ROOT), "", 0
        try:
            checkpoint = open_checkpoint(note, self.verifiers, origin)
            times = [found.time or 0 for found in verified_lines(note, self.verifiers).signatures]
        except NoteInvalid as error:
            # To go on from another state than the kept one could cosign a fork.
            raise Refusal(why=f"the kept checkpoint of {origin} is not as this witness left it ({error})") from error
        return checkpoint, note, max(times)


def _not_before(last_time: int) -> int:
    """The time to sign, never before the last one: the larger tree must not be the older statement.

    A clock set back by little is waited out with the last time; by more, no time that it shows can be signed.
    """
    now = int(time.time())
    if now + CLOCK_SLACK < last_time:
        raise WitnessClockBehind(seconds=last_time - now)
    return max(now, last_time)


def _is_of(name: str, key_id: bytes, log: WatchedLog) -> bool:
    return any((key.name, key.key_id) == (name, key_id) for key in log.keys)
