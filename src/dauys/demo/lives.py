"""What happens to petitions of the demo country: each step by its author or an official, through the services.

A verb of the story is a function here: `verb(story, petition, facts, now)`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dauys.demo.country import addressee_of, names_of, versions
from dauys.demo.officials import head_of, seated
from dauys.demo.people import author_number, citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.desk.staff import Official, Role
from dauys.errors import LANGUAGES
from dauys.ledger.act_statement import ActStatement
from dauys.ledger.envelope import Envelope
from dauys.ledger.office_acts import Evidence
from dauys.petitions.services import appeals, authoring, consideration, moderation
from dauys.rules.pack import load_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dauys.demo.country import DemoPetition
    from dauys.demo.people import Citizen
    from dauys.ledger.keys import Keys
    from dauys.ledger.places import Places

SIGNED_WITHIN = timedelta(minutes=15)
AFTERNOON = 10  # the hour of hearings, UTC: 15:00 in the whole country
Facts = dict[str, Any]


def say(words: dict[str, str]) -> str:
    """One text that everyone can read: what an office publishes it says in each language, the state language first."""
    return "\n\n".join(words[language].strip() for language in LANGUAGES)


def parted(petition: DemoPetition, words: dict[str, str]) -> tuple[str, dict[str, str]]:
    """What an office says in the petition's language, and its translations."""
    return words[petition.language], {
        language: each for language, each in words.items() if language != petition.language
    }


@dataclass
class Country:
    """The installation that lives; `numbers` are the petitions handed in so far, by slug."""

    places: Places
    keys: Keys
    numbers: dict[str, int] = field(default_factory=dict)

    @cached_property
    def pki(self) -> DemoPki:
        """The demo's certification authorities."""
        return DemoPki.load(self.places.demo_pki)

    def take(self, petition: DemoPetition, verb: str, facts: Facts, now: datetime) -> None:
        """One step of a petition's life, as of a moment; KeyError for a verb that is not in VERBS."""
        VERBS[verb](self, petition, facts, now)

    def signed(self, petition: DemoPetition, kind: str, by: Citizen, sha256: str, now: datetime) -> Evidence:
        """A demo citizen's signed statement, as the door hands it to an office."""
        number, language = self.numbers.get(petition.slug), petition.language
        statement = ActStatement(
            kind, "-" if number is None else f"petition/{number}", petition.title[language], petition.addressee[language],
            sha256, self.keys.log.verifier.name, language, load_pack("kz", now.date()).writing.age, "mobile",
            secrets.token_bytes(16), now + SIGNED_WITHIN,
        )  # fmt: skip
        content = statement.to_bytes()
        signature = sign_cms(self.pki, by, content, now=now)
        envelope = Envelope(content, signature, int(now.timestamp() * 1000)).to_bytes()
        return Evidence(self.keys.person(f"iin|{by.iin}"), envelope, statement.nonce, statement.tier)

    def authored(self, petition: DemoPetition, kind: str, sha256: str, now: datetime) -> Evidence:
        """The author's own act."""
        return self.signed(petition, kind, citizen(author_number(petition.slug)), sha256, now)

    def seat(self, role: Role, body: str = "", place: int = 1) -> Official:
        """The official in that place."""
        return seated(self.keys, role, body, place)


def submission_of(petition: DemoPetition) -> authoring.Submission:
    """The petition as it is handed in."""
    return authoring.Submission(
        language=petition.language, texts={code: (petition.title[code], petition.text[code]) for code in petition.title},
        body=petition.body, addressee=petition.addressee, level=petition.level, topic=petition.topic,
        author_shown=petition.author, population=petition.population,
    )  # fmt: skip


def _submit(country: Country, petition: DemoPetition, _: Facts, now: datetime) -> None:
    submission = submission_of(petition)
    evidence = country.authored(petition, "petition.submission", submission.text_sha256, now)
    rules = load_pack("kz", now.date())
    country.numbers[petition.slug] = authoring.submit(country.keys, rules, submission, evidence, now).pk


def _repair(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    titles, texts = versions(facts)
    submission = submission_of(replace(petition, title=titles, text=texts))
    evidence = country.authored(petition, "petition.submission", submission.text_sha256, now)
    authoring.resubmit(country.keys, country.numbers[petition.slug], submission, evidence, now)


def _withdraw(country: Country, petition: DemoPetition, _: Facts, now: datetime) -> None:
    evidence = country.authored(petition, "petition.withdrawal", submission_of(petition).text_sha256, now)
    authoring.withdraw(country.keys, country.numbers[petition.slug], evidence, now)


def _appeal(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    words = say(facts["words"])
    evidence = country.authored(petition, "petition.appeal", _sha256(words), now)
    authoring.appeal(country.keys, country.numbers[petition.slug], facts["against"], words, evidence, now)


def _accept(country: Country, petition: DemoPetition, _: Facts, now: datetime) -> None:
    moderation.accept(country.keys, country.numbers[petition.slug], country.seat(Role.MODERATOR), now)


def _against(kind: str) -> Callable[[Country, DemoPetition, Facts, datetime], None]:
    """A refusal, a stop or a removal: one moderator proposes, another confirms."""

    def verb(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
        keys, number = country.keys, country.numbers[petition.slug]
        words, others = parted(petition, facts["words"])
        first, second = country.seat(Role.MODERATOR), country.seat(Role.MODERATOR, place=2)
        moderation.propose(keys, number, kind, facts["reasons"], words, first, now, facts.get("span", ""), others)
        moderation.confirm(keys, number, second, now)

    return verb


def _merge(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    number, into = country.numbers[petition.slug], country.numbers[facts["into"]]
    words, others = parted(petition, facts["words"])
    moderation.merge(country.keys, number, into, words, country.seat(Role.MODERATOR), now, others)


def _transfer(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    to, (words, others) = addressee_of(facts["body"]), parted(petition, facts["words"])
    moderation.transfer(
        country.keys, country.numbers[petition.slug], to.body.code, names_of(to), words,
        country.seat(Role.MODERATOR), Role.MODERATOR, now, others,
    )  # fmt: skip


def _review(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    reviewer, (words, others) = country.seat(Role.REVIEWER), parted(petition, facts["words"])
    appeals.decide_appeal(
        country.keys, country.numbers[petition.slug], facts["granted"], words, reviewer, now, others=others
    )


def _group(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    clerk = country.seat(Role.CLERK, petition.body)
    consideration.form_group(country.keys, country.numbers[petition.slug], say(facts["words"]), clerk, now)


def _call(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    clerk, place = country.seat(Role.CLERK, petition.body), say(facts["place"])
    words, others = parted(petition, facts["words"])
    number = country.numbers[petition.slug]
    at = (now + timedelta(days=facts["after"])).replace(hour=AFTERNOON, minute=0)
    consideration.call_hearing(country.keys, number, words, at, place, clerk, now, others)


def _hear(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    clerk, number = country.seat(Role.CLERK, petition.body), country.numbers[petition.slug]
    words, others = parted(petition, facts["words"])
    consideration.hold_hearing(country.keys, number, words, facts["attended"], clerk, now, others)


def _decide(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    (words, others), head = parted(petition, facts["words"]), country.seat(Role.HEAD, petition.body)
    evidence = country.signed(petition, "petition.decision", head_of(petition.body), _sha256(words), now)
    promises = [
        consideration.Promise(say(each["words"]), (now + timedelta(days=each["within"])).date())
        for each in facts.get("promises", ())
    ]
    number = country.numbers[petition.slug]
    consideration.decide(country.keys, number, facts["answer"], words, promises, head, evidence, now, others)


def _keep(country: Country, petition: DemoPetition, facts: Facts, now: datetime) -> None:
    clerk, number = country.seat(Role.CLERK, petition.body), country.numbers[petition.slug]
    consideration.fulfil(country.keys, number, facts["promise"], say(facts["words"]), clerk, now)


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


VERBS: dict[str, Callable[[Country, DemoPetition, Facts, datetime], None]] = {
    "submit": _submit, "repair": _repair, "withdraw": _withdraw, "appeal": _appeal, "accept": _accept,
    "refuse": _against("refuse"), "stop": _against("stop"), "remove": _against("remove"), "merge": _merge,
    "transfer": _transfer, "review": _review, "group": _group, "call": _call, "hear": _hear, "decide": _decide,
    "keep": _keep,
}  # fmt: skip
