"""A public log of any length, made at once: real kinds of leaves in a country's proportions, under a key of its own.

Nobody signed these signatures: pseudonyms and commitments are random. For benchmarks and tests of auditing alone.
"""

from __future__ import annotations

import random
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from dauys.ledger.confirmation_leaf import ActsConfirmed, ListUsed, TakenBack
from dauys.ledger.leaves import LogOpened, PetitionOpened, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text, moment_text
from dauys.ledger.petition_leaves import Listed, Registered, Submitted
from dauys.ledger.published_counts import counts_document
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn
from dauys.petitions.canonical import text_bytes
from dauys.petitions.terms import terms_of
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.frontier import Frontier, hash_entries
from dauys.translog.note import Signer
from dauys.translog.tiles import TILE_WIDTH, bundle, entries_path, tile_path

RULES, LEVEL, BODY = "kz/2024-04-04", "government", "government"
TITLE = "Жасалған өтініш"
TIERS = ("mobile", "desktop")
SHARES = (8, 2)  # eight of ten sign on the phone
DAYS = 100  # over which the log was written; petitions collect for six months
HOUR_OF, CONFIRMED_EVERY, WITHDRAWN_OF = 400, 20_000, 0.004  # entries an hour at least, entries, share
SIGNATURE = (
    b'{"commitment":"%s","hour":"%s","kind":"petition.signature","pseudonym":"%s","subject":"%s","tier":"%s","v":1}'
)


@dataclass
class MadeLog:
    """Writes `size` entries or a few more into a folder, with tiles, texts, counts and checkpoint."""

    folder: Path
    size: int
    now: datetime
    seed: int = 1
    signer: Signer = field(default_factory=lambda: Signer.generate("made.example/2026"))
    standing: Counter[tuple[str, str]] = field(default_factory=Counter)
    final: Counter[tuple[str, str]] = field(default_factory=Counter)
    withdrawn: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._petitions = [f"petition/{number}" for number in range(1, max(4, min(40, self.size // 5000)) + 1)]
        self._weights = [1 / place for place in range(1, len(self._petitions) + 1)]
        self._terms, self._stages = terms_of(RULES), dict.fromkeys(self._petitions, "gathering")
        self._text = text_bytes(TITLE, "…")

    def write(self) -> str:
        """Everything; the log's vkey."""
        frontier, held = Frontier(), list[bytes]()
        for entry in self.entries():
            held.append(entry)
            if len(held) == TILE_WIDTH:
                self._bundle(frontier, held)
                held = []
        self._bundle(frontier, held)
        for level, number, data in frontier.partial_tiles():
            self._file(tile_path(level, number, len(data) // 32), data)
        counts = [self._counted(which) for which in (self.standing, self.final)]
        self._file(f"text/{sha256(self._text).hexdigest()}", self._text)
        self._file("counts.json", counts_document(frontier.size, *counts))
        checkpoint = Checkpoint(self.signer.name, frontier.size, frontier.root())
        self._file("checkpoint", sign_checkpoint(self.signer, checkpoint).encode())
        return self.signer.verifier.vkey

    def entries(self) -> Iterator[bytes]:
        """Openings, then signatures hour by hour, confirmations, withdrawals and what time drives."""
        at, count, first = self.now - timedelta(days=DAYS), 0, 0
        for leaf in self._openings(at):
            yield encode_leaf(leaf)
            count += 1
        hours = min(DAYS * 24 - 49, max(1, self.size // HOUR_OF))
        steps, since = self.size // hours + 1, hour_number(at) + 49
        pending = Counter[tuple[str, str]]()
        for hour in range(since, since + hours):
            for entry in self._hour(hour, steps, pending):
                yield entry
                count += 1
            moment = moment_text(datetime.fromtimestamp((hour + 1) * 3600 - 1, self.now.tzinfo))
            if count - first >= CONFIRMED_EVERY or hour == since + hours - 1:
                used = ListUsed("5b" * 20, False, str(hour), "ab" * 32, moment)
                yield encode_leaf(ActsConfirmed(list[TakenBack](), first, count - 1, [used]))
                self.final.update(pending)
                pending.clear()
                first, count = count, count + 1
            for leaf in self._clock(moment):
                yield encode_leaf(leaf)
                count += 1

    def _openings(self, at: datetime) -> Iterator[LogOpened | Submitted | PetitionOpened]:
        yield LogOpened("demo", moment_text(at), self.signer.name)
        digest, handed_in = sha256(self._text).hexdigest(), moment_text(at)
        for subject in self._petitions:
            yield Submitted(
                moment=handed_in, subject=subject, attempt=1, body=BODY, commitment=_random32(self._rng).decode(),
                due=self._terms.moderation_due(handed_in), language="kk", level=LEVEL, rules=RULES, text_sha256=digest,
                tier="mobile",
            )  # fmt: skip
        opens, pack = moment_text(at + timedelta(days=1)), self._terms.pack
        for subject in self._petitions:
            yield PetitionOpened(
                addressee="Үкімет", age=pack.age, closes=self._terms.closes(opens), language="kk", opens=opens, rules=RULES,
                subject=subject, text_sha256=digest, threshold=pack.threshold(LEVEL), tiers=list(pack.tiers), title=TITLE,  # type: ignore[arg-type]
                vrf=to_text(self._rng.randbytes(32)),
            )  # fmt: skip

    def _hour(self, hour: int, count: int, pending: Counter[tuple[str, str]]) -> Iterator[bytes]:
        rng, text = self._rng, hour_text(hour)
        subjects = rng.choices(self._petitions, self._weights, k=count)
        for subject, tier in zip(subjects, rng.choices(TIERS, SHARES, k=count), strict=True):
            key = subject, tier
            if rng.random() < WITHDRAWN_OF and self.standing[key] > 0:
                self.standing[key] -= 1
                self.withdrawn[key] += 1
                hidden, evidence = (_random32(rng).decode() for _ in range(2))
                yield encode_leaf(SignatureWithdrawn(evidence, text, subject, tier, hidden))  # type: ignore[arg-type]
                continue
            self.standing[key] += 1
            pending[key] += 1
            yield SIGNATURE % (_random32(rng), text.encode(), _random32(rng), subject.encode(), tier.encode())

    def _clock(self, moment: str) -> Iterator[Listed | Registered]:
        """Listed with the first supporters, registered at the threshold."""
        for subject, stage in self._stages.items():
            held, final = (self._counted(which).get(subject, {}) for which in (self.standing, self.final))
            if stage == "gathering" and sum(held.values()) >= self._terms.gate:
                self._stages[subject] = "collecting"
                yield Listed(moment=moment, subject=subject, signatures=sum(held.values()))
            elif stage == "collecting" and sum(final.values()) >= self._terms.pack.threshold(LEVEL):
                self._stages[subject] = "registered"
                due = self._terms.answer_due(LEVEL, moment)
                yield Registered(moment=moment, subject=subject, due=due, signatures=sum(final.values()))

    def _counted(self, which: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
        """By subject and tier; every withdrawn one lowers the final count at once."""
        counts: dict[str, dict[str, int]] = {}
        for (subject, tier), count in which.items():
            shown = max(0, count - self.withdrawn[subject, tier]) if which is self.final else count
            if shown:
                counts.setdefault(subject, {})[tier] = shown
        return counts

    def _bundle(self, frontier: Frontier, entries: list[bytes]) -> None:
        if not entries:
            return
        number, data = frontier.size // TILE_WIDTH, bundle(entries)
        hashed = hash_entries(entries)
        self._file(entries_path(number, len(entries)), data)
        self._file(tile_path(0, number, len(entries)), hashed.leaves)
        for level, at, tile in frontier.add(hashed):
            self._file(tile_path(level, at), tile)

    def _file(self, path: str, data: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _random32(rng: random.Random) -> bytes:
    return urlsafe_b64encode(rng.randbytes(32))[:43]
