"""Petitions whose legal term is over lose their keys: nobody can name a signer any more, ourselves included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from dauys.desk.transactions import reading_connection
from dauys.ledger.destruction import destroy_keys, with_keys
from dauys.ledger.erasure import forgetting
from dauys.ledger.places import Places
from dauys.petitions.models import Petition
from dauys.petitions.states import Actor
from dauys.petitions.terms import terms_of
from dauys.rules.clocks import months_after

if TYPE_CHECKING:
    from datetime import datetime


def retire_due(now: datetime) -> int:
    """Destroys the keys of every petition whose term is over; how many. Safe to run at any time."""
    due = [name for name in with_keys(reading_connection(), now) if _is_over(name, now)]
    for name in due:
        with forgetting(Places(settings.DAUYS_VAR)) as connection:
            destroy_keys(connection, name, now)
    return len(due)


def _is_over(name: str, now: datetime) -> bool:
    """Whether its months have passed since signing ended, and it waits for nobody."""
    petition = Petition.objects.filter(pk=int(name.rpartition("/")[2])).first()
    if petition is None or petition.closes_at is None or petition.turn != str(Actor.NOBODY) or petition.review_due:
        return False
    ended = timezone.localdate(petition.closes_at)
    return timezone.localdate(now) > months_after(ended, terms_of(petition.rules).pack.retention.keys_months)
