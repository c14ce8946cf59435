"""Who signed: every pseudonym with its subject and tier, so that nobody is counted twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dauys.ledger.signature_runs import Family, Run


class Signers:
    """Pseudonyms as they are written. One under two subjects is made up, but counts under both."""

    def __init__(self) -> None:
        self._held: dict[bytes, Family] = {}
        self._more: dict[bytes, list[Family]] = {}  # under further subjects

    def take(self, run: Run) -> list[int]:
        """More signatures; the index of each whose pseudonym its subject held already."""
        held, names = self._held, run.names
        before = len(held)
        if held.keys().isdisjoint(names):
            held.update(zip(names, map(run.families.__getitem__, run.which), strict=True))
            if len(held) == before + len(names):
                return []
            for name in set(names):  # some stand twice in the run itself
                del held[name]
        return [index for index, family, name in run.each() if not self.add(family, name)]

    def add(self, family: Family, name: bytes) -> bool:
        """One more; false where the subject held it already."""
        if self.tier_of(family.subject, name) is not None:
            return False
        if name in self._held:
            self._more.setdefault(name, []).append(family)
        else:
            self._held[name] = family
        return True

    def hold(self, family: Family, names: list[bytes]) -> None:
        """Signatures of one family, of which none is held."""
        if self._held.keys().isdisjoint(names):
            self._held.update(dict.fromkeys(names, family))
        else:
            for name in names:
                self.add(family, name)

    def tier_of(self, subject: str, name: bytes) -> str | None:
        """The tier of a pseudonym's signature under a subject, if it has one."""
        return next((family.tier for family in self._families(name) if family.subject == subject), None)

    def discard(self, subject: str, name: bytes) -> None:
        """It may sign the subject again."""
        rest = [family for family in self._families(name) if family.subject != subject]
        self._held.pop(name, None)
        self._more.pop(name, None)
        for family in rest:
            self.add(family, name)

    def by_subject(self) -> dict[str, dict[str, list[bytes]]]:
        """All pseudonyms by subject and tier."""
        found: dict[str, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        for held in (self._held.items(), ((name, each) for name, more in self._more.items() for each in more)):
            for name, family in held:
                found[family.subject][family.tier].append(name)
        return found

    def _families(self, name: bytes) -> Iterator[Family]:
        if name in self._held:
            yield self._held[name]
            yield from self._more.get(name, ())
