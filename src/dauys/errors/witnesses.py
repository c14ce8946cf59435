"""Why a witness does not cosign a checkpoint."""

from __future__ import annotations

from dauys.errors.root import DauysError


class NotCosigned(DauysError):
    code, status = "not-cosigned", 422
    sentence = "This witness does not cosign the checkpoint: {what}."


class WitnessRefused(NotCosigned):
    code, status = "witness-refused", 502
    sentence = "The witness at {address} did not cosign ({status}): {what}"


class WitnessAhead(NotCosigned):
    code, status = "witness-ahead", 500
    sentence = "A witness holds {size} entries of this log, more than the {ours} here: the database is an older one, or the log was forked."


class NotWatched(NotCosigned):
    code, status = "not-watched", 404
    sentence = "This witness does not watch the log {origin}. Its operator can add the log's key."


class NotSignedByLog(NotCosigned):
    code, status = "not-signed-by-log", 403
    sentence = "This witness knows no key of the log {origin} that signed this checkpoint: {what}."


class OldSizeTooLarge(NotCosigned):
    code, status = "old-size-too-large", 400
    sentence = "The old size is larger than the checkpoint's own, {size}."


class SizeConflict(NotCosigned):
    code, status = "size-conflict", 409
    sentence = "This witness last cosigned {size} entries of the log. Please prove growth from there."


class WitnessClockBehind(NotCosigned):
    code, status = "witness-clock-behind", 503
    sentence = "This witness's clock is {seconds} seconds behind its last cosignature, so it signs no time. Its operator must set it."


class NotConsistent(NotCosigned):
    code, status = "not-consistent", 422
    sentence = "This checkpoint does not extend the one of {size} entries that this witness cosigned: {what}. Both are kept as evidence."
