"""The installation's secrets, made on first use, one file each, readable by the owner only. None is ever shipped."""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dauys.errors import KeyMalformed, Refusal
from dauys.ledger.durable import sync_folder, write_durably
from dauys.translog.note import Signer, Verifier
from dauys.translog.signature_types import ED25519, ML_DSA_44

ML_FILE = "log-ml.key"
LOG_FILES = {"log.key": ED25519, ML_FILE: ML_DSA_44}
NONCE_SIZE = 12  # AES-GCM, RFC 5116 section 5.1


@dataclass(frozen=True, slots=True)
class Keys:
    """`log` signs checkpoints, `request` makes request tokens unforgeable, `vault` wraps the subjects' secrets.

    `login` names the persons who log in. `log_ml` signs published checkpoints beside `log`, against quantum computers;
    None where it was not made yet.
    """

    log: Signer
    request: bytes
    vault: bytes
    login: bytes
    log_ml: Signer | None = None

    @classmethod
    def create(cls, directory: Path, origin: str) -> Keys:
        """Makes what is missing; an existing key is never replaced."""
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        if not (directory / "log.key").exists():
            _write_secret(directory / "log.key", Signer.generate(origin).skey.encode() + b"\n")
        cls.complete(directory)
        return cls.load(directory)

    @staticmethod
    def complete(directory: Path) -> None:
        """Makes the secrets that an installation of an older version lacks; the log's first key is not among them."""
        if not (directory / ML_FILE).exists() and (directory / "log.key").exists():
            name = Signer.load(_read_secret(directory / "log.key")).name
            _write_secret(directory / ML_FILE, Signer.generate(name, ML_DSA_44).skey.encode() + b"\n")
        for name in ("request.key", "vault.key", "login.key", "django.key"):
            if not (directory / name).exists():
                _write_secret(directory / name, secrets.token_hex(32).encode() + b"\n")

    @classmethod
    def load(cls, directory: Path) -> Keys:
        """Refusal when a key is missing, unreadable or readable by others."""
        return cls(
            Signer.load(_read_secret(directory / "log.key")),
            bytes.fromhex(_read_secret(directory / "request.key")),
            bytes.fromhex(_read_secret(directory / "vault.key")),
            bytes.fromhex(_read_secret(directory / "login.key")),
            Signer.load(_read_secret(directory / ML_FILE)) if (directory / ML_FILE).exists() else None,
        )

    @classmethod
    def prepare_next(cls, directory: Path, origin: str = "") -> Keys:
        """The keys that a change of the log's keys will bring, or a successor `origin`, made on first use.

        They sign nothing before it; those of another name, which nobody needs any more, are replaced.
        """
        name = origin or cls.load(directory).log.name
        for file, type_ in LOG_FILES.items():
            path = directory / f"{file}.next"
            if not path.exists() or Signer.load(_read_secret(path)).name != name:
                _write_secret(directory / f"{file}.next", Signer.generate(name, type_).skey.encode() + b"\n")
        return cls.following(directory)

    @classmethod
    def following(cls, directory: Path) -> Keys:
        """The keys as they will be once every next one is in its place."""
        keys = [directory / f"{file}.next" for file in LOG_FILES]
        log, log_ml = (Signer.load(_read_secret(path if path.exists() else path.with_suffix(""))) for path in keys)
        return replace(cls.load(directory), log=log, log_ml=log_ml)

    @staticmethod
    def is_next(directory: Path, vkey: str) -> bool:
        """Whether the log names the next key already: a change was broken off before the files were put in place."""
        following = directory / "log.key.next"
        return following.exists() and Signer.load(_read_secret(following)).verifier.vkey == vkey

    @staticmethod
    def adopt_next(directory: Path) -> None:
        """Puts the next keys in the place of the present ones, which are gone for good; may be repeated after a crash."""
        for file in reversed(LOG_FILES):  # log.key last: while it is the old one, a change is known to be unfinished
            if (directory / f"{file}.next").exists():
                (directory / f"{file}.next").replace(directory / file)
        sync_folder(directory)

    @property
    def log_verifiers(self) -> list[Verifier]:
        """The public halves of the log's keys, the Ed25519 one first."""
        return [signer.verifier for signer in (self.log, self.log_ml) if signer is not None]

    def person(self, person: str) -> str:
        """Who `iin|…` is to offices and sessions: HMAC-SHA256 in hex. Without this key nobody can tell whose it is."""
        return hmac.digest(self.login, person.encode(), "sha256").hex()

    def wrap(self, secret: bytes, label: str) -> bytes:
        """A subject's secret as it stands in the database; `label` names what it is and whose."""
        nonce = secrets.token_bytes(NONCE_SIZE)
        return nonce + AESGCM(self.vault).encrypt(nonce, secret, label.encode())

    def unwrap(self, wrapped: bytes, label: str) -> bytes:
        """The secret of `wrap`; KeyMalformed under another master key or label."""
        try:
            return AESGCM(self.vault).decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], label.encode())
        except (InvalidTag, ValueError):
            raise KeyMalformed(what=f"{label} was wrapped by another vault key") from None


def _write_secret(path: Path, content: bytes) -> None:
    write_durably(path, content, mode=0o600)


def _read_secret(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise Refusal(why=f"{path} can be read by others. Run: chmod 600 {path}")
        return path.read_text().strip()
    except OSError as error:
        raise Refusal(why=f"the key {path} cannot be read ({os.strerror(error.errno or 0)})") from None
