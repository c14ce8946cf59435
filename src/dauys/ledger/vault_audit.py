"""What an auditor with the vault recomputes: that the evidence of every act proves what its leaf says.

docs/spec/envelope.md lists the checks. It opens personal data: for the operator, and for auditors who open it together.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dauys.errors import BadInput, DauysError
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope, Form, Sealed
from dauys.ledger.erasure import erasure_of
from dauys.ledger.evidence import person_of, verify_evidence
from dauys.ledger.findings import Found, told
from dauys.ledger.keyless import FORMS, mailbox_of
from dauys.ledger.leaves import AnyLeaf, LogOpened, PetitionOpened, PetitionSignature, decode_leaf, from_text
from dauys.ledger.log_leaves import LogRestored, LogSucceeded
from dauys.ledger.moments import from_unix, hour_number, hour_text
from dauys.ledger.statement import parse_statement
from dauys.ledger.subjects import SubjectSecrets, read_subject
from dauys.ledger.vault import read_envelope
from dauys.ledger.vault_leaves import KeysDestroyed
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn, WithdrawalsOpened, withdrawal_commitment
from dauys.ledger.withdrawals import signature_withdrawn

if TYPE_CHECKING:
    from dauys.identity.trust import TrustStore
    from dauys.ledger.opener import Opener

AT_ONCE = 1000  # entries read together


class Unsealing(Protocol):
    """A subject's vault."""

    def unseal(self, sealed: Sealed) -> tuple[bytes, bytes]:
        """(envelope, salt) of sealed evidence; BadInput."""


@dataclass
class VaultAudit:
    """`survey` reads the whole log once, `check` judges acts by their evidence; `size` where a log is checked as of then."""

    connection: sqlite3.Connection
    opener: Opener
    trust: TrustStore
    size: int = -1
    findings: Found = field(default_factory=Found)
    forms: Counter[str] = field(default_factory=Counter)
    acts: list[int] = field(default_factory=list)  # entries whose evidence must be there
    erased: int = 0  # acts whose evidence is gone, as the log says
    lost: int = 0  # acts whose evidence was lost with a database, as the log says
    destroyed: set[str] = field(default_factory=set)  # subjects
    _opened: dict[str, PetitionOpened] = field(default_factory=dict)
    _salts: dict[bytes, bytes] = field(default_factory=dict)  # of withdrawals that were opened, by their commitment
    _names: list[tuple[int, str]] = field(default_factory=list)  # of the log, each from an entry on
    _known: dict[str, SubjectSecrets | None] = field(default_factory=dict)
    _lost: list[range] = field(default_factory=list)

    def run(self, progress: Callable[[int, int], None] = lambda _done, _size: None) -> None:
        """Every act; `progress` gets acts done and their number."""
        self.survey()
        self.check(self.acts, progress)

    def survey(self) -> None:
        """Which acts there are, what became of keys, and whether all that is gone went by an entry of the log."""
        rows: list[tuple[int, str]] = []
        for index, leaf in self._leaves():
            if isinstance(leaf, LogOpened):
                self._names = [(0, leaf.origin)]
            elif isinstance(leaf, LogSucceeded):
                self._names.append((index, leaf.origin))
            elif isinstance(leaf, PetitionOpened):
                self._opened[leaf.subject] = leaf
            elif isinstance(leaf, KeysDestroyed):
                self.destroyed.add(leaf.subject)
            elif isinstance(leaf, LogRestored):
                self._lost.append(range(leaf.first, leaf.last + 1))
            elif isinstance(leaf, WithdrawalsOpened):
                for each in leaf.opened:
                    salt = from_text(each.salt)
                    self._salts[withdrawal_commitment(from_text(each.pseudonym), salt)] = salt
            elif committed := _committed(leaf):
                rows.append((index, committed[0]))
        self._sort(rows)

    def _leaves(self) -> Iterator[tuple[int, AnyLeaf]]:
        size = sqlite.read_tail(self.connection).size if self.size < 0 else self.size
        for start in range(0, size, AT_ONCE):
            entries = sqlite.read_entries(self.connection, start, min(start + AT_ONCE, size))
            for index, entry in enumerate(entries, start):
                try:
                    yield index, decode_leaf(entry)
                except BadInput as error:
                    self.findings.add(index, "evidence", why=told(error))

    def _sort(self, rows: list[tuple[int, str]]) -> None:
        kept = {index for (index,) in self.connection.execute("SELECT idx FROM ledger_envelope_key")}
        for index, subject in rows:
            if subject in self.destroyed:
                self.erased += 1
            elif index in kept:
                self.acts.append(index)
            elif erasure_of(self.connection, index) is not None:
                self.erased += 1
            elif any(index in lost for lost in self._lost):
                self.lost += 1
            else:
                self.findings.add(index, "evidence-gone")

    def check(self, indices: Sequence[int], progress: Callable[[int, int], None] = lambda _done, _size: None) -> None:
        """Opens and judges these acts; `progress` gets acts done and their number."""
        for done, index in enumerate(indices, 1):
            try:
                self._judge(index, decode_leaf(sqlite.read_entries(self.connection, index, index + 1)[0]))
            except DauysError as error:
                self.findings.add(index, "evidence", why=told(error))
            if done % 50 == 0 or done == len(indices):
                progress(done, len(indices))

    def _judge(self, index: int, leaf: AnyLeaf) -> None:
        if isinstance(leaf, PetitionSignature):
            self._judge_signature(index, leaf)
            return
        committed = _committed(leaf)
        if committed is None:
            raise BadInput(what="no evidence stands behind this entry")
        envelope = self._open(index, committed[1], self.opener.office(committed[0]))
        if isinstance(leaf, SignatureWithdrawn):
            self._judge_withdrawal(index, leaf, envelope)
        else:
            self._judge_person(index, self._signer(envelope))

    def _judge_withdrawal(self, index: int, leaf: SignatureWithdrawn, envelope: Envelope) -> None:
        """Signed by whose signature it is; one by e-mail, through a letter's link to the mailbox of its pseudonym."""
        if envelope.form is Form.LINK:
            pseudonym = self._by_link(index, leaf, envelope)
            self._judge_person(index, mailbox_of(leaf.subject, pseudonym))
        else:
            signer, secrets = self._signer(envelope), self._secrets(leaf.subject)
            self._judge_person(index, signer)
            if secrets is None:
                return
            pseudonym = secrets.pseudonym(leaf.subject, signer)
        salt = self._salts.get(from_text(leaf.withdrawn))
        own = salt and withdrawal_commitment(pseudonym, salt) == from_text(leaf.withdrawn)
        if not own and (salt or not self.opener.withdrew(index, leaf, pseudonym)):
            raise BadInput(what="the withdrawal is not that of its signer's signature")

    def _by_link(self, index: int, leaf: SignatureWithdrawn, envelope: Envelope) -> bytes:
        """The pseudonym of the signature by e-mail that a letter's link withdrew."""
        signature = signature_withdrawn(self.connection, index)
        about = f"kind: petition.signature-withdrawal\nsubject: {leaf.subject}\n".encode()
        if (
            leaf.tier != "email"
            or signature is None
            or signature.subject != leaf.subject
            or about not in envelope.statement
        ):
            raise BadInput(what="no link of a letter can withdraw what the leaf says")
        return from_text(signature.pseudonym)

    def _name_at(self, index: int) -> str:
        """What the log was called when the entry of this index was signed."""
        return [name for since, name in self._names if since <= index][-1]

    def _judge_signature(self, index: int, leaf: PetitionSignature) -> None:
        opened, secrets = self._opened[leaf.subject], self._secrets(leaf.subject)
        envelope = self._open(index, from_text(leaf.commitment), secrets)
        said = parse_statement(envelope.statement, opened.title)
        citizen = read_subject(self.connection, leaf.subject).citizens_only
        asked = (opened.subject, opened.text_sha256, opened.age, citizen, self._name_at(index), leaf.tier)
        if (said.subject, said.text_sha256, said.age, said.citizen, said.origin, said.tier) != asked:
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

    def _secrets(self, subject: str) -> SubjectSecrets | None:
        """The opener's, asked for once: acts of one subject stand together, and opening them derives a public key."""
        if subject not in self._known:
            self._known[subject] = self.opener.signatures(subject)
        return self._known[subject]

    def _judge_person(self, index: int, signer: str) -> None:
        row = self.connection.execute("SELECT person FROM ledger_office_act WHERE idx = ?", (index,)).fetchone()
        if row is None or not self.opener.names(signer, row[0]):
            raise BadInput(what="the act is kept as another person's than its signer's")

    def _open(self, index: int, commitment: bytes, vault: Unsealing | None) -> Envelope:
        """The envelope of an entry; BadInput where it is not the one that was committed to, or no key opens it."""
        kept = read_envelope(self.connection, index)
        if kept is None or vault is None:
            raise BadInput(what="there is no key to its evidence")
        envelope = Envelope.parse(vault.unseal(Sealed(commitment, *kept))[0])
        self.forms[envelope.form.name] += 1
        return envelope

    def _signer(self, envelope: Envelope) -> str:
        at = from_unix(envelope.received_ms // 1000)
        return person_of(verify_evidence(envelope.statement, envelope.signed, self.trust, at).require())


def _committed(leaf: AnyLeaf) -> tuple[str, bytes] | None:
    """(subject, commitment) of a leaf that evidence stands behind."""
    subject, commitment = getattr(leaf, "subject", ""), getattr(leaf, "commitment", "")
    return (subject, from_text(commitment)) if commitment else None
