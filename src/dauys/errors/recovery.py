"""What an operator must mend: the disk, the clock, a damaged edge, a backup."""

from __future__ import annotations

from dauys.errors.root import DauysError

# ---- The disk does not take what must be durable ------------------------------------------------------------------


class Storage(DauysError):
    code, status = "storage", 503
    sentence = "What you sent could not be kept. Nothing was counted; please try again in a few minutes."


class StorageFull(Storage):
    code = "storage-full"
    sentence = "There is no room left on our disk. Nothing was counted; please try again in a few minutes."


class StorageFailed(Storage):
    code = "storage-failed"
    sentence = (
        "Our disk failed while it wrote ({what}), so nothing more is accepted until it was checked. Please send the "
        "same request again later: it counts once, whatever happened."
    )


# ---- The operator's start-up or command cannot go on ---------------------------------------------------------------


class Refusal(DauysError):
    code = "refusal"
    sentence = "Dauys does not start: {why}"


class EdgeRefused(Refusal):
    code = "edge-refused"
    sentence = (
        "Dauys does not start: the newest entries and tiles in the database do not give its root ({what}). The disk or a "
        "restored file is damaged. Delete nothing; copy the folder away, check the disk, then restore the newest backup: "
        "script/dauys restore"
    )


class ClockRefused(Refusal):
    code = "clock-refused"
    sentence = (
        "Dauys does not start: the clock of this server says {now}, but the newest act was logged at {newest}. Set the "
        "clock and start again. If the clock is right now and was ahead before, start once with --accept-clock."
    )


# ---- Backup and restore ---------------------------------------------------------------------------------------------


class BackupBroken(Refusal):
    code = "backup-broken"
    sentence = "The backup in {folder} cannot be trusted: {what}. Nothing was changed; take another backup."


class PlaceTaken(Refusal):
    code = "place-taken"
    sentence = "{folder} is not empty, and nothing is ever written over. Name a new folder, or move that one away (do not delete it)."


class KeysOutdated(Refusal):
    code = "keys-outdated"
    sentence = (
        "These keys are too old: the log changed its keys at entry {entry}. Nothing was written. Give the newest copy of "
        "keys/, for a restore with --keys FOLDER."
    )


class RestoreUnfinished(Refusal):
    code = "restore-unfinished"
    sentence = (
        "Dauys does not start: the restore into {folder} was not finished. Move that folder away and run script/dauys "
        "restore again; the backup is unharmed."
    )


class PublicUnknown(Refusal):
    code = "public-unknown"
    sentence = (
        "What was public last must be known before anything is restored, or the log could be forked. Name the published log "
        "or a mirror with --log; only if nothing was published since this backup, say --nothing-newer."
    )


class RefillImpossible(Refusal):
    code = "refill-impossible"
    sentence = (
        "The public log had {public} entries, this database has {here}, and those between cannot be had ({what}). Ask another mirror with script/dauys log refill, or, if nobody has them, open a successor log with "
        "script/dauys log succeed."
    )


class SuccessorNeeded(Refusal):
    code = "successor-needed"
    sentence = (
        "Dauys does not start: this log was restored after its database was lost, and receipts of the last minute may name "
        "entries that nobody has. Open a successor: script/dauys log succeed. Only if the old server was stopped in order: "
        "script/dauys log resume"
    )


class ErasuresAwaited(Refusal):
    code = "erasures-awaited"
    sentence = (
        "Evidence that was erased is back with the backup (erasures in entries {entries} of the log). Erase it again before "
        "anything starts: script/dauys vault repeat tells which, and what can be done."
    )


class SuccessionUnfinished(Refusal):
    code = "succession-unfinished"
    sentence = "Dauys does not start: opening a successor log was cut short. Nothing is lost; run again: script/dauys log succeed"


class SuccessionForbidden(Refusal):
    code = "succession-forbidden"
    sentence = "No successor was opened: {why}."


# ---- A change of the log's keys --------------------------------------------------------------------------------------


class KeysUnchanged(Refusal):
    code = "keys-unchanged"
    sentence = "The keys were not changed: {why}"


class LogServed(KeysUnchanged):
    code = "log-served"
    sentence = (
        "The keys were not changed: the log is being served. Stop dauys serve, change the keys with script/dauys log "
        "rotate, and start it again."
    )
