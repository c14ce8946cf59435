"""Which letters an author gets: all, only those that an answer or a time of their own depends on, or none."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from dauys.desk.followers import checked
from dauys.desk.transactions import office_transaction
from dauys.errors import BadInput, NotTheAuthor
from dauys.petitions.authors import Author

if TYPE_CHECKING:
    from dauys.ledger.keys import Keys

# After these a time of the author's own runs, or it is the answer they asked for.
ESSENTIAL = frozenset(
    {"petition.refused", "petition.stopped", "petition.removed", "petition.appeal-decided", "petition.decided"}
)


class Wish(StrEnum):
    """What an author may choose."""

    ALL = "all"
    ESSENTIAL = "essential"
    NONE = "none"


def wants(author: Author, kind: str) -> bool:
    """Whether a step of this kind is told to them."""
    return bool(author.sealed) and (kind in ESSENTIAL or not author.only_essential)


def wish_of(author: Author) -> Wish:
    """What they chose."""
    if not author.sealed:
        return Wish.NONE
    return Wish.ESSENTIAL if author.only_essential else Wish.ALL


def choose(keys: Keys, number: int, person: str, wish: str, address: str) -> None:
    """An author's own choice; an address that is given replaces the kept one. NotTheAuthor, AddressUnfit.

    With none of either there is nowhere to write, so AddressUnfit; with `none` the address is forgotten.
    """
    if wish not in list(Wish):
        raise BadInput(what="there is no such choice of letters")
    with office_transaction():
        author = Author.objects.filter(petition=number, person=person).first()
        if author is None:
            raise NotTheAuthor
        if wish == Wish.NONE:
            author.keep_address(keys, "")
        elif address.strip() or not author.sealed:
            author.keep_address(keys, checked(address))
        author.only_essential = wish == Wish.ESSENTIAL
        author.save()


def leave(keys: Keys, token: str) -> int | None:
    """From a letter's link: only essential ones from now on, about this petition; a link that is void changes nothing."""
    with office_transaction():
        author = Author.of_token(keys, token)
        if author is None:
            return None
        author.only_essential = True
        author.save()
        return author.petition_id
