"""Where a witness keeps its things: two keys, the logs it watches, the latest checkpoint of each, evidence of forks.

witness.key, witness-ml.key     private keys: cosignature/v1 and ML-DSA-44, one name
logs                            the logs' keys, a tlog-policy of `log` lines
<sha256(origin)>/checkpoint     the latest checkpoint, with the log's signatures and our cosignatures
<sha256(origin)>/evidence/      submissions that do not extend it
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dauys.errors import FileRejected, KeyMalformed, Refusal
from dauys.ledger.durable import write_all_durably, write_durably
from dauys.ledger.roles import Role
from dauys.translog.note import Signer, Verifier
from dauys.translog.policy import Policy
from dauys.translog.signature_types import COSIGNATURE_V1, ML_DSA_44

KEY_FILES = {"witness.key": COSIGNATURE_V1, "witness-ml.key": ML_DSA_44}
LOGS = "logs"
HEAD = "# Logs that this witness watches: log <vkey> [<url>]\n"
MOST_EVIDENCE = 1000  # kept of each log: whoever floods a witness with broken proofs does not fill its disk


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """A log by its origin, with the keys it may sign with and where it may be read."""

    origin: str
    keys: tuple[Verifier, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class WitnessFolder:
    """The folder of one witness."""

    path: Path

    @classmethod
    def create(cls, path: Path, name: str) -> WitnessFolder:
        """A new witness called `name`; FileRejected where one stands already, KeyMalformed for a name no line could hold."""
        folder = cls(path)
        if any((path / file).exists() for file in KEY_FILES):
            raise FileRejected(what=f"{path} holds a witness already")
        keys = {file: Signer.generate(name, type_) for file, type_ in KEY_FILES.items()}
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        write_durably(path / LOGS, (HEAD + "quorum none\n").encode())
        write_all_durably([(path / file, f"{key.skey}\n".encode()) for file, key in keys.items()], mode=0o600)
        return folder

    def signers(self) -> list[Signer]:
        """Both keys; Refusal where one is missing, unreadable or readable by others."""
        return [_read_key(self.path / file) for file in KEY_FILES]

    def role(self) -> Role:
        """To be taken by whoever answers for this witness: two at once could cosign two trees."""
        return Role(self.path / "witness.lock")

    # ---- The logs ----

    def logs(self) -> dict[str, WatchedLog]:
        """The watched logs by origin; PolicyMalformed naming the line, Refusal where the list cannot be read."""
        keys, urls = defaultdict[str, list[Verifier]](list), dict[str, str]()
        for log in Policy.parse(self._list()).logs:
            origin = log.verifier.name
            keys[origin].append(log.verifier)
            urls[origin] = urls.get(origin) or log.url
        return {origin: WatchedLog(origin, tuple(found), urls[origin]) for origin, found in keys.items()}

    def add_log(self, vkey: str, url: str = "") -> WatchedLog:
        """Watches a log by one more key, durably; KeyMalformed, or PolicyMalformed where the key stands there already."""
        line = f"log {vkey} {url}".rstrip().encode() + b"\n"
        written = self._list() + line
        Policy.parse(written)
        write_durably(self.path / LOGS, written)
        return self.logs()[Verifier.parse(vkey).name]

    @property
    def list_stamp(self) -> tuple[int, int]:
        """Changes when the list does: `add_log` replaces the file."""
        found = (self.path / LOGS).stat()
        return found.st_mtime_ns, found.st_ino

    def _list(self) -> bytes:
        try:
            return (self.path / LOGS).read_bytes()
        except OSError as error:
            raise Refusal(why=f"{self.path / LOGS} cannot be read ({os.strerror(error.errno or 0)})") from None

    # ---- What was seen ----

    def latest(self, origin: str) -> str | None:
        """The latest checkpoint as it was kept, or None."""
        try:
            return (self._of(origin) / "checkpoint").read_text("utf-8")
        except FileNotFoundError:
            return None

    def keep(self, origin: str, note: str) -> None:
        """Replaces the latest checkpoint; durable on return."""
        write_durably(self._of(origin) / "checkpoint", note.encode())

    def keep_evidence(self, origin: str, name: str, held: str, submission: str) -> None:
        """Both sides of what does not fit together, once for each name; durable on return, as long as there is room."""
        folder = self._of(origin) / "evidence" / name
        if folder.exists() or len(self.evidence(origin)) >= MOST_EVIDENCE:
            return
        write_all_durably([(folder / "held", held.encode()), (folder / "submitted", submission.encode())])

    def evidence(self, origin: str) -> list[Path]:
        """Folders of a log's evidence, each with the files `held` and `submitted`."""
        folder = self._of(origin) / "evidence"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _of(self, origin: str) -> Path:
        return self.path / sha256(origin.encode()).hexdigest()


def _read_key(path: Path) -> Signer:
    try:
        if path.stat().st_mode & 0o077:
            raise Refusal(why=f"{path} can be read by others. Run: chmod 600 {path}")
        return Signer.load(path.read_text("utf-8").strip())
    except (OSError, KeyMalformed) as error:
        raise Refusal(why=f"the key {path} cannot be read ({error}). A new witness: dauys witness new") from None
