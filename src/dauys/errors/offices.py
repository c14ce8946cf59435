"""Errors of the offices' work: steps that their rules forbid."""

from __future__ import annotations

from dauys.errors.root import DauysError


class StepForbidden(DauysError):
    code, status = "step-forbidden", 409
    sentence = "This step is not possible now: the petition's state is “{state}”. Please load its page again."


class IinMistyped(DauysError):
    code, status = "iin-mistyped", 422
    sentence = (
        "This is no personal number (IIN): one has twelve digits, and its last digit fits the others. Please look whether "
        "each digit is right."
    )


class TermWrong(StepForbidden):
    code = "term-wrong"
    sentence = "The term {named} is not the one that the rules give, {right}."


class PersonInvolved(StepForbidden):
    code, status = "person-involved", 403
    sentence = "Whoever took part in a decision cannot judge it. Please leave this to a colleague."


class TextStillSigned(StepForbidden):
    code, status = "text-still-signed", 409
    sentence = (
        "People can sign this petition now, and nobody signs what cannot be read. Two moderators stop or remove it first; "
        "then the text can be erased."
    )


class NotTheAuthor(StepForbidden):
    code, status = "not-the-author", 403
    sentence = "Only the person who handed this petition in can do this. Please log in as its author."


class NotSigned(StepForbidden):
    code, status = "not-signed", 409
    sentence = "No signature of yours stands under this petition, so there is nothing to withdraw."


class ReasonUnknown(StepForbidden):
    code, status = "reason-unknown", 400
    sentence = "The rules know no reason “{reason}”. Please choose one of the list."


class TextChanged(StepForbidden):
    code = "text-changed"
    sentence = "The text was changed after this request to sign it was made. Please go back and ask to sign it again."


class HeldByColleague(StepForbidden):
    code = "held-by-colleague"
    sentence = (
        "{name} is working on this just now. Please take another one; it is free again five minutes after they stop."
    )


class AlreadyProposed(StepForbidden):
    code = "already-proposed"
    sentence = "Something is proposed here already. Please confirm it, disagree, or take it back first if it is yours."


class ReasonMissing(StepForbidden):
    code, status = "reason-missing", 400
    sentence = "Please choose at least one reason."


class WordsMissing(StepForbidden):
    code, status = "words-missing", 400
    sentence = "Please write it in your own words: an empty text explains nothing to anybody."


class FieldsMissing(StepForbidden):
    code, status = "fields-missing", 400
    sentence = "Please fill in what is still missing: {fields}."


class SpanElsewhere(StepForbidden):
    code, status = "span-elsewhere", 400
    sentence = "The words you marked do not stand in the petition. Please copy them exactly from its text."


class DayWrong(StepForbidden):
    code, status = "day-wrong", 400
    sentence = "This is not a day and time that we can read, or it has passed. Please choose one that is still to come."


class HearingTooSoon(StepForbidden):
    code, status = "hearing-too-soon", 400
    sentence = (
        "People need time to learn of a hearing and to come. Working days that the rules want between its call and its "
        "day: {days} or more. The first day that can be chosen today is {first}."
    )


class ExplanationUnfinished(StepForbidden):
    code, status = "explanation-unfinished", 400
    sentence = "The ready text still holds dots (…). Please put your own words in their place."


class PromiseUnfinished(StepForbidden):
    code, status = "promise-unfinished", 400
    sentence = (
        "Each promise needs words and the last day by which it will be kept. Please give both, or leave both empty."
    )


class PromisesRefused(StepForbidden):
    code, status = "promises-refused", 400
    sentence = (
        "An answer that refuses everything promises nothing. Please choose another answer, or take the promises out."
    )


class LanguageDoubtful(StepForbidden):
    code = "language-doubtful"
    sentence = (
        "This does not seem to be in the language of the petition, and nobody translates it. "
        "Write it in that language, too, or tick at the field that it stays as it is."
    )


class DayDoubtful(StepForbidden):
    code = "day-doubtful"
    sentence = "Please think about this day. {doubts} If it must be so, tick it at the form."


class BodyUnknown(StepForbidden):
    code, status = "body-unknown", 400
    sentence = "The rules know no body “{body}”. Please choose one of the list."


class LastAdministrator(StepForbidden):
    code = "last-administrator"
    sentence = (
        "This is the only administrator. Please appoint another one first, so that somebody can still appoint people."
    )


class ReportsTooMany(StepForbidden):
    code, status = "reports-too-many", 429
    sentence = "Many reports came from your network within this hour. Please try again in the next one."


class DraftsTooMany(StepForbidden):
    code, status = "drafts-too-many", 429
    sentence = "Very many petitions were begun from your network within this hour. Please try again in {minutes} minutes, or from another network."


class AddressUnfit(StepForbidden):
    code, status = "address-unfit", 400
    sentence = "This is no e-mail address that a letter could be sent to. Please check how it is written."


class AddressDisposable(StepForbidden):
    code, status = "address-disposable", 400
    sentence = "Mailboxes of {domain} are made to be thrown away, so they cannot stand for a person. Please use your own address."


class TooManyLetters(StepForbidden):
    code, status = "too-many-letters", 429
    sentence = (
        "Too many letters were asked for here. Please try again in {minutes} minutes, or sign with an e-signature now."
    )


class TierNotAdmitted(StepForbidden):
    code, status = "tier-not-admitted", 409
    sentence = "The rules of this petition do not admit signatures of this kind. Please sign it with an e-signature."


class SheetRowsUnfit(StepForbidden):
    code, status = "sheet-rows-unfit", 400
    sentence = "These rows are no personal numbers, or stand twice: {rows}. Please look at the sheet again."


class SheetDiffers(StepForbidden):
    code, status = "sheet-differs", 409
    sentence = "What you entered is not what your colleague entered, in these rows: {rows}. Please both look at the sheet again."


class SheetKnown(StepForbidden):
    code, status = "sheet-known", 409
    sentence = "This scan was entered before for this petition."


class LinkExpired(StepForbidden):
    code, status = "link-expired", 410
    sentence = "This link leads nowhere any more: it is too old, or its letters were ended. You can follow the petition again on its page."


class LetterExpired(LinkExpired):
    code = "letter-expired"
    sentence = "This letter’s link served for two days and is too old now. Nothing was changed; please ask for a new letter on the petition’s page."
