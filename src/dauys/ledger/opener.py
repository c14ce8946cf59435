"""Whoever can open evidence: the operator by the master key, or auditors together by what they combined."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from dauys.errors import SubjectUnknown
from dauys.ledger.envelope import Vault
from dauys.ledger.keys import Keys
from dauys.ledger.office_acts import read_vault
from dauys.ledger.subjects import KEY_SIZE, SubjectSecrets, read_secrets, read_subject
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn
from dauys.ledger.withdrawals import committed_to


class Opener(Protocol):
    """Opens the vaults of subjects."""

    def signatures(self, subject: str) -> SubjectSecrets | None:
        """For pseudonyms and signatures; None where the keys are not here, or not any more."""

    def office(self, subject: str) -> Vault | None:
        """For what an office keeps about a subject."""

    def names(self, signer: str, kept_as: str) -> bool:
        """Whether `iin|…` is the person whom an office's row names; true where this opener cannot tell."""

    def withdrew(self, index: int, leaf: SignatureWithdrawn, pseudonym: bytes) -> bool:
        """Whether a withdrawal that is still hidden is this pseudonym's; true where this opener cannot tell."""


@dataclass(frozen=True, slots=True)
class OperatorOpener:
    """By the keys of the installation."""

    connection: sqlite3.Connection
    keys: Keys

    def signatures(self, subject: str) -> SubjectSecrets | None:
        """As Opener."""
        try:
            return read_secrets(self.connection, self.keys, read_subject(self.connection, subject))
        except SubjectUnknown:
            return None

    def office(self, subject: str) -> Vault | None:
        """As Opener."""
        return read_vault(self.connection, self.keys, subject)

    def names(self, signer: str, kept_as: str) -> bool:
        """As Opener."""
        return self.keys.person(signer) == kept_as

    def withdrew(self, index: int, leaf: SignatureWithdrawn, pseudonym: bytes) -> bool:
        """As Opener."""
        return committed_to(self.connection, self.keys, leaf, index, pseudonym)


@dataclass(frozen=True, slots=True)
class AuditorOpener:
    """By the secrets that auditors opened (`auditors.combine`), by label. They never held the key that names persons."""

    secrets: Mapping[str, bytes]

    def signatures(self, subject: str) -> SubjectSecrets | None:
        """As Opener."""
        held = self.secrets.get(subject)
        return None if held is None else SubjectSecrets(held[:KEY_SIZE], held[KEY_SIZE:])

    def office(self, subject: str) -> Vault | None:
        """As Opener."""
        held = self.secrets.get(f"office/{subject}")
        return None if held is None else Vault(held)

    def names(self, signer: str, kept_as: str) -> bool:  # noqa: ARG002 - as Opener
        """As Opener."""
        return True

    def withdrew(self, index: int, leaf: SignatureWithdrawn, pseudonym: bytes) -> bool:  # noqa: ARG002 - as Opener
        """As Opener."""
        return True
