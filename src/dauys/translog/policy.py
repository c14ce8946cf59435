"""Whom to believe about a log: c2sp.org/tlog-policy, a text of logs, witnesses, groups and one quorum.

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> <number, any or all> <name> ...
    quorum <name of a witness or group, or none>

Octets above ASCII are opaque: they are carried through as surrogate escapes and never compared as letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dauys.errors import KeyMalformed, PolicyMalformed
from dauys.translog.encoding import decode_decimal
from dauys.translog.note import Signature, Verifier, verified_lines
from dauys.translog.signature_types import LOG_TYPES, WITNESS_TYPES, SignatureType

NONE = "none"
UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # of control characters only tab and newline are allowed
SPACE = re.compile("[ \t]+")
MAX_POLICY = 1_000_000  # bytes: hundreds of ML-DSA keys


@dataclass(frozen=True, slots=True)
class KnownLog:
    """A log's key, named as its origin, and where the log may be read."""

    verifier: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by its name in the policy, its key, and where checkpoints are submitted to it."""

    name: str
    verifier: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Stands where at least `threshold` of its members do."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(slots=True)
class Policy:
    """What the text says; without a text, no witness is known and none is needed."""

    logs: list[KnownLog] = field(default_factory=list)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @classmethod
    def parse(cls, data: bytes | str) -> Policy:
        """Read a policy; PolicyMalformed naming the line that is at fault."""
        if len(data) > MAX_POLICY:
            raise PolicyMalformed(line=0, what=f"it is longer than {MAX_POLICY} bytes")
        text = data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else data
        reader = _Reader(cls())
        for number, line in enumerate(text.split("\n"), 1):
            reader.read(number, line)
        return reader.finish()

    def to_text(self) -> str:
        """The policy as a file, comments gone; it is read back as the same."""
        logs = [f"log {log.verifier.vkey} {log.url}" for log in self.logs]
        witnesses = [f"witness {one.name} {one.verifier.vkey} {one.url}" for one in self.witnesses.values()]
        groups = [f"group {one.name} {one.threshold} {' '.join(one.members)}" for one in self.groups.values()]
        lines = [*logs, *witnesses, *groups, f"quorum {self.quorum}"]
        return "".join(f"{line.rstrip()}\n" for line in lines)

    @property
    def log_keys(self) -> list[Verifier]:
        """Keys of every log that the policy knows."""
        return [log.verifier for log in self.logs]

    @property
    def witness_keys(self) -> list[Verifier]:
        """Keys of every witness that the policy knows."""
        return [witness.verifier for witness in self.witnesses.values()]

    def cosignatures(self, note: str | bytes) -> dict[str, Signature]:
        """Which witnesses cosigned a checkpoint, by their names here; NoteInvalid where a known one's line is false."""
        names = {witness.verifier: name for name, witness in self.witnesses.items()}
        return {names[found.verifier]: found for found in verified_lines(note, list(names)).signatures}

    def is_met(self, names: Iterable[str]) -> bool:
        """Whether these witnesses are the quorum."""
        return self.quorum == NONE or self._stands(self.quorum, frozenset(names))

    def _stands(self, name: str, witnessed: frozenset[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in witnessed
        return sum(self._stands(member, witnessed) for member in group.members) >= group.threshold


class _Reader:
    """Adds line after line to a policy, holding what only the reading needs."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._line = policy, 0
        self._keys: set[tuple[str, bytes]] = set()
        self._members: set[str] = set()
        self._quorum: str | None = None

    def read(self, number: int, line: str) -> None:
        self._line = number
        if UNREADABLE.search(line):
            raise self._refused("it holds control characters")
        kind, *words = SPACE.split(line.strip(" \t"))
        if not kind or kind.startswith("#"):
            return
        how: dict[str, Callable[[Sequence[str]], None]] = {
            "log": self._log, "witness": self._witness, "group": self._group, "quorum": self._set_quorum
        }  # fmt: skip
        if kind not in how:
            raise self._refused(f"{kind} is none of log, witness, group and quorum")
        how[kind](words)

    def finish(self) -> Policy:
        if self._quorum is None:
            raise self._refused("it has no quorum line")
        self._policy.quorum = self._quorum
        return self._policy

    def _log(self, words: Sequence[str]) -> None:
        vkey, url = self._with_url(words, 1)
        self._policy.logs.append(KnownLog(self._key(vkey, "log", LOG_TYPES), url))

    def _witness(self, words: Sequence[str]) -> None:
        *_, url = self._with_url(words, 2)
        name = self._new_name(words[0])
        self._policy.witnesses[name] = Witness(name, self._key(words[1], "witness", WITNESS_TYPES), url)

    def _group(self, words: Sequence[str]) -> None:
        if len(words) < 3:
            raise self._refused("a group is: group, name, number or any or all, members")
        name, threshold, *members = self._new_name(words[0]), *words[1:]
        for member in members:
            if not self._is_defined(member) or member in self._members:
                raise self._refused(f"{member} is not defined above, or is a member already")
            self._members.add(member)
        self._policy.groups[name] = Group(name, self._threshold(threshold, len(members)), tuple(members))

    def _set_quorum(self, words: Sequence[str]) -> None:
        if self._quorum is not None:
            raise self._refused("it has a second quorum line")
        if len(words) != 1 or not (words[0] == NONE or self._is_defined(words[0])):
            raise self._refused("the quorum is one witness or group defined above, or none")
        self._quorum = words[0]

    def _with_url(self, words: Sequence[str], least: int) -> tuple[str, str]:
        """The last needed word and the address, which may be absent."""
        if not least <= len(words) <= least + 1:
            raise self._refused(f"this line has {least} words and perhaps an address")
        return words[least - 1], words[least] if len(words) > least else ""

    def _key(self, vkey: str, whose: str, types: frozenset[SignatureType]) -> Verifier:
        try:
            verifier = Verifier.parse(vkey)
        except KeyMalformed as error:
            raise self._refused(str(error.facts["what"])) from error
        if verifier.type not in types:
            raise self._refused(f"a {whose} does not sign with a key of type {verifier.type}")
        if (whose, verifier.public_key) in self._keys:
            raise self._refused(f"this {whose}'s key stands above already")
        self._keys.add((whose, verifier.public_key))
        return verifier

    def _new_name(self, name: str) -> str:
        if name == NONE or self._is_defined(name):
            raise self._refused(f"the name {name} is taken")
        return name

    def _is_defined(self, name: str) -> bool:
        return name in self._policy.witnesses or name in self._policy.groups

    def _threshold(self, written: str, members: int) -> int:
        if written in ("any", "all"):
            return 1 if written == "any" else members
        try:
            threshold = decode_decimal(written)
        except ValueError:
            threshold = 0
        if not 1 <= threshold <= members:
            raise self._refused(f"a threshold is any, all or a number from 1 to {members}")
        return threshold

    def _refused(self, what: str) -> PolicyMalformed:
        return PolicyMalformed(line=self._line, what=what)
