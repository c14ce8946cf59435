"""What those who write do before they hand in. Nobody logs in: a draft belongs to whoever holds its secret."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from dauys.desk.reports import network_of
from dauys.desk.transactions import office_transaction
from dauys.errors import (
    LANGUAGES,
    BadInput,
    DraftChanged,
    DraftFrozen,
    DraftsTooMany,
    DraftUnknown,
    StepForbidden,
    TooManyCoAuthors,
)
from dauys.petitions.drafts import CoAuthor, Draft, DraftFile, DraftText, ShownAs
from dauys.petitions.models import Petition, PetitionText
from dauys.petitions.quotas import spend
from dauys.petitions.states import State
from dauys.petitions.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dauys.ledger.keys import Keys

SECRET_SIZE = 32  # bytes
LONGEST_TITLE, LONGEST_TEXT = (
    1_000,
    60_000,
)  # characters kept of an unfinished text; what may be handed in is the rules'
MOST_CO_AUTHORS = 20
DRAFTS_AN_HOUR = 300  # from one network: ten at each of a library's thirty computers


@dataclass(frozen=True, slots=True)
class Written:
    """What a form says of the texts: (title, text) by language, and which version is the one to be signed."""

    language: str
    topic: str = ""
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def begin(title: str, language: str, now: datetime, mends: Petition | None = None) -> tuple[Draft, str]:
    """A new draft with its title; the draft and its secret, which is told nowhere else."""
    secret = secrets.token_urlsafe(SECRET_SIZE)
    with office_transaction():
        draft = Draft.objects.create(
            secret_sha256=_hash(secret), language=_language(language), begun_at=now, touched_at=now, mends=mends
        )
        _write(draft, language, title, "")
    return draft, secret


def allow(keys: Keys, address: str, now: datetime) -> None:
    """One more draft from a visitor's network within this hour; DraftsTooMany. No two hours have a network in common."""
    what = f"draft|{now:%Y-%m-%dT%H}|{network_of(address)}"
    with office_transaction():
        spend(keys, what, DRAFTS_AN_HOUR, timedelta(hours=1), now, DraftsTooMany)


def mend(petition: Petition, now: datetime) -> tuple[Draft, str]:
    """A draft of a refused petition's own text, to mend it and hand it in once more; StepForbidden where that is over."""
    if petition.state != State.REFUSED or petition.attempt > 1:
        raise StepForbidden(state=petition.state)
    draft, secret = begin("", petition.language, now, petition)
    with office_transaction():
        for version in PetitionText.objects.filter(petition=petition, attempt=petition.attempt):
            _write(draft, version.language, version.title, version.text)
        DraftFile.objects.bulk_create(
            DraftFile(draft=draft, position=file.position, **file.attached._asdict())
            for file in petition.files.filter(attempt=petition.attempt)
        )
        draft.body, draft.topic = petition.body, petition.topic
        draft.shown_as, draft.chosen_name, draft.author_settled = ShownAs.CHOSEN, petition.author_shown[:60], True
        draft.save()
    return draft, secret


def find(secret: str) -> Draft:
    """The draft of a secret, with its texts and files; DraftUnknown."""
    held = Draft.objects.filter(secret_sha256=_hash(secret)).select_related("petition", "mends")
    draft = held.prefetch_related("texts", "files", "co_authors").first() if secret else None
    if draft is None:
        raise DraftUnknown
    return draft


def write(secret: str, written: Written, revision: int, now: datetime) -> Draft:
    """Keeps the texts as they are, ready or not. DraftChanged where they were changed elsewhere since `revision`."""
    with office_transaction():
        draft = opened(secret, now)
        if draft.revision != revision:
            raise DraftChanged
        draft.language, draft.revision = _language(written.language), revision + 1
        draft.topic = written.topic if written.topic in TOPICS else ""
        for language, (title, text) in written.texts.items():
            _write(draft, _language(language), title, text)
        draft.save()
    return draft


def address(secret: str, body: str, now: datetime) -> Draft:
    """Whom it asks; a mended petition asks whom it asked."""
    with office_transaction():
        draft = opened(secret, now)
        draft.body = draft.mends.body if draft.mends else body
        draft.save()
    return draft


def show_author(secret: str, shown_as: str, chosen_name: str, email: str, now: datetime) -> Draft:
    """How its author is shown, and where notices go; both can stay empty for now."""
    with office_transaction():
        draft = opened(secret, now)
        if shown_as not in ShownAs.values:
            raise BadInput(what="there is no such way to show an author")
        draft.shown_as, draft.chosen_name, draft.email = shown_as, _line(chosen_name)[:60], email.strip()[:254]
        draft.author_settled = True
        draft.save()
    return draft


def join(secret: str, name: str, now: datetime) -> Draft:
    """Somebody agrees to be a co-author; their name is seen by those who hold the link alone."""
    with office_transaction():
        draft = opened(secret, now)
        if not (name := _line(name)[:60]):
            raise BadInput(what="a co-author has a name")
        if draft.co_authors.count() >= MOST_CO_AUTHORS:
            raise TooManyCoAuthors(most=MOST_CO_AUTHORS)
        CoAuthor.objects.get_or_create(draft=draft, name=name, defaults={"agreed_at": now})
    return draft


def leave(secret: str, name: str, now: datetime) -> Draft:
    """A co-author is taken off again."""
    with office_transaction():
        draft = opened(secret, now)
        draft.co_authors.filter(name=name).delete()
    return draft


def opened(secret: str, now: datetime) -> Draft:
    """A draft that may still be changed, now touched, inside the caller's transaction; DraftUnknown, DraftFrozen."""
    draft = find(secret)
    if draft.petition_id is not None:
        raise DraftFrozen
    draft.touched_at = max(now, draft.begun_at)
    draft.save()
    return draft


def _write(draft: Draft, language: str, title: str, text: str) -> None:
    title, text = _line(title), _plain(text)
    if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        raise BadInput(
            what=f"a title of at most {LONGEST_TITLE} and a text of at most {LONGEST_TEXT} characters are kept"
        )
    if title or text or language == draft.language:
        DraftText.objects.update_or_create(draft=draft, language=language, defaults={"title": title, "text": text})
    else:
        DraftText.objects.filter(draft=draft, language=language).delete()


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise BadInput(what="there is no such language here")
    return language


def _plain(text: str) -> str:
    """NFC, lines ended by LF alone, nothing around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")).strip()


def _line(text: str) -> str:
    """The same in one line, words apart by one space."""
    return " ".join(_plain(text).split())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
