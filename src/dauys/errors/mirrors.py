"""Why a mirror does not go on following its log."""

from __future__ import annotations

from dauys.errors.root import DauysError


class MirrorError(DauysError):
    code = "mirror-error"
    sentence = "This mirror cannot go on following its log."


class MirrorRefused(MirrorError):
    code = "mirror-refused"
    sentence = "The mirror does not start: {why}."


class SourceForked(MirrorError):
    code = "source-forked"
    sentence = (
        "The log {origin} has shown two histories that cannot both be true. Both signed checkpoints are kept in {folder}: "
        "show them to others. What was stored here before stays as it was."
    )


class MirrorBehind(MirrorError):
    code = "mirror-behind"
    sentence = (
        "Every source shows {shown} entries; {held} were seen before. Either they are old copies, or the log was put back. "
        "What is stored here stays; the signed checkpoints are kept as evidence."
    )
