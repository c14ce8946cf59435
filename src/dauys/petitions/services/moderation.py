"""What moderators do. Whatever goes against an author takes two of them: one proposes, another confirms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dauys.desk.texts import keep_text, show_text, withhold_text
from dauys.errors import (
    AlreadyProposed,
    BadInput,
    ExplanationUnfinished,
    ReasonMissing,
    ReasonUnknown,
    SpanElsewhere,
    StepForbidden,
    WordsMissing,
)
from dauys.ledger import petition_leaves as leaves
from dauys.ledger.leaves import PetitionOpened, decode_leaf
from dauys.ledger.moments import parse_moment
from dauys.ledger.sqlite import read_entries
from dauys.ledger.subjects import NewPetition, close_subject, open_petition
from dauys.petitions.explanations import is_unfinished
from dauys.petitions.models import Petition, PetitionText, Proposal
from dauys.petitions.services.taking import Official, Taking, taking, two_of
from dauys.petitions.services.wording import NONE, keep_translations, keep_words
from dauys.petitions.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dauys.ledger.keys import Keys
    from dauys.rules.reasons import Reason

MODERATOR = "moderator"
STEPS = {"refuse": leaves.Refused, "stop": leaves.Stopped, "remove": leaves.Removed}


def accept(keys: Keys, number: int, by: Official, now: datetime) -> Petition:
    """Signing begins, by direct link; StepForbidden, RoleMissing, AlreadyProposed until a proposal is turned down."""
    with taking(keys, number, now) as step:
        step.require(by, PetitionOpened, MODERATOR)
        if Proposal.objects.filter(petition=step.petition).exists():
            raise AlreadyProposed
        open_for_signing(step)
    return step.petition


def open_for_signing(step: Taking) -> None:
    """Opens the subject with fresh keys; its opening leaf is the step."""
    petition, pack = step.petition, step.terms.pack
    signed = signed_text(petition)
    petition.opens_at = parse_moment(step.moment)
    petition.closes_at = parse_moment(step.terms.closes(step.moment))
    new = NewPetition(
        petition.pk, signed.title, signed.language, step.life.text_sha256, petition.addressee(signed.language), petition.threshold,
        pack.tiers, pack.age, petition.rules, petition.opens_at, petition.closes_at,
        pack.signing.citizens_only,
    )  # fmt: skip
    show_text(signed.canonical)
    subject = open_petition(step.connection, step.keys, new)
    leaf = decode_leaf(read_entries(step.connection, subject.opened_index, subject.opened_index + 1)[0])
    assert isinstance(leaf, PetitionOpened)
    step.log(leaf, subject.opened_index)


def signed_text(petition: Petition) -> PetitionText:
    """The version that its author signed last."""
    return PetitionText.objects.get(petition=petition, attempt=petition.attempt, is_signed=True)


def propose(
    keys: Keys, number: int, kind: str, reasons: Sequence[str], explanation: str, by: Official, now: datetime, span: str = "",
    others: Mapping[str, str] = NONE,
) -> Proposal:  # fmt: skip
    """The first half of a refusal, a stop or a removal; replaces an earlier one of the same moderator.

    `span` is the part of the signed text that it is about, `others` translate the explanation. AlreadyProposed, ReasonMissing, ReasonUnknown, WordsMissing,
    SpanElsewhere.
    """
    with taking(keys, number, now) as step:
        if kind not in STEPS:
            raise BadInput(what=f"no step {kind!r}")
        step.require(by, STEPS[kind], MODERATOR)
        if Proposal.objects.filter(petition=step.petition).exclude(by=by.pk).exists():
            raise AlreadyProposed
        _require_grounds(step, kind, reasons, explanation, span)
        if any(map(is_unfinished, others.values())):
            raise ExplanationUnfinished
        Proposal.objects.filter(petition=step.petition).delete()
        step.record(f"petition.{kind}-proposed", ", ".join(reasons))
        return Proposal.objects.create(
            petition=step.petition, kind=kind, reasons=list(reasons), explanation=explanation.strip(), span=span.strip(),
            others={language: words.strip() for language, words in sorted(others.items()) if words.strip()}, by=by.pk, made_at=now,
        )  # fmt: skip


def confirm(keys: Keys, number: int, by: Official, now: datetime) -> Petition:
    """The second half: a second moderator agrees and the step is taken. PersonInvolved for the one who proposed it."""
    with taking(keys, number, now) as step:
        proposal = Proposal.objects.filter(petition=step.petition).first()
        if proposal is None:
            raise StepForbidden(state=step.petition.state)
        step.require(by, STEPS[proposal.kind], MODERATOR)
        _take(step, proposal, two_of(proposal.by, by))
        proposal.delete()
    return step.petition


def drop_proposal(keys: Keys, number: int, by: Official, now: datetime) -> Petition:
    """A moderator disagrees: the proposal is gone and the petition waits as before."""
    with taking(keys, number, now) as step:
        proposal = Proposal.objects.filter(petition=step.petition).first()
        if proposal is None:
            raise StepForbidden(state=step.petition.state)
        step.require(by, STEPS[proposal.kind], MODERATOR)
        step.record("petition.proposal-dropped", proposal.kind)
        proposal.delete()
    return step.petition


def merge(
    keys: Keys, number: int, into: int, explanation: str, by: Official, now: datetime, others: Mapping[str, str] = NONE
) -> Petition:
    """Another petition goes on for both; it must be open for signing itself."""
    with taking(keys, number, now) as step:
        officials = step.require(by, leaves.Merged, MODERATOR)
        if not Petition.objects.filter(pk=into, state="collecting").exclude(pk=number).exists():
            raise BadInput(what="the other petition is not open for signing")
        kept = keep_words(explanation)
        step.log(leaves.Merged(
            moment=step.moment, subject=step.petition.subject_name, explanation=kept, into=f"petition/{into}",
            officials=officials, translations=keep_translations(kept, others),
        ))  # fmt: skip
        close_subject(step.connection, step.petition.subject_name, now)
    return step.petition


def transfer(
    keys: Keys,
    number: int,
    body: str,
    addressee: dict[str, str],
    explanation: str,
    by: Official,
    role: str,
    now: datetime,
    others: Mapping[str, str] = NONE,
) -> Petition:
    """To the body whose duty it is, by a moderator or by a clerk of the body that has it."""
    with taking(keys, number, now) as step:
        officials = step.require(by, leaves.Transferred, role)
        for language, name in addressee.items():
            setattr(step.petition, f"addressee_{language}", name)
        kept = keep_words(explanation)
        step.log(leaves.Transferred(
            moment=step.moment, subject=step.petition.subject_name, body=body, explanation=kept,
            officials=officials, translations=keep_translations(kept, others),
        ))  # fmt: skip
    return step.petition


def reasons_of(petition: Petition, kind: str) -> Mapping[str, Reason]:
    """The reasons by code that the petition's rules allow for a refusal, a stop or a removal."""
    pack = terms_of(petition.rules).pack
    return {"refuse": pack.refusal_reasons, "stop": pack.stop_reasons, "remove": pack.removal_reasons}[kind]


def _require_grounds(step: Taking, kind: str, reasons: Sequence[str], explanation: str, span: str) -> None:
    if not reasons:
        raise ReasonMissing
    known, today = reasons_of(step.petition, kind), date.fromisoformat(step.terms.day(step.moment))
    for reason in reasons:
        if reason not in known or not known[reason].in_force(today):
            raise ReasonUnknown(reason=reason)
    if not explanation.strip():
        raise WordsMissing
    if is_unfinished(explanation):
        raise ExplanationUnfinished
    if span.strip() and not any(
        _one_line(span) in _one_line(f"{each.title} {each.text}")
        for each in PetitionText.objects.filter(petition=step.petition, attempt=step.petition.attempt)
    ):
        raise SpanElsewhere


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _take(step: Taking, proposal: Proposal, officials: list[int]) -> None:
    hidden = proposal.kind == "remove" or step.terms.hides(proposal.reasons)
    quoted = f"“{proposal.span}”\n\n" if proposal.span and not hidden else ""
    kept = keep_text(quoted + proposal.explanation)
    shared = {
        "moment": step.moment,
        "subject": step.petition.subject_name,
        "explanation": kept,
        "officials": officials,
        "translations": keep_translations(
            kept, {language: quoted + words for language, words in proposal.others.items()}
        ),
    }
    if proposal.kind == "refuse":
        step.log(leaves.Refused(**shared, due=step.terms.appeal_due(step.moment), reasons=proposal.reasons))
        if not hidden:
            show_text(signed_text(step.petition).canonical)
        return
    reason = proposal.reasons[0]
    if proposal.kind == "stop":
        step.log(leaves.Stopped(**shared, reason=reason))
    else:
        step.log(leaves.Removed(**shared, due=step.terms.appeal_due(step.moment), reason=reason))
        withhold_text(step.life.text_sha256, reason)
    close_subject(step.connection, step.petition.subject_name, step.now)
