"""The steps of a petition's life as they stand in the public log: one schema each, beside its opening and signatures.

Texts stand by hash, so that one can be erased while its trace stays. Officials stand by their number, never by name.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from dauys.ledger.leaf_fields import (
    Bytes32,
    Code,
    Count,
    Day,
    Language,
    Leaf,
    Moment,
    One,
    Rules,
    Subject,
    Text,
    Tier,
    Two,
)

Evidence = Annotated[
    Bytes32,
    msgspec.Meta(description="salted commitment to the envelope with the signed statement (docs/spec/envelope.md)"),
]
Matter = Literal["refusal", "removal", "silence"]  # what an appeal is against
Answer = Literal["satisfied", "partly-satisfied", "refused"]


class Step(Leaf, frozen=True, tag_field="kind"):
    """What every step says."""

    moment: Moment
    subject: Subject


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a decision promises, and until when."""

    due: Day
    text: Text


class Translation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An office's own translation of one of its texts in the same step; the text it translates is the one that counts."""

    language: Language
    of: Text
    text: Text


Translations = (
    Annotated[list[Translation], msgspec.Meta(min_length=1, max_length=20, description="absent where there are none")]
    | msgspec.UnsetType
)


class Submitted(Step, frozen=True, tag="petition.submitted"):
    """Handed in by its author, signed; `attempt` 2 is the one resubmission after repair. Moderation ends by `due`."""

    attempt: Literal[1, 2]
    body: Code
    commitment: Evidence
    due: Day
    language: Language
    level: Code
    rules: Rules
    text_sha256: Text
    tier: Tier
    v: Literal[1] = 1


class Refused(Step, frozen=True, tag="petition.refused"):
    """Refused in moderation; the author may appeal or repair it until `due`."""

    due: Day
    explanation: Text
    officials: Two
    reasons: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=10)]
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Listed(Step, frozen=True, tag="petition.listed"):
    """Its first supporters were found: from now on it stands in the lists."""

    signatures: Count
    v: Literal[1] = 1


class Lapsed(Step, frozen=True, tag="petition.lapsed"):
    """The time for its first supporters, or for all its signatures, ran out."""

    signatures: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    v: Literal[1] = 1


class Registered(Step, frozen=True, tag="petition.registered"):
    """The threshold was reached on final signatures: the addressee must decide by `due`."""

    due: Day
    signatures: Count
    v: Literal[1] = 1


class Grouped(Step, frozen=True, tag="petition.grouped"):
    """The addressee formed a working group; `text` names it."""

    officials: One
    text: Text
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Convened(Step, frozen=True, tag="petition.convened"):
    """A draft decision is public and a public hearing of it is called; called again, it moves the hearing."""

    draft: Text
    hearing: Moment
    officials: One
    place: Annotated[
        Text, msgspec.Meta(description="SHA-256 of the text that says where, and the address of the broadcast")
    ]
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Heard(Step, frozen=True, tag="petition.heard"):
    """The hearing took place; `text` is its minutes with the address of the recording."""

    attended: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    officials: One
    text: Text
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Decided(Step, frozen=True, tag="petition.decided"):
    """The decision, signed by the head of the body."""

    answer: Answer
    commitment: Evidence
    officials: One
    promises: Annotated[list[Promise], msgspec.Meta(max_length=20)]
    text: Text
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Fulfilled(Step, frozen=True, tag="petition.fulfilled"):
    """One promise of the decision was kept; `text` says how."""

    officials: One
    promise: Annotated[int, msgspec.Meta(ge=0, lt=20, description="place in the decision's list, from 0")]
    text: Text
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Withdrawn(Step, frozen=True, tag="petition.withdrawn"):
    """Taken back by its author."""

    commitment: Evidence
    v: Literal[1] = 1


class Stopped(Step, frozen=True, tag="petition.stopped"):
    """Signing was ended by an official, for a reason."""

    explanation: Text
    officials: Two
    reason: Code
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Merged(Step, frozen=True, tag="petition.merged"):
    """Another petition asks the same and goes on for both; signatures do not move, people sign again."""

    explanation: Text
    into: Subject
    officials: One
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Transferred(Step, frozen=True, tag="petition.transferred"):
    """Handed to the body whose duty it is; the clock of whoever must act goes on."""

    body: Code
    explanation: Text
    officials: One
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Removed(Step, frozen=True, tag="petition.removed"):
    """Its page is a tombstone: what it was and why it went stays."""

    due: Day
    explanation: Text
    officials: Two
    reason: Code
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


class Appealed(Step, frozen=True, tag="petition.appealed"):
    """The author appeals; someone who had no part in it decides by `due`."""

    against: Matter
    commitment: Evidence
    due: Day
    text: Text
    v: Literal[1] = 1


class AppealDecided(Step, frozen=True, tag="petition.appeal-decided"):
    """What became of the appeal. Granted against silence, the body has until `due`; otherwise `due` is the day itself."""

    due: Day
    explanation: Text
    granted: bool
    officials: One
    translations: Translations = msgspec.UNSET
    v: Literal[1] = 1


AnyStep = (
    Submitted | Refused | Listed | Lapsed | Registered | Grouped | Convened | Heard | Decided | Fulfilled | Withdrawn
    | Stopped | Merged | Transferred | Removed | Appealed | AppealDecided
)  # fmt: skip
STEPS: tuple[type[AnyStep], ...] = (
    Submitted, Refused, Listed, Lapsed, Registered, Grouped, Convened, Heard, Decided, Fulfilled, Withdrawn,
    Stopped, Merged, Transferred, Removed, Appealed, AppealDecided,
)  # fmt: skip

TEXTS = ("explanation", "text", "draft", "place")  # fields that name a public text by its hash


def texts_of(leaf: object) -> list[str]:
    """Hashes of the public texts that a step names, the petition's own aside; translations last."""
    return counting_texts(leaf) + [each.text for each in translations_of(leaf)]


def counting_texts(leaf: object) -> list[str]:
    """The same without translations: what counts."""
    promises = [promise.text for promise in leaf.promises] if isinstance(leaf, Decided) else []
    return [getattr(leaf, name) for name in TEXTS if hasattr(leaf, name)] + promises


def translations_of(leaf: object) -> list[Translation]:
    """What a step says in other languages, too."""
    return getattr(leaf, "translations", None) or []


def translations_fit(leaf: object, own: str) -> bool:
    """Whether each translates a text of its own step, once a language, and none into `own`, that of the texts that count."""
    counting, made = counting_texts(leaf), translations_of(leaf)
    pairs = {(each.of, each.language) for each in made}
    return len(pairs) == len(made) and all(of in counting and language != own for of, language in pairs)
