"""The texts that leaves name by hash: fetched, hashed, kept; and dropped where the log itself says that they are erased.

The rule of a mirror: a text that the portal withholds stays here if it was read before, beside the reason; a text that
an entry of the log erases (personal data, an order of a court) goes, and its hash stays with a tombstone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path

from dauys.errors import DauysError
from dauys.ledger.ahead import gather
from dauys.ledger.durable import sync_folder, write_all_durably
from dauys.ledger.text_files import FOLDER, WITHHELD
from dauys.mirror.sources import READERS, Source, Withheld

AT_ONCE = 64


class TextFolder:
    """The folder `text` of a copied log."""

    def __init__(self, log: Path) -> None:
        self.path = log / FOLDER

    def read(self, digest: str) -> str | None:
        """A kept text."""
        try:
            return (self.path / digest).read_text("utf-8")
        except FileNotFoundError:
            return None

    def withheld(self, digest: str) -> str | None:
        """The code of the reason why a text is not to be had, as its tombstone says."""
        try:
            return (self.path / f"{digest}{WITHHELD}").read_text("utf-8").strip()
        except FileNotFoundError:
            return None

    def has(self, digest: str) -> bool:
        """Whether the text itself is kept."""
        return (self.path / digest).is_file()

    def fetch(self, digests: Iterable[str], sources: list[Source]) -> list[str]:
        """Keeps what can be had; what cannot be had now, sorted."""
        missing, found = list[str](), list[tuple[Path, bytes]]()
        asked = [digest for digest in sorted(digests) if not self.has(digest)]
        for digest, content in zip(asked, gather(READERS)(partial(_ask, sources), asked), strict=True):
            if isinstance(content, bytes):
                found.append((self.path / digest, content))
            else:
                missing.append(digest)
                if content is not None and self.withheld(digest) != content.reason:
                    found.append((self.path / f"{digest}{WITHHELD}", f"{content.reason}\n".encode()))
            if len(found) >= AT_ONCE:
                self._keep(found)
        self._keep(found)
        return missing

    def erase(self, erased: Mapping[str, str]) -> None:
        """Drops texts (hash → the reason's code), durably, tombstone first: killed in between, the next round drops them."""
        gone = [digest for digest, reason in erased.items() if self.has(digest) or self.withheld(digest) != reason]
        if gone:
            write_all_durably((self.path / f"{digest}{WITHHELD}", f"{erased[digest]}\n".encode()) for digest in gone)
            for digest in gone:
                (self.path / digest).unlink(missing_ok=True)
            sync_folder(self.path)

    def _keep(self, files: list[tuple[Path, bytes]]) -> None:
        write_all_durably(files)
        for file, _ in files:
            if file.suffix != WITHHELD:
                file.with_name(f"{file.name}{WITHHELD}").unlink(missing_ok=True)
        files.clear()


def _ask(sources: list[Source], digest: str) -> bytes | Withheld | None:
    """The text from the first source that has it whole; otherwise that it is withheld, if one says so."""
    said: Withheld | None = None
    for source in sources:
        try:
            content = source.text(digest)
        except DauysError:  # the next source may serve; the text is asked for again in the next round
            continue
        if isinstance(content, Withheld):
            said = content
        elif content is not None and sha256(content).hexdigest() == digest:
            return content
    return said
