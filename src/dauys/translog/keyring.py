"""A log's keys over time: which keys sign checkpoints of which sizes, and how one set hands over to the next.

    dauys.log-keys/v1
    <origin>
    <index of the entry that says so>
    until <vkey> ...                  the keys of all smaller trees
    from <vkey> ...                   the keys of every tree that holds the entry
                                      empty line
    — <key name> <base64 of key id and signature over the lines above>   one of each key named, old and new

Both sides sign, so that whoever holds a key of any time can follow to all others: the old keys vouch for the new ones,
and the new ones for the old. The signatures are bare ones of each key's algorithm over the text; its first line is no
origin of a log, and no beginning of what an ML-DSA cosigner signs, so neither can be taken for a checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dauys.errors import KeyMalformed, NoteInvalid
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.encoding import decode_decimal
from dauys.translog.note import SignatureLine, Signer, Verifier, split_note

HEADER = "dauys.log-keys/v1"
UNTIL, FROM = "until ", "from "


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Entry `index` of the log `origin` ends the keys `until` and begins the keys `since`."""

    origin: str
    index: int
    until: tuple[Verifier, ...]
    since: tuple[Verifier, ...]

    def to_text(self) -> str:
        """The lines that are signed."""
        named = [*(UNTIL + key.vkey for key in self.until), *(FROM + key.vkey for key in self.since)]
        return "".join(f"{line}\n" for line in (HEADER, self.origin, self.index, *named))

    def sign(self, signers: Iterable[Signer]) -> str:
        """The statement with the signatures of these keys; it holds only with those of all that it names."""
        text = self.to_text()
        return f"{text}\n" + "".join(signer.bare_line(text) for signer in signers)

    @classmethod
    def open(cls, statement: str) -> KeyChange:
        """Read and verify a statement; NoteInvalid unless it is written as we do and every key it names signed it."""
        text, lines = split_note(statement)
        change = cls._parse(text)
        signed = {(line.name, line.key_id): line for line in lines}
        if len(lines) != len(signed) or len(signed) != len({*change.until, *change.since}):
            raise NoteInvalid(what="it is not signed once by each key it names")
        for key in (*change.until, *change.since):
            line: SignatureLine | None = signed.get((key.name, key.key_id))
            if line is None or not key.verify_bare(text.encode(), line.signature):
                raise NoteInvalid(what=f"the key {key.name}+{key.key_id.hex()} did not sign the change of keys")
        return change

    @classmethod
    def _parse(cls, text: str) -> KeyChange:
        try:
            header, origin, index, *named = text[:-1].split("\n")
            until = tuple(Verifier.parse(line.removeprefix(UNTIL)) for line in named if line.startswith(UNTIL))
            since = tuple(Verifier.parse(line.removeprefix(FROM)) for line in named if line.startswith(FROM))
            change = cls(origin, decode_decimal(index), until, since)
        except (ValueError, KeyMalformed) as error:
            raise NoteInvalid(what="it is not a statement of a log's keys") from error
        if header != HEADER or change.to_text() != text or not until or not since or not _are_of(origin, until + since):
            raise NoteInvalid(what="it is not a statement of a log's keys")
        return change


@dataclass(frozen=True, slots=True)
class DatedKey:
    """A key and the sizes of trees that it signs: above `above`, up to `upto` (None: without end)."""

    verifier: Verifier
    above: int = -1
    upto: int | None = None

    def signs(self, size: int) -> bool:
        """Whether a checkpoint of this size may bear its line."""
        return self.above < size and (self.upto is None or size <= self.upto)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys of one log or of several, the present ones first."""

    keys: tuple[DatedKey, ...]

    @classmethod
    def plain(cls, verifiers: Iterable[Verifier]) -> Keyring:
        """Keys that are believed at every size."""
        return cls(tuple(map(DatedKey, verifiers)))

    @classmethod
    def of(cls, keys: Keyring | Iterable[Verifier]) -> Keyring:
        """A keyring as it is; of bare keys, each is believed at every size."""
        return keys if isinstance(keys, Keyring) else cls.plain(keys)

    @classmethod
    def follow(cls, opened: Sequence[Verifier], changes: Sequence[KeyChange]) -> Keyring:
        """From the keys that the first entry named, change by change; NoteInvalid where one does not go on from another.

        Without `opened`, as in logs of an older version, the first change tells what the first keys were.
        """
        present, above = tuple(opened or (changes[0].until if changes else ())), -1
        keys = list[DatedKey]()
        for change in changes:
            if set(change.until) != set(present) or change.index <= above:
                raise NoteInvalid(what=f"the change of keys in entry {change.index} does not go on from the one before")
            keys[:0] = [DatedKey(key, above, change.index) for key in present]
            present, above = change.since, change.index
        return cls((*(DatedKey(key, above) for key in present), *keys))

    @property
    def verifiers(self) -> list[Verifier]:
        """Every key, of whatever time."""
        return list(dict.fromkeys(key.verifier for key in self.keys))

    @property
    def present(self) -> list[Verifier]:
        """The keys that sign now."""
        return [key.verifier for key in self.keys if key.upto is None]

    def goes_on_from(self, older: Keyring) -> bool:
        """Whether this is the older ring, or has only further changes."""
        ended = {key for key in older.keys if key.upto is not None}
        begun = {(key.verifier, key.above) for key in older.keys if key.upto is None}
        return ended <= set(self.keys) and begun <= {(key.verifier, key.above) for key in self.keys}

    def at(self, size: int) -> list[Verifier]:
        """The keys that sign a tree of this size."""
        return [key.verifier for key in self.keys if key.signs(size)]

    def open(self, note: str | bytes, origin: str | None = None) -> Checkpoint:
        """Verify a checkpoint by the keys of its own size; NoteInvalid as `open_checkpoint`."""
        return open_checkpoint(note, self.for_note(note), origin)

    def for_note(self, note: str | bytes) -> list[Verifier]:
        """The keys that may sign this checkpoint, of which nothing is verified yet; NoteInvalid where it is none."""
        return self.at(Checkpoint.parse(split_note(note)[0]).size)


def _are_of(origin: str, keys: Sequence[Verifier]) -> bool:
    return all(key.name == origin for key in keys)
