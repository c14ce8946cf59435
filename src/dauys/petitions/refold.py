"""Petitions' rows brought to what the log says, for steps that a restored database lacked.

Rows follow their leaves as they did when the steps were taken (`services.taking`), but nobody is written to again. A
petition that was handed in meanwhile has no row: its author and its text were never public. Its number stays used.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import connection

from dauys.desk.bodies import find_body
from dauys.desk.models import Official, PublicText
from dauys.desk.texts import show_text, withhold_text
from dauys.ledger.leaves import PetitionOpened, encode_leaf
from dauys.ledger.moments import parse_moment
from dauys.ledger.petition_leaves import Removed, Step, Submitted, Transferred, texts_of
from dauys.ledger.vault_leaves import TextErased
from dauys.petitions.life import leaf_moment, step
from dauys.petitions.models import Petition, PetitionEvent
from dauys.petitions.services.erasing import take_out_again
from dauys.petitions.services.moderation import signed_text
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dauys.ledger.leaves import AnyLeaf

LANGUAGES = ("kk", "ru", "en")


class PetitionRows:
    """Feed `take` in the log's order inside an office's transaction, then `keep_numbers`.

    `read_text` gives a public text by its hash, or None where it is not shown.
    """

    def __init__(self, read_text: Callable[[str], bytes | None]) -> None:
        self._read_text = read_text
        self._highest = self._officials = 0
        self.gone: list[str] = []  # petitions handed in, or again, meanwhile
        self.steps = 0

    def take(self, index: int, leaf: AnyLeaf) -> None:
        """One leaf; those of no petition's life change nothing here."""
        if isinstance(leaf, TextErased):
            take_out_again(leaf.text)
        if not isinstance(leaf, Step | PetitionOpened):
            return
        number = int(leaf.subject.rpartition("/")[2])
        self._highest = max(self._highest, number)
        self._officials = max(self._officials, *getattr(leaf, "officials", ()), 0)
        for digest in texts_of(leaf):
            self._keep_text(digest)
        petition = Petition.objects.filter(pk=number).first()
        if petition is None or isinstance(leaf, Submitted):
            self.gone += [] if leaf.subject in self.gone else [leaf.subject]
        elif leaf.subject not in self.gone:
            self._follow(petition, index, leaf)

    def _follow(self, petition: Petition, index: int, leaf: Step | PetitionOpened) -> None:
        petition.follow(step(petition.life, leaf, terms_of(petition.rules)))  # type: ignore[arg-type] - a step by its kind
        if isinstance(leaf, PetitionOpened):
            petition.opens_at, petition.closes_at = parse_moment(leaf.opens), parse_moment(leaf.closes)
        if isinstance(leaf, Transferred) and (body := find_body(leaf.body)):
            for language in LANGUAGES:
                setattr(petition, f"addressee_{language}", body.body.name.say(language))
        petition.save()
        kind, moment = type(leaf).__struct_config__.tag, parse_moment(leaf_moment(leaf))
        PetitionEvent.objects.create(petition=petition, index=index, kind=kind, moment=moment, entry=encode_leaf(leaf))
        if isinstance(leaf, Removed):
            withhold_text(petition.life.text_sha256, leaf.reason)
        elif petition.text_public:
            show_text(signed_text(petition).canonical)
        self.steps += 1

    def _keep_text(self, digest: str) -> None:
        """A text that a leaf names, as it is public; one that is withheld stays so."""
        if PublicText.objects.filter(sha256=digest).exists():
            return
        content = self._read_text(digest)
        if content is not None and hashlib.sha256(content).hexdigest() == digest:
            show_text(content)

    def keep_numbers(self) -> None:
        """The next petition and the next official get numbers that no leaf has named yet."""
        for model, highest in ((Petition, self._highest), (Official, self._officials)):
            table = model._meta.db_table  # noqa: SLF001 - Django's public name for it
            with connection.cursor() as cursor:
                cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", (highest, table))
                if not cursor.rowcount:
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", (table, highest))
