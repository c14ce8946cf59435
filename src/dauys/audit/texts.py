"""Public texts against their hashes in the log: shown as they were, or withheld for a reason that the log knows."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from dauys.audit.lives import Named
from dauys.audit.source import Withheld
from dauys.petitions.public import text_is_public
from dauys.petitions.states import State
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dauys.audit.lives import Lives
    from dauys.audit.source import Source
    from dauys.ledger.findings import Found


class Texts(NamedTuple):
    """How many texts were hashed again, and the withheld ones with their reasons."""

    hashed: int
    withheld: Mapping[str, str]


def check_texts(lives: Lives, erased: Collection[str], found: Found, source: Source) -> Texts:
    """Reads every text that must be public, those `erased` by an act aside; what is missing or changed becomes a finding."""
    withheld, hashed = dict[str, str](), 0
    gone = {*erased, *(life.text_sha256 for life in lives.lives.values() if life.state is State.REMOVED)}
    wanted = _own_texts(lives) | lives.texts
    for (digest, named), content in zip(wanted.items(), source.gather(source.text, wanted), strict=True):
        facts = {"text": digest, "subject": named.subject}
        if (isinstance(content, Withheld) and digest in gone) or (content is None and digest in erased):
            withheld[digest] = content.reason if content else "erased"
        elif isinstance(content, Withheld):
            withheld[digest] = content.reason
            found.add(named.entry, "withheld-without-act", reason=content.reason, **facts)
        elif content is None:
            found.add(named.entry, "text-missing", **facts)
        elif hashlib.sha256(content).hexdigest() != digest:
            found.add(named.entry, "text-changed", **facts)
        else:
            hashed += 1
            _check_title(lives, named.subject, digest, content, found)
    removed = _removed(lives)
    for (subject, digest), content in zip(removed.items(), source.gather(source.text, removed.values()), strict=True):
        if content is None and digest not in erased:
            found.add(None, "tombstone-missing", subject=subject, text=digest)
        elif isinstance(content, Withheld):
            withheld[digest] = content.reason
    return Texts(hashed, withheld)


def _check_title(lives: Lives, subject: str, digest: str, content: bytes, found: Found) -> None:
    """The log's title is the first line of what the author signed."""
    life, title = lives.lives[subject], lives.titles.get(subject)
    if title is None or digest != life.text_sha256:
        return
    if content.decode(errors="replace").partition("\n")[0] != unicodedata.normalize("NFC", title):
        found.add(lives.public.get(subject), "title-differs", subject=subject)


def _own_texts(lives: Lives) -> dict[str, Named]:
    """Petitions' own texts that must be shown, with the entry that made them public."""
    return {
        life.text_sha256: Named(lives.public.get(subject), subject)
        for subject, life in lives.lives.items()
        if text_is_public(life, terms_of(life.rules))
    }


def _removed(lives: Lives) -> dict[str, str]:
    shown = {life.text_sha256 for life in lives.lives.values() if text_is_public(life, terms_of(life.rules))}
    return {
        subject: life.text_sha256
        for subject, life in lives.lives.items()
        if life.state is State.REMOVED and life.opened and life.text_sha256 not in shown
    }
