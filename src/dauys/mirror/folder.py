"""Where a mirror keeps its copy. The folder is a web root: any server of files can show it.

mirror.json            what it mirrors, by which keys, how far all is verified and stored, and what is in progress
log/                   the log as published: checkpoint, tile/, text/, counts.json
<sha256(origin)>       the same, under the name that readers of many logs look for
files/                 files of petitions, by their hash
evidence/              checkpoints that contradict each other, each pair with its proof
index.html, kk/, …     the pages, made from the log
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec

from dauys.errors import FileRejected, MirrorRefused
from dauys.ledger.durable import write_all_durably, write_durably
from dauys.ledger.publication import read_published
from dauys.ledger.roles import Role
from dauys.translog.note import Verifier

STATE, CHECKPOINT = "mirror.json", "checkpoint"
OLD_NAME = b'"pinned":'  # of `keys_from_source`, in folders of older versions
MOST_EVIDENCE = 1000  # a source that shows a new contradiction every minute does not fill the disk


class Past(msgspec.Struct, forbid_unknown_fields=True):
    """A log that the mirrored one continues, and the keys that signed its last checkpoint."""

    origin: str
    keys: list[str]


class State(msgspec.Struct, forbid_unknown_fields=True):
    """The mirror's memory. `size` entries are verified and stored under log/checkpoint.

    Of the checkpoint `pending`, verified too, the first `bundles` full bundles are stored; `keys_from_source` says that the
    keys were taken from the source at first use, for nobody gave one; `past` are the logs that this one continues.
    """

    origin: str
    keys: list[str]
    sources: list[str]
    keys_from_source: bool = False
    size: Annotated[int, msgspec.Meta(ge=0)] = 0
    pending: str = ""
    bundles: Annotated[int, msgspec.Meta(ge=0)] = 0
    past: list[Past] = []
    v: int = 1

    @property
    def verifiers(self) -> list[Verifier]:
        """The log's keys."""
        return [Verifier.parse(key) for key in self.keys]


class MirrorFolder:
    """The folder of one mirror."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def log(self) -> Path:
        """The copied log."""
        return self.path / "log"

    @property
    def evidence(self) -> Path:
        """Contradictions that the source has shown."""
        return self.path / "evidence"

    def role(self) -> Role:
        """To be taken by the one process that writes here."""
        self.path.mkdir(parents=True, exist_ok=True)
        return Role(self.path / ".lock")

    def read_state(self) -> State | None:
        """None in a new folder; FileRejected where the state is not one."""
        content = read_published(self.path, STATE)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content.replace(OLD_NAME, b'"keys_from_source":', 1), type=State)
        except msgspec.DecodeError as error:
            raise FileRejected(what=f"{self.path / STATE}: {error}") from None

    def write_state(self, state: State) -> None:
        """Durable on return."""
        write_durably(self.path / STATE, msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")

    def begin(self, state: State) -> None:
        """A new mirror; MirrorRefused where the folder holds other things."""
        if any(not each.name.startswith(".") for each in self.path.iterdir()):
            raise MirrorRefused(why=f"{self.path} holds other things already; name a new folder")
        self.log.mkdir(exist_ok=True)
        self.write_state(state)

    def sweep(self) -> None:
        """Takes away what a killed process had begun to write: files without a name of their own yet."""
        for folder in (self.log, self.path / "files"):
            for unfinished in folder.rglob(".*"):
                unfinished.unlink()

    def link(self, origin: str, to: str = "log") -> None:
        """A log's other name, sha256 of its origin."""
        place = self.path / sha256(origin.encode()).hexdigest()
        if place.is_symlink() and str(place.readlink()) == to:
            return
        unfinished = self.path / f".{place.name}.new"
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(to)
        unfinished.replace(place)

    def read(self, path: str) -> bytes:
        """A file of the copied log; FileRejected where there is none."""
        content = read_published(self.log, path)
        if content is None:
            raise FileRejected(what=f"{path} is not stored here")
        return content

    def write_page(self, path: str, content: str) -> None:
        """A page, whole or as it was; not durable."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.new")
        unfinished.write_text(content, "utf-8")
        unfinished.replace(file)

    def keep_evidence(self, name: str, files: dict[str, str]) -> Path:
        """Files that contradict each other, once for each name; their folder."""
        folder = self.evidence / name
        kept = sum(1 for _ in self.evidence.iterdir()) if self.evidence.is_dir() else 0
        if not folder.exists() and kept < MOST_EVIDENCE:
            write_all_durably((folder / file, content.encode()) for file, content in files.items())
        return folder
