"""Replays how a log's keys changed: each change signed by the keys before and the keys after, none skipped."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dauys.errors import NoteInvalid
from dauys.ledger.findings import Found, told
from dauys.ledger.leaves import LogOpened
from dauys.ledger.log_leaves import LogKeys, LogSucceeded
from dauys.translog.keyring import KeyChange


class KeyHistory(msgspec.Struct):
    """The present keys as text; none in a log that never named any."""

    keys: list[str] = []

    def opened(self, leaf: LogOpened) -> None:
        """The keys that the first entry names, if it does."""
        self.keys = self.keys or ([] if isinstance(leaf.keys, msgspec.UnsetType) else leaf.keys)

    def changed(self, index: int, origin: str, leaf: LogKeys, findings: Found) -> None:
        """A change that is not signed by all, or does not go on from the present keys in this entry, is a finding."""
        try:
            change = KeyChange.open(leaf.statement)
        except NoteInvalid as error:
            findings.add(index, "keys-unsigned", why=told(error))
            return
        before = {key.vkey for key in change.until}
        if (change.origin, change.index) != (origin, index) or (self.keys and set(self.keys) != before):
            findings.add(index, "keys-from-nowhere")
        self.keys = [key.vkey for key in change.since]

    def succeeded(self, leaf: LogSucceeded) -> None:
        """A successor names its own."""
        self.keys = leaf.keys

    def compare(self, signers: Sequence[str], findings: Found) -> None:
        """`signers` are the keys (as text) whose lines on the checkpoint hold: one of the present ones must be there."""
        if self.keys and not set(signers) & set(self.keys):
            findings.add(None, "retired-key")
