"""Names that findings and reports tell in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dauys.errors import LANGUAGES
from dauys.ledger.findings import said, word
from dauys.petitions.states import State
from dauys.rules.bodies import body

STEPS: Final = {
    "petition.submitted": said("handed in"),
    "petition.refused": said("refused in moderation"),
    "petition.opened": said("opened for signing"),
    "petition.listed": said("listed, its first supporters found"),
    "petition.lapsed": said("ended without enough signatures"),
    "petition.registered": said("registered, its threshold reached"),
    "petition.grouped": said("working group named"),
    "petition.convened": said("hearing called"),
    "petition.heard": said("minutes of the hearing published"),
    "petition.decided": said("decided"),
    "petition.fulfilled": said("promise kept"),
    "petition.withdrawn": said("withdrawn by its author"),
    "petition.stopped": said("signing stopped"),
    "petition.merged": said("merged into another"),
    "petition.transferred": said("handed to another body"),
    "petition.removed": said("removed"),
    "petition.appealed": said("appeal made"),
    "petition.appeal-decided": said("appeal decided"),
    "petition.signature": said("signature"),
    "petition.signature-withdrawn": said("signature withdrawn"),
    "petition.withdrawals-opened": said("withdrawals opened"),
    "petition.paper-entered": said("sheet of paper signatures entered"),
    "acts.confirmed": said("signatures confirmed"),
    "log.opened": said("log opened"),
    "evidence.erased": said("evidence erased"),
    "evidence.exported": said("evidence handed out by an order"),
    "text.erased": said("public text erased"),
    "subject.keys-destroyed": said("keys destroyed after their term"),
    "auditors.named": said("auditors of the evidence named"),
    "log.closed": said("log ended; another one continues it"),
    "log.succeeded": said("log continued under another name"),
    "log.restored": said("restored after the loss of a database"),
}  # fmt: skip

STATES: Final = {
    State.MODERATION: said("in moderation"),
    State.REFUSED: said("refused"),
    State.GATHERING: said("looking for first supporters"),
    State.COLLECTING: said("collecting signatures"),
    State.REGISTERED: said("registered for consideration"),
    State.WORKING_GROUP: said("with a working group"),
    State.HEARING: said("before or after its hearing"),
    State.DECIDED: said("decided"),
    State.CARRIED_OUT: said("carried out"),
    State.LAPSED: said("ended without enough signatures"),
    State.WITHDRAWN: said("withdrawn by its author"),
    State.STOPPED: said("stopped"),
    State.MERGED: said("merged into another"),
    State.REMOVED: said("removed"),
}  # fmt: skip


WHATS: Final = {"tiers": said("ways to sign"), "age": said("age"), "threshold": said("threshold")}


def kind_of(leaf: object) -> str:
    """The kind of a leaf, as the log writes it."""
    return str(type(leaf).__struct_config__.tag)  # type: ignore[attr-defined]


def step_word(kind: str) -> dict[str, str]:
    """A step as a fact."""
    return word(STEPS.get(kind, kind))


def body_fact(rules: str, code: str, named: Mapping[str, str]) -> Any:
    """A body's name as a fact, in each language; where the rules do not know it, as petitions name it, else its code."""
    known = body(rules.partition("/")[0], code)
    if known:
        return {"in": {"kk": known.body.name.kk, "ru": known.body.name.ru, "en": known.body.name.en}}
    return {"in": {each: named.get(each) or next(iter(named.values())) for each in LANGUAGES}} if named else code
