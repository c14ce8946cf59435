"""The sections of a rule pack: who, how many, how long."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from dauys.rules.levels import Days, Level
from dauys.rules.texts import Code, Text

Tier = Literal["desktop", "mobile", "paper", "email", "outside"]  # the ledger's trust tiers
Count = Annotated[int, msgspec.Meta(ge=0)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section of a pack; a key it does not know is refused, lest a misspelt number go unread."""


class Writing(Section, frozen=True):
    """Who may write a petition (ages in years), and how long it may be: characters, files, bytes of each file.

    `law` names where it is written what a petition may be about.
    """

    citizens_only: bool
    age: Count
    title_characters: Count
    text_characters: Count
    attachments: Count
    attachment_bytes: Count
    law: Text | None = None


class Signing(Section, frozen=True):
    """Who may sign, how long (months), and the trust tiers that a threshold sums.

    `handed_over_below_threshold`: one that ends with fewer signatures goes to its addressee as an ordinary appeal.
    """

    citizens_only: bool
    age: Count
    tiers: tuple[Tier, ...]
    collection_months: Annotated[int, msgspec.Meta(ge=1)]
    handed_over_below_threshold: bool


class Gate(Section, frozen=True):
    """First supporters, without whom a petition lapses; `listed` says whether lists show it meanwhile."""

    supporters: Count
    working_days: Days
    working_days_on_paper: Days
    listed: bool


class Moderation(Section, frozen=True):
    """Days to check a submitted petition."""

    working_days: Days


class Appeal(Section, frozen=True):
    """Months to appeal against a refusal, days to judge an appeal, and how often a mended text may be submitted again."""

    filing_months: Annotated[int, msgspec.Meta(ge=1)]
    decision_working_days: Days
    resubmissions: Count


class Consideration(Section, frozen=True):
    """What an addressee owes besides its answer in time, which stands with the levels.

    `obliges`: it must consider and answer; otherwise it is asked, and its silence is shown. Between the call of a hearing and
    its day there are at least `hearing_least_notice` working days; below `hearing_notice` whoever calls it is warned.
    `law` names where this is written, for people to look up; None where it is written nowhere.
    """

    first_head_decides: bool
    public_discussion: bool
    official_statement: bool
    obliges: bool = True
    hearing_notice: Count = 5
    hearing_least_notice: Count = 0
    law: Text | None = None


class Retention(Section, frozen=True):
    """Months after the end of signing in which the keys of a petition that waits for nobody are kept."""

    keys_months: Annotated[int, msgspec.Meta(ge=1)]


class Numbers(Section, frozen=True):
    """A `[[pack]]` without its date, its sources parted from it."""

    writing: Writing
    signing: Signing
    gate: Gate
    moderation: Moderation
    appeal: Appeal
    consideration: Consideration
    retention: Retention
    level: dict[Code, Level]
