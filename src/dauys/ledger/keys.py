"""The installation's secrets, made on first use, one file each, readable by the owner only. None is ever shipped."""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dauys.errors import KeyMalformed, Refusal
from dauys.ledger.durable import write_durably
from dauys.translog.note import Signer

NONCE_SIZE = 12  # AES-GCM, RFC 5116 section 5.1


@dataclass(frozen=True, slots=True)
class Keys:
    """`log` signs checkpoints, `request` makes request tokens unforgeable, `vault` wraps the subjects' secrets.

    `login` names the persons who log in.
    """

    log: Signer
    request: bytes
    vault: bytes
    login: bytes

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
        """Makes the secrets that an installation of an older version lacks; the log's own key is not among them."""
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
        )

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
