"""Reasons: what may not be petitioned, why a petition is refused or removed, how an addressee decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, TypeVar

import msgspec

from dauys.rules.texts import Code, Text, Words


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A coded sentence with its source.

    `since` is the first day it may be used, `until` the last. Only a forbidden topic may lack `since`: it is announced
    then, known to be coming, its first day unknown; nobody is refused by it.
    """

    kind: ClassVar[str] = "reason"
    announceable: ClassVar[bool] = False

    code: Code
    text: Text
    source: Words
    verified: bool
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since is None and not self.announceable:
            raise ValueError(f"{self.code} has no first day")
        if self.until is not None and (self.since is None or self.until < self.since):
            raise ValueError(f"{self.code} ends before it begins")

    @property
    def announced(self) -> bool:
        """Whether it is not known when it comes into force."""
        return self.since is None

    def in_force(self, on: date) -> bool:
        """Whether it may be used on a day."""
        return self.since is not None and self.since <= on and (self.until is None or on <= self.until)


class TopicGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Topics that are told together; `text` is what they have in common, in a few words."""

    code: Code
    text: Text


class ForbiddenTopic(Reason, frozen=True, forbid_unknown_fields=True):
    """A subject that may not be petitioned; its code is a reason of refusal, too.

    `hides_text` as there; `group` is for the eye alone.
    """

    kind = "topic"
    announceable = True

    hides_text: bool = False
    group: Code | None = None


class RefusalReason(Reason, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a submitted petition is refused.

    `repairable`: the author may mend the text and submit it again. `hides_text`: the refused text is not shown, nor the
    part of it that the refusal is about; reason and explanation are.
    """

    kind = "refusal"

    repairable: bool
    hides_text: bool = False


class StopReason(Reason, frozen=True, forbid_unknown_fields=True):
    """Why signing is ended before its time; what was signed stands."""

    kind = "stop"


class RemovalReason(Reason, frozen=True, forbid_unknown_fields=True):
    """Why a text or a part of it is taken from the public page; its tombstone stays."""

    kind = "removal"


class Decision(Reason, frozen=True, forbid_unknown_fields=True):
    """How an addressee decides on a petition that reached its threshold."""

    kind = "decision"


Coded = TypeVar("Coded", bound=Reason)


def in_force(reasons: Iterable[Coded], on: date) -> dict[str, Coded]:
    """Those that may be used on a day, by code."""
    return {reason.code: reason for reason in reasons if reason.in_force(on)}


def refusals(topics: Iterable[ForbiddenTopic], formal: Iterable[RefusalReason]) -> tuple[RefusalReason, ...]:
    """All reasons of refusal: every forbidden topic, which no mending of the text repairs, then the formal ones."""
    of_topics = (
        RefusalReason(
            topic.code,
            topic.text,
            topic.source,
            topic.verified,
            topic.since,
            topic.until,
            repairable=False,
            hides_text=topic.hides_text,
        )
        for topic in topics
        if not topic.announced
    )
    return (*of_topics, *formal)
