"""What a log tells of its vault: what was erased, destroyed, handed out, and who can open it. Pure; for the recount."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dauys.ledger.vault_leaves import (
    AuditorsNamed,
    EvidenceErased,
    EvidenceExported,
    KeysDestroyed,
    TextErased,
    VaultLeaf,
)
from dauys.translog.audit import Gather

Said = tuple[str, dict[str, Any]]  # the code of a finding and its facts


@dataclass
class VaultHistory:
    """Feed `take` in the log's order."""

    texts: dict[str, int] = field(default_factory=dict)  # erased ones, by hash: the entry that says so
    destroyed: dict[str, int] = field(default_factory=dict)  # subjects
    erased: int = 0  # acts
    exported: int = 0

    def take(self, index: int, leaf: VaultLeaf, moment: int | None, ends: Mapping[str, int]) -> Iterator[Said]:
        """What is wrong with it or worth knowing; `ends` of signing by subject, in unix seconds."""
        if isinstance(leaf, EvidenceErased):
            self.erased += leaf.count
            yield "evidence-erased", {"count": leaf.count}
        elif isinstance(leaf, EvidenceExported):
            self.exported += leaf.count
            yield "evidence-exported", {"count": leaf.count, "order": leaf.order}
        elif isinstance(leaf, TextErased):
            if self.texts.setdefault(leaf.text, index) != index:
                yield "text-erased-twice", {"text": leaf.text}
            if leaf.officials[0] == leaf.officials[1]:
                yield "one-official-twice", {}
        elif isinstance(leaf, KeysDestroyed):
            yield self._destroy(index, leaf.subject, moment, ends), {"subject": leaf.subject}
        else:
            yield _name(leaf)

    def _destroy(self, index: int, subject: str, moment: int | None, ends: Mapping[str, int]) -> str:
        if self.destroyed.setdefault(subject, index) != index:
            return "keys-destroyed-twice"
        early = subject not in ends or (moment is not None and moment < ends[subject])
        return "keys-destroyed-early" if early else "keys-destroyed"

    def still_shown(self, read: Callable[[str], object], gather: Gather = map) -> Iterator[tuple[int, str]]:
        """(entry, hash) of every erased text that is public all the same; `read` gives bytes where one is."""
        for (digest, index), content in zip(self.texts.items(), gather(read, self.texts), strict=True):
            if isinstance(content, bytes):
                yield index, digest


def _name(leaf: AuditorsNamed) -> Said:
    if leaf.threshold > len(leaf.keys) or len(set(leaf.keys)) != len(leaf.keys):
        return "auditors-useless", {}
    return "auditors-named", {"threshold": leaf.threshold, "count": len(leaf.keys)}
