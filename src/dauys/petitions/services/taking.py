"""One step of a petition: judged by the fold, logged, and followed by its row, in one transaction or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from dauys.desk.claims import require_free
from dauys.desk.record import record
from dauys.desk.transactions import office_transaction
from dauys.errors import NotTheAuthor, PersonInvolved, RoleMissing, StepForbidden, SubjectUnknown
from dauys.ledger.leaves import decode_leaf, encode_leaf
from dauys.ledger.moments import moment_text, parse_moment
from dauys.ledger.office_acts import append_signed
from dauys.ledger.tail import append
from dauys.petitions.life import leaf_moment, step
from dauys.petitions.models import Petition, PetitionEvent
from dauys.petitions.notices import notify
from dauys.petitions.states import TRANSITIONS, Actor
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.ledger.office_acts import Evidence
    from dauys.petitions.life import AnyLeaf, Life
    from dauys.petitions.terms import PackTerms


class Official(Protocol):
    """An official as steps need to know them: their number, and whether a role is theirs, in a body where one is asked."""

    @property
    def pk(self) -> int:
        """The number that leaves name."""

    def holds(self, role: str, body: str = "") -> bool:
        """Whether they hold the role, for that body where one is named."""


class Taking:
    """A petition inside a write transaction; each `log` moves it one step."""

    def __init__(self, connection: sqlite3.Connection, keys: Keys, petition: Petition, now: datetime) -> None:
        self.connection, self.keys, self.petition, self.now = connection, keys, petition, now
        self.moment = moment_text(now)
        self.by: int | None = None  # the official who takes the step

    @property
    def life(self) -> Life:
        """As it stands by now."""
        return self.petition.life

    @property
    def terms(self) -> PackTerms:
        """Of the pack the petition began with."""
        return terms_of(self.petition.rules)

    def log(self, leaf: AnyLeaf, index: int | None = None) -> None:
        """Takes a step; StepForbidden and its kin, BadInput where the leaf does not fit its schema.

        `index` where the ledger has logged the leaf already.
        """
        decode_leaf(encode_leaf(leaf))
        life = step(self.petition.life if self.petition.life_json else None, leaf, self.terms)
        self.follow(leaf, append(self.connection, encode_leaf(leaf)) if index is None else index, life)

    def log_signed(self, evidence: Evidence, leaf_of: Callable[[str], AnyLeaf]) -> int:
        """Takes a step that its signer's evidence stands behind; the leaf's index. RequestUsed, StepForbidden."""
        index, leaf = append_signed(self.connection, self.keys, self.petition.subject_name, evidence, leaf_of)
        self.log(leaf, index)  # type: ignore[arg-type] - what `leaf_of` made
        return index

    def follow(self, leaf: AnyLeaf, index: int, life: Life) -> None:
        """Row, history and notice after a leaf."""
        self.petition.follow(life)
        self.petition.save()
        kind, moment = type(leaf).__struct_config__.tag, parse_moment(leaf_moment(leaf))
        PetitionEvent.objects.create(
            petition=self.petition, index=index, kind=kind, moment=moment, entry=encode_leaf(leaf)
        )
        notify(self.petition, index, kind, self.now)
        self.record(kind)

    def record(self, kind: str, detail: str = "") -> None:
        """Puts on the record what an official did; what authors and time do stands in the log alone."""
        if self.by is not None:
            record(self.by, kind, self.petition.subject_name, self.now, detail)

    def require(self, official: Official, leaf: type[AnyLeaf], role: str) -> list[int]:
        """The official's number for the leaf; RoleMissing or StepForbidden unless the table lets that role take it now.

        HeldByColleague while another moderator or reviewer has the petition in hand.
        """
        by, start, _ = TRANSITIONS[leaf]
        wanted = {Actor.MODERATOR: "moderator", Actor.REVIEWER: "reviewer"}
        allowed = any(wanted.get(actor) == role or (actor is Actor.BODY and role in ("clerk", "head")) for actor in by)
        body = self.petition.body if role in ("clerk", "head") else ""
        if not allowed or not official.holds(role, body):
            raise RoleMissing
        if self.life.state not in start:
            raise StepForbidden(state=self.life.state)
        if role in ("moderator", "reviewer"):
            require_free(self.petition.subject_name, official.pk, self.now)
        self.by = official.pk
        return [official.pk]

    def require_author(self, person: str) -> None:
        """NotTheAuthor unless this person handed the petition in."""
        if self.petition.author.person != person:
            raise NotTheAuthor


@contextmanager
def taking(keys: Keys, number: int, now: datetime) -> Iterator[Taking]:
    """A petition's transaction; SubjectUnknown. Whatever is raised inside leaves neither row nor leaf."""
    with office_transaction() as connection:
        petition = Petition.objects.select_related("author").filter(pk=number).first()
        if petition is None:
            raise SubjectUnknown
        yield Taking(connection, keys, petition, now)


def two_of(first: int, second: Official) -> list[int]:
    """Both numbers in order; PersonInvolved where it is one person twice."""
    if first == second.pk:
        raise PersonInvolved
    return sorted((first, second.pk))
