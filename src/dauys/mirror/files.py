"""Files that petitions' texts list by hash: fetched, hashed, looked into, kept beside the log; dropped where the log erases them.

The rule is that of texts: what moderators remove stays while its text does, what an entry of the log erases goes. A file is
kept only where it is what its list says and cannot act: a picture, or a PDF that can only be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from dauys.errors import DauysError
from dauys.ledger.ahead import gather
from dauys.ledger.attached import Attached, split_files
from dauys.ledger.durable import sync_folder, write_durably
from dauys.ledger.pdf import PDF_HEAD, require_passive
from dauys.mirror.record import Record
from dauys.mirror.sources import ENDINGS, FILES, Source, file_path
from dauys.mirror.texts import TextFolder

AT_ONCE = 3  # files are large: so many, whole, are in memory
HEADS: Final = {"application/pdf": PDF_HEAD, "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


class Wanted(NamedTuple):
    """A file, the petition at whose address a portal shows it, and all petitions whose texts list it."""

    number: int
    file: Attached
    subjects: set[str]


class FileFolder:
    """The folder `files` of a mirror."""

    def __init__(self, folder: Path, texts: TextFolder) -> None:
        self._folder, self._texts = folder, texts
        self._listed: dict[str, tuple[Attached, ...]] = {}  # by the hash of a kept text

    def has(self, file: Attached) -> bool:
        """Whether it is kept."""
        path = file_path(file)
        return bool(path) and (self._folder / path).is_file()

    def listed(self, text_sha256: str) -> tuple[Attached, ...]:
        """The files that a kept text lists."""
        if text_sha256 not in self._listed:
            text = self._texts.read(text_sha256)
            if text is None:
                return ()
            self._listed[text_sha256] = split_files(text)[1]
        return self._listed[text_sha256]

    def wanted(self, record: Record) -> dict[str, Wanted]:
        """By hash: what petitions' present texts list, what the log erased aside, and is not here yet."""
        found = dict[str, Wanted]()
        for petition in record.petitions.values():
            for file in self.listed(petition.text_sha256):
                if file.sha256 not in record.erased and file_path(file) and not self.has(file):
                    found.setdefault(file.sha256, Wanted(petition.number, file, set())).subjects.add(petition.subject)
        return found

    def fetch(self, wanted: Iterable[Wanted], sources: list[Source]) -> Iterator[Wanted]:
        """Keeps what can be had, each durably before the next; gives what is kept now."""
        asked = list(wanted)
        for each, content in zip(asked, gather(AT_ONCE)(partial(_ask, sources), asked), strict=True):
            if content is not None:
                write_durably(self._folder / file_path(each.file), content)
                yield each

    def erase(self, record: Record) -> None:
        """Drops files that the log erased, and those that only an erased text lists: nothing here would prove them any more."""
        gone = {text for text in record.erased if self._texts.has(text)}
        lost = {file.sha256 for text in gone for file in self.listed(text)}
        if lost:
            lost -= {file.sha256 for text in record.own_texts() - gone for file in self.listed(text)}
        self._drop(record.erased.keys() | lost)
        for text in gone:
            self._listed.pop(text, None)

    def _drop(self, digests: Iterable[str]) -> None:
        paths = [self._folder / FILES / f"{digest}.{ending}" for digest in digests for ending in ENDINGS.values()]
        found = [path for path in paths if path.is_file()]
        for path in found:
            path.unlink()
        if found:
            sync_folder(self._folder / FILES)


def _ask(sources: list[Source], wanted: Wanted) -> bytes | None:
    """The file from the first source that has it as it is listed."""
    for source in sources:
        try:
            content = source.file(wanted.number, wanted.file)
            if content is not None and _is_kept(wanted.file, content):
                return content
        except DauysError:  # the next source may serve; the file is asked for again later
            continue
    return None


def _is_kept(file: Attached, content: bytes) -> bool:
    """Whether these are the bytes that the text lists, of the kind it says, and of one that cannot act."""
    if len(content) != file.size or sha256(content).hexdigest() != file.sha256:
        return False
    if not content.startswith(HEADS[file.media_type]):
        return False
    if file.media_type == "application/pdf":
        require_passive(content)
    return True
