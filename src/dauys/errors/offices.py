"""Errors of the offices' work: steps that their rules forbid."""

from __future__ import annotations

from dauys.errors.root import DauysError


class StepForbidden(DauysError):
    code, status = "step-forbidden", 409
    sentence = "This step is not possible now: the petition's state is “{state}”. Please load its page again."


class TermWrong(StepForbidden):
    code = "term-wrong"
    sentence = "The term {named} is not the one that the rules give, {right}."


class PersonInvolved(StepForbidden):
    code, status = "person-involved", 403
    sentence = "Whoever took part in a decision cannot judge it. Please leave this to a colleague."


class NotTheAuthor(StepForbidden):
    code, status = "not-the-author", 403
    sentence = "Only the person who handed this petition in can do this. Please log in as its author."


class ReasonUnknown(StepForbidden):
    code, status = "reason-unknown", 400
    sentence = "The rules know no reason “{reason}”. Please choose one of the list."


class TextChanged(StepForbidden):
    code = "text-changed"
    sentence = "The text was changed after this request to sign it was made. Please go back and ask to sign it again."
