"""`dauys audit … --vault DIR`: draws acts by the log's root and checks what each rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dauys.cli import vault_files
from dauys.errors import LANGUAGES, ProofInvalid
from dauys.ledger import sampling, sqlite
from dauys.ledger.tail import LogTail
from dauys.ledger.vault_audit import VaultAudit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from dauys.translog.checkpoint import Checkpoint

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class VaultOptions:
    """What to check, and by whose keys; `share` of bad acts that the sample is to find, None for every act."""

    folder: Path
    opened: Path | None = None
    keys: Sequence[Path] = ()
    share: float | None = 0.01
    words: str = ""
    trust: Path | None = None
    confidence: float = field(default=CONFIDENCE)


def check_vault(options: VaultOptions, checkpoint: Checkpoint, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Facts, findings, and what the sample says; ProofInvalid where the vault is not of the audited log."""
    from dauys.identity.trust import Profile, TrustStore
    from dauys.intake.app import load_trust
    from dauys.ledger.places import Places

    with vault_files.reading(options.folder) as connection:
        _require_same(connection, checkpoint)
        mode = sqlite.read_tail(connection).mode
        profile = Profile.TEST if mode == "demo" else Profile.PRODUCTION
        places = Places(options.folder.absolute())
        trust = TrustStore.load(options.trust, profile) if options.trust else load_trust(places, mode)
        opener = vault_files.opener_of(connection, options.folder, options.opened, options.keys)
        audit = VaultAudit(connection, opener, trust, checkpoint.size)
        audit.survey()
        drawn = _drawn(options, checkpoint, len(audit.acts))
        audit.check([audit.acts[place] for place in drawn], progress)
    return _facts(options, audit, len(drawn))


def _require_same(connection: sqlite3.Connection, checkpoint: Checkpoint) -> None:
    log = LogTail(connection)
    tail = log.refresh()
    if tail.size < checkpoint.size or log.tree.root_at(checkpoint.size) != checkpoint.root:
        raise ProofInvalid(what=f"the vault is not that of the audited log of {checkpoint.size} entries, or older")


def _drawn(options: VaultOptions, checkpoint: Checkpoint, acts: int) -> list[int]:
    wanted = acts if options.share is None else sampling.sample_for(acts, options.share, options.confidence)
    return sampling.draw(checkpoint.root, checkpoint.size, options.words, acts, wanted)


def _facts(options: VaultOptions, audit: VaultAudit, checked: int) -> dict[str, Any]:
    acts = len(audit.acts)
    return {
        "sound": not audit.findings, "acts": acts, "checked": checked, "erased": audit.erased, "lost": audit.lost,
        "keys_destroyed": sorted(audit.destroyed), "forms": dict(audit.forms), "words": options.words,
        "confidence": options.confidence,
        "most_unseen": 0 if checked == acts else sampling.most_unseen(acts, checked, options.confidence),
        "findings": [
            {"index": each.index, "code": each.code, "sentence": {one: each.explain(one) for one in LANGUAGES}}
            for each in audit.findings
        ],
        "more": dict(audit.findings.more),
    }  # fmt: skip
