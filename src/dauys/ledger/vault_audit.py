"""What an auditor with the vault recomputes: that the evidence of every act proves what its leaf says.

docs/spec/envelope.md lists the checks. It opens personal data: for the operator, and for an auditor the operator trusts.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dauys.errors import BadInput, DauysError, SubjectUnknown
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope, Sealed
from dauys.ledger.evidence import person_of, verify_evidence
from dauys.ledger.keyless import FORMS
from dauys.ledger.leaves import AnyLeaf, PetitionOpened, PetitionSignature, decode_leaf, from_text
from dauys.ledger.moments import from_unix, hour_number, hour_text
from dauys.ledger.office_acts import read_vault
from dauys.ledger.recount import MOST_FINDINGS, Finding
from dauys.ledger.statement import parse_statement
from dauys.ledger.subjects import SubjectSecrets, read_secrets, read_subject
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn
from dauys.ledger.withdrawals import committed_to

if TYPE_CHECKING:
    from dauys.identity.trust import TrustStore
    from dauys.ledger.keys import Keys

AT_ONCE = 1000  # entries read together


class Unsealing(Protocol):
    """A subject's vault."""

    def unseal(self, sealed: Sealed) -> tuple[bytes, bytes]:
        """(envelope, salt) of sealed evidence; BadInput."""


@dataclass
class VaultAudit:
    """Checks entries in the log's order; `erased` counts acts whose evidence was deleted, or its subject's key."""

    connection: sqlite3.Connection
    keys: Keys
    trust: TrustStore
    findings: list[Finding] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    erased: int = 0
    _opened: dict[str, tuple[PetitionOpened, SubjectSecrets | None]] = field(default_factory=dict)

    def run(self, progress: Callable[[int, int], None] = lambda _done, _size: None) -> None:
        """The whole log as it stands; `progress` gets entries done and their number."""
        tail = sqlite.read_tail(self.connection)
        for start in range(0, tail.size, AT_ONCE):
            entries = sqlite.read_entries(self.connection, start, min(start + AT_ONCE, tail.size))
            for index, entry in enumerate(entries, start):
                try:
                    self._judge(index, decode_leaf(entry), tail.origin)
                except DauysError as error:
                    if len(self.findings) < MOST_FINDINGS:
                        self.findings.append(Finding(index, str(error)))
            progress(start + len(entries), tail.size)

    def _judge(self, index: int, leaf: AnyLeaf, origin: str) -> None:
        if isinstance(leaf, PetitionOpened):
            self._opened[leaf.subject] = leaf, self._secrets(leaf.subject)
        elif isinstance(leaf, PetitionSignature):
            self._judge_signature(index, leaf, origin)
        elif commitment := getattr(leaf, "commitment", None):
            signer = self._judge_office_act(index, leaf.subject, from_text(commitment))  # type: ignore[union-attr]
            if signer and isinstance(leaf, SignatureWithdrawn):
                self._judge_withdrawal(index, leaf, signer)

    def _judge_withdrawal(self, index: int, leaf: SignatureWithdrawn, signer: str) -> None:
        _, secrets = self._opened[leaf.subject]
        if secrets is not None and not committed_to(self.connection, self.keys, leaf, index, signer):
            raise BadInput(what="the withdrawal is not that of its signer's signature")

    def _judge_signature(self, index: int, leaf: PetitionSignature, origin: str) -> None:
        opened, secrets = self._opened[leaf.subject]
        envelope = self._open(index, from_text(leaf.commitment), secrets)
        if envelope is None:
            return
        said = parse_statement(envelope.statement, opened.title)
        asked = (opened.subject, opened.text_sha256, opened.age, origin, leaf.tier)
        if (said.subject, said.text_sha256, said.age, said.origin, said.tier) != asked:
            raise BadInput(what="the statement is not about what the leaf says")
        if hour_text(hour_number(from_unix(envelope.received_ms // 1000))) != leaf.hour:
            raise BadInput(what="the leaf names another hour than the evidence")
        if leaf.tier in FORMS:
            if envelope.form is not FORMS[leaf.tier]:
                raise BadInput(what="the evidence is of another kind of signature than the leaf says")
            return  # what names the person was never kept
        assert secrets is not None
        if secrets.pseudonym(leaf.subject, self._signer(envelope)) != from_text(leaf.pseudonym):
            raise BadInput(what="the pseudonym is not that of the signer")

    def _judge_office_act(self, index: int, subject: str, commitment: bytes) -> str | None:
        """Who signed it; None where the evidence is gone."""
        envelope = self._open(index, commitment, read_vault(self.connection, self.keys, subject))
        row = self.connection.execute("SELECT person FROM ledger_office_act WHERE idx = ?", (index,)).fetchone()
        if envelope is None:
            return None
        signer = self._signer(envelope)
        if row is None or row[0] != self.keys.person(signer):
            raise BadInput(what="the act is kept as another person's than its signer's")
        return signer

    def _open(self, index: int, commitment: bytes, vault: Unsealing | None) -> Envelope | None:
        """The envelope of an entry; BadInput where it is not the one that was committed to, None where it is gone."""
        kept = sqlite.read_envelope(self.connection, index)
        if kept is None or vault is None:
            self.erased += 1
            return None
        envelope = Envelope.parse(vault.unseal(Sealed(commitment, *kept))[0])
        self.forms[envelope.form.name] += 1
        return envelope

    def _signer(self, envelope: Envelope) -> str:
        at = from_unix(envelope.received_ms // 1000)
        return person_of(verify_evidence(envelope.statement, envelope.signed, self.trust, at).require())

    def _secrets(self, subject: str) -> SubjectSecrets | None:
        try:
            return read_secrets(self.connection, self.keys, read_subject(self.connection, subject))
        except SubjectUnknown:
            return None
