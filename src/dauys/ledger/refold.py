"""The ledger's rows as far as leaves alone give them back, for entries that a restored database lacked.

What no leaf holds is gone: evidence, requests, the keys of subjects opened meanwhile, whose the hidden withdrawals were.
A person's place is in the leaf, so nobody can act twice; counts, confirmations and windows are in leaves, so every number
comes back.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from dauys.errors import Refusal
from dauys.ledger import sqlite
from dauys.ledger.confirmation import UNKNOWN, read_signatures, settle_range
from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.destruction import delete_keys
from dauys.ledger.leaves import AnyLeaf, PetitionOpened, PetitionSignature, decode_leaf, from_text
from dauys.ledger.log_keys import refold_change
from dauys.ledger.log_leaves import LogKeys, LogSucceeded
from dauys.ledger.moments import from_unix, parse_hour, parse_moment
from dauys.ledger.petition_leaves import AppealDecided
from dauys.ledger.recount import ENDINGS
from dauys.ledger.standing import BY_KEY
from dauys.ledger.subjects import close_subject, from_leaf, insert_subject, reopen_subject
from dauys.ledger.text_erasure import mark
from dauys.ledger.vault_leaves import AuditorsNamed, EvidenceErased, KeysDestroyed, TextErased, VaultLeaf
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn, WithdrawalsOpened, withdrawal_commitment

NONCE_LABEL = b"dauys/lost-request/v1\n"
NONCE_SIZE = 16


@dataclass
class Lost:
    """What cannot be brought back: indices of entries whose evidence is gone, and of them the hidden withdrawals."""

    evidence: list[int] = field(default_factory=list)
    withdrawals: list[int] = field(default_factory=list)
    erasures: list[int] = field(default_factory=list)  # entries; the backup holds again what they erased
    auditors: list[int] = field(default_factory=list)  # entries that name auditors, with whom keys must be shared again
    subjects: list[str] = field(default_factory=list)  # opened meanwhile: their keys are gone, nobody can act there


class Refold:
    """Feed `take` with entries in the log's order, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, citizens_only: Callable[[str], bool]) -> None:
        """`citizens_only` says whether signers of petitions by a rule pack declare to be citizens: no leaf does."""
        self._connection, self._citizens_only = connection, citizens_only
        self.lost = Lost()

    def take(self, index: int, leaf: AnyLeaf) -> None:
        """Writes what this leaf says into the rows."""
        if getattr(leaf, "commitment", ""):
            self.lost.evidence.append(index)
        if isinstance(leaf, PetitionOpened):
            insert_subject(self._connection, leaf, index, citizens_only=self._citizens_only(leaf.rules))
            self.lost.subjects.append(leaf.subject)
        elif isinstance(leaf, PetitionSignature):
            self._sign(index, leaf)
        elif isinstance(leaf, SignatureWithdrawn):
            self._withdraw(index, leaf)
        elif isinstance(leaf, WithdrawalsOpened):
            self._open(index, leaf)
        elif isinstance(leaf, ActsConfirmed):
            self._confirm(index, leaf)
        elif isinstance(leaf, LogKeys):
            refold_change(self._connection, index, leaf)
        elif isinstance(leaf, VaultLeaf):
            self._take_vault(index, leaf)
        elif isinstance(leaf, LogSucceeded):
            raise Refusal(why=f"this backup is of before the log went on as {leaf.origin}. Restore a newer one.")
        else:
            self._take_step(leaf)

    def _take_step(self, leaf: AnyLeaf) -> None:
        if isinstance(leaf, ENDINGS):
            close_subject(self._connection, leaf.subject, parse_moment(leaf.moment))
        elif isinstance(leaf, AppealDecided) and leaf.granted:
            self._reopen(leaf.subject)

    def _take_vault(self, index: int, leaf: VaultLeaf) -> None:
        """What was erased or destroyed after the backup goes again; whose evidence was erased only the operator can say."""
        if isinstance(leaf, EvidenceErased):
            self.lost.erasures.append(index)
        elif isinstance(leaf, TextErased):
            mark(self._connection, leaf.text, leaf.reason, index)
        elif isinstance(leaf, KeysDestroyed):
            delete_keys(self._connection, leaf.subject)
        elif isinstance(leaf, AuditorsNamed):
            self.lost.auditors.append(index)

    def _subject(self, name: str) -> int:
        row = self._connection.execute("SELECT id FROM ledger_subject WHERE name = ?", (name,)).fetchone()
        return int(row[0])

    def _sign(self, index: int, leaf: PetitionSignature) -> None:
        """Their request is not in the leaf: a request that nobody has stands in its place, the person's place is theirs."""
        subject, hour = self._subject(leaf.subject), parse_hour(leaf.hour)
        nonce = hashlib.sha256(NONCE_LABEL + b"%d" % index).digest()[:NONCE_SIZE]
        sqlite.admit(self._connection, [(subject, from_text(leaf.pseudonym), nonce, index)])
        sqlite.move_tallies(self._connection, [(subject, hour, leaf.tier, 1)])
        if leaf.tier in BY_KEY:
            end = (hour + 1) * 3600
            sqlite.await_confirmation(self._connection, [(index, UNKNOWN, b"", end, end)])

    def _withdraw(self, index: int, leaf: SignatureWithdrawn) -> None:
        self.lost.withdrawals.append(index)
        self._connection.execute(
            "INSERT INTO ledger_withdrawn (subject_id, hour, tier, committed) VALUES (?, ?, ?, 1) "
            "ON CONFLICT (subject_id, hour, tier) DO UPDATE SET committed = committed + 1",
            (self._subject(leaf.subject), parse_hour(leaf.hour), leaf.tier),
        )

    def _open(self, index: int, leaf: WithdrawalsOpened) -> None:
        """Openings of withdrawals that are here; those of lost ones need no row any more."""
        rows = self._connection.execute(
            "SELECT ledger_withdrawal.idx, entry FROM ledger_withdrawal JOIN ledger_entry USING (idx) "
            "WHERE subject_id = ? AND opened IS NULL",
            (self._subject(leaf.subject),),
        )
        hidden = {_hidden(entry): place for place, entry in rows}
        for each in leaf.opened:
            place = hidden.get(withdrawal_commitment(from_text(each.pseudonym), from_text(each.salt)))
            self._connection.execute("UPDATE ledger_withdrawal SET opened = ? WHERE idx = ?", (index, place))

    def _confirm(self, index: int, leaf: ActsConfirmed) -> None:
        self._connection.execute("UPDATE ledger_log SET confirmed = ? WHERE id = 1", (leaf.last + 1,))
        settle_range(self._connection, leaf, index, read_signatures(self._connection, leaf.first, leaf.last + 1))

    def _reopen(self, name: str) -> None:
        """Signing goes on until the end that its opening leaf names."""
        row = self._connection.execute(
            "SELECT entry FROM ledger_subject JOIN ledger_entry ON idx = opened_index WHERE name = ?", (name,)
        ).fetchone()
        if row is not None:
            opening = decode_leaf(row[0])
            assert isinstance(opening, PetitionOpened)
            _, _, closes = from_leaf(opening)
            reopen_subject(self._connection, name, from_unix(closes))


def _hidden(entry: bytes) -> bytes:
    leaf = decode_leaf(entry)
    assert isinstance(leaf, SignatureWithdrawn)
    return from_text(leaf.withdrawn)
