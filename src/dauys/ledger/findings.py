"""What an audit finds: a code, where, and the facts that its sentence tells. One table for everything that can be found.

*broken*: a rule was violated, whoever runs the log did wrong. *overdue*: a named body is late. *note*: worth knowing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from dauys.errors import DauysError, catalogue, error_classes

DOMAIN: Final = "audit"  # of gettext: the sentences below, the names of steps and bodies
MOST_FINDINGS = 100  # of one kind: a log that breaks more rules than this is broken enough to say so


class Kind(StrEnum):
    """How bad it is."""

    BROKEN = "broken"
    OVERDUE = "overdue"
    NOTE = "note"


def said(sentence: str) -> str:
    """Marks a sentence for the catalogue."""
    return sentence


BROKEN: Final = {
    # The tree and what is published beside it
    "tree": said("The published files do not make up the signed log: {why}"),
    "leaf-unreadable": said("This entry is no act of a known kind, or not in its one spelling: {why}"),
    "no-opening": said("The first entry does not open the log."),
    "log-opened-twice": said("The log is opened a second time."),
    "other-origin": said("The log was opened as {opened}, its checkpoint says {origin}."),
    "keys-unsigned": said("It changes the log's keys without the signatures of all old and new ones: {why}"),
    "keys-from-nowhere": said("It changes the log's keys, but not from those that signed before it."),
    "retired-key": said("The checkpoint is signed by keys that the log had given up before."),
    "moment-impossible": said("It names a moment that does not exist."),
    "backdated": said("It says that it was written at {said}, but entries before it are of {latest} already: it was dated back."),
    "from-the-future": said("It is dated {said}, which is still to come."),
    "count-differs": said("{what} shows {shown} {which} for {subject} at size {size}; the log holds {held}."),
    "size-unknown": said("{what} speaks of size {size}, which the log has not."),
    # Against what was seen before
    "entry-deleted": said("{count} entries from entry {index} on, which were in the log before, were deleted: {was}."),
    "entry-inserted": said("{count} entries were put in at entry {index}, among those that were in the log before."),
    "entry-edited": said("{count} entries from entry {index} on were replaced by others: {was}."),
    "entries-reordered": said("Entries stand in another order than before, from entry {index} on: {was}."),
    "history-rewritten": said("The log is another one than before, from entry {index} on: {was}."),
    "log-shrunk": said("The log has {size} entries; it had {before} before."),
    "forked": said("A checkpoint that the log signed over {size} entries ({source}) is not of this log: it was shown two ways."),
    "of-another-log": said("A checkpoint ({source}) is of another log, {origin}."),
    "quorum-missing": said("The checkpoint over {size} entries is not cosigned by the quorum of your policy ({quorum}); cosigned by: {cosigned}. Either witnesses did not answer the log, or you are shown another log than they are: ask them for the checkpoint that they hold."),
    "cosignature-false": said("The checkpoint bears a line in the name of the witness {witness} that its key did not sign."),
    "receipt-not-held": said("The entry that a receipt proves ({source}) does not stand here: {why}"),
    # Who signed, when and how often
    "opened-twice": said("{subject} is opened a second time."),
    "not-opened": said("A signature under {subject}, which was never opened."),
    "counted-twice": said("The same person is counted twice under {subject}."),
    "outside-window": said("A signature of {hour}, outside the window of {subject}."),
    "withdrawal-of-none": said("A withdrawal under {subject}, where no {tier} signature stands."),
    "withdrawal-twice": said("The same withdrawal twice under {subject}."),
    "opened-too-early": said("Withdrawals are opened while {subject} can still be signed."),
    "opening-of-none": said("It opens a withdrawal that was never made under {subject}."),
    "opening-of-another": said("It opens a withdrawal of a {tier} signature where there was {found}."),
    "opening-twice": said("One person withdrew twice under {subject}."),
    "sheet-differs": said("A sheet of {rows} rows accounts for {signatures} signatures; the log holds {held}."),
    "one-official-twice": said("One official did alone what takes two."),
    "confirmation-gap": said("It confirms from entry {first}; the confirmation before it ended before {expected}."),
    "confirmation-range": said("It confirms entries {first} to {last}, which is no range before it."),
    "exception-order": said("It takes back entry {entry} twice or out of order."),
    "exception-of-none": said("It takes back entry {entry}, which is no signature it confirms."),
    "succeeds-another": said("It continues {named}, which is not the log that stands before it."),
    "succession-differs": said("It says that {named} ended with {size} entries of another root than these have."),
    "after-closing": said("It stands after the entry that ended the log."),
    "restored-range": said("It says that the evidence of entries {first} to {last} was lost, which is no range before it."),
    "confirmation-lists": said("It confirms signatures that are younger than every revocation list it names."),
    # The life of a petition
    "step-forbidden": said("{subject}, {step}: {why}"),
    "count-named": said("{subject}, {step}: it names {named} signatures; the log holds {held}."),
    "rules-of-another-day": said("{subject} was handed in under the rules {rules}; in force on that day were {right}."),
    "rules-not-kept": said("{subject} was opened with {what} {named}; the rules it began under say {right}."),
    "reason-not-in-force": said("{subject}, {step}: the reason {reason} is none that the rules allow for this on {day}."),
    "merged-into-none": said("{subject} was merged into {into}, which could not be signed then."),
    "text-missing": said("The text {text} of {subject} is missing, and nothing says why."),
    "text-changed": said("The text {text} of {subject} has been changed: it has another hash than the log says."),
    "tombstone-missing": said("{subject} was removed; its text {text} is neither shown nor marked as withheld."),
    "withheld-without-act": said("The text {text} of {subject} is withheld ({reason}), and no entry of the log says so."),
    "title-differs": said("The title of {subject} in the log is not that of the text its author signed."),
    "evidence": said("{why}"),
    # What becomes of evidence, keys and texts
    "evidence-gone": said("The evidence of this act is gone, and no entry of the log erased it."),
    "text-erased-twice": said("The text {text} is erased a second time."),
    "text-still-shown": said("The text {text} was erased and is still shown."),
    "keys-destroyed-twice": said("The keys of {subject} are destroyed a second time."),
    "keys-destroyed-early": said("The keys of {subject} are destroyed while it can still be signed."),
    "signed-without-keys": said("A signature under {subject}, whose keys were destroyed before."),
    "auditors-useless": said("It names auditors who could never open anything, or one of them twice."),
}  # fmt: skip

OVERDUE: Final = {
    "moderation-overdue": said("{subject} waits for moderation since {since}; the last day was {due}, {days} working days ago."),
    "decision-overdue": said("{subject} waits for the decision of {body}; the last day was {due}, {days} working days ago."),
    "promise-overdue": said("{body} promised something to {subject} until {due}, {days} working days ago, and has not reported that it was done."),
    "review-overdue": said("An appeal about {subject} waits for its decision; the last day was {due}, {days} working days ago."),
    "closing-overdue": said("The time of {subject} was over on {due}, {days} working days ago; the operator has not said how it ended."),
    "listing-overdue": said("{subject} found {held} first supporters in time, of {needed} that are needed; the operator has not listed it."),
    "registration-overdue": said("{subject} reached its threshold of {needed} with {held} final signatures at entry {index}; the operator has not registered it."),
    "opening-overdue": said("{count} withdrawals under {subject} are still hidden; signing ended on {due}, {days} working days ago."),
    "confirmation-overdue": said("Signatures from entry {index} on, of {since}, wait for their confirmation for {days} working days."),
}  # fmt: skip

NOTES: Final = {
    "was-late": said("{subject}, {step}: {days} working days after its last day, {due}."),
    "threshold-not-recomputed": said("{subject}: its threshold is a share of residents; no number of residents is known here for {body}, so {named} was not recomputed."),
    "hearing-outside-term": said("The hearing about {subject} was called for {at}, after the last day for the decision, {due}."),
    "hearing-on-free-day": said("The hearing about {subject} was called for {at}, which is no working day."),
    "minutes-awaited": said("The hearing about {subject} was called for {due}, {days} working days ago; {body} has published no minutes."),
    "known-ahead": said("A checkpoint over {size} entries ({source}) is newer than what is published; look again in a minute."),
    "cosignature-old": said("The newest cosignature of a witness of your policy is of {moment}, more than a day before this audit: you may be shown an old state of the log."),
    "older-than-read": said("{what} speaks of size {size}, older than what an earlier audit had read, and was not compared."),
    "sheet-awaited": said("{count} paper signatures under {subject} at the end of the log have no sheet yet."),
    "succeeds": said("The log continues {named}, whose last checkpoint was over {size} entries; they stand here unchanged."),
    "entries-lost": said("The log continues {named} after the loss of a database: {count} of its {size} entries, from entry {index} on, do not stand here. Whoever holds a receipt of one of them should show it."),
    "evidence-lost": said("The operator lost a database: nobody can show the evidence of the acts among entries {first} to {last} any more. They count as the log says."),
    "evidence-erased": said("The evidence of {count} acts was erased: nobody can show any more who signed them. They count as before."),
    "evidence-exported": said("The evidence of {count} acts was handed out by an order (SHA-256 {order})."),
    "keys-destroyed": said("The term of {subject} is over and its keys are destroyed: its pseudonyms are random bytes now."),
    "auditors-named": said("From here on, any {threshold} of {count} named auditors can open evidence together and check it."),
    "more-findings": said("There are {count} more findings of the code {code}; they are not listed one by one."),
}  # fmt: skip

OTHERS: Final = said("other entries: {count}")
SENTENCES: Final = BROKEN | OVERDUE | NOTES
ABOUT_LOG: Final = frozenset((
    "tree", "log-shrunk", "forked", "quorum-missing", "entry-deleted", "entry-inserted", "entry-edited", "entries-reordered",
    "history-rewritten",
))  # fmt: skip
KINDS: Final = (
    dict.fromkeys(BROKEN, Kind.BROKEN) | dict.fromkeys(OVERDUE, Kind.OVERDUE) | dict.fromkeys(NOTES, Kind.NOTE)
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the entry's index (None for a published number, or what is missing), a code of SENTENCES, its facts.

    A fact is text, a number, `told(error)`, `word(…)` for a name that the catalogue translates, or {"in": {language: text}}.
    """

    index: int | None
    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """How bad it is."""
        return KINDS.get(self.code, Kind.BROKEN)

    @property
    def subject(self) -> str:
        """The petition it is about, or empty."""
        return str(self.facts.get("subject", ""))

    @property
    def sentence(self) -> str:
        """In English."""
        return self.explain("en")

    def explain(self, language: str) -> str:
        """Its sentence in one of LANGUAGES."""
        facts = {"index": self.index} | {name: _say(fact, language) for name, fact in self.facts.items()}
        return catalogue(language, DOMAIN).gettext(SENTENCES[self.code]).format(**facts)


class Found(list[Finding]):
    """Findings in the order they were made, at most MOST_FINDINGS of a code; `more` counts the rest."""

    def __init__(self, kept: Iterable[Finding] = (), more: Mapping[str, int] | None = None) -> None:
        super().__init__(kept)
        self.more = Counter(more or {})
        self._codes = Counter(finding.code for finding in self)

    def first(self, index: int | None, code: str, **facts: Any) -> None:
        """One that is told before all others."""
        self.insert(0, Finding(index, code, facts))

    def take(self, code: str) -> Finding | None:
        """Takes the first of a code out again, if there is one: what came later explains it."""
        found = next((finding for finding in self if finding.code == code), None)
        if found is not None:
            self.remove(found)
            self._codes[code] -= 1
        return found

    def add(self, index: int | None, code: str, **facts: Any) -> None:
        """One more."""
        if self._codes[code] < MOST_FINDINGS:
            self._codes[code] += 1
            self.append(Finding(index, code, facts))
        else:
            self.more[code] += 1


def told(error: Exception) -> Any:
    """An error as a fact: told in the reader's language, if it is one of ours."""
    return {"error": error.code, "facts": error.facts} if isinstance(error, DauysError) else str(error)


def word(name: str) -> dict[str, str]:
    """A name of a step, a tier or a body that the catalogue translates, as a fact."""
    return {"word": name}


def _say(fact: Any, language: str) -> Any:
    """A fact in the reader's language."""
    if not isinstance(fact, dict):
        return fact
    if "list" in fact:
        return "; ".join(str(_say(each, language)) for each in fact["list"])
    if "count" in fact:
        return catalogue(language, DOMAIN).gettext(OTHERS).format(**fact)
    if "in" in fact:
        return fact["in"][language]
    if "error" in fact:
        return error_classes()[fact["error"]](**fact["facts"]).explain(language)
    name = fact["word"]
    words = catalogue(language, DOMAIN).gettext(name)
    return f"{words} ({fact['of']})" if "of" in fact else words
