"""Authors and officials of the demo country, acting through the services as real ones do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from dauys.demo.people import author_number, citizen
from dauys.demo.signer import sign_cms
from dauys.ledger.act_statement import ActStatement
from dauys.ledger.envelope import Envelope
from dauys.ledger.office_acts import Evidence
from dauys.petitions.services import authoring
from dauys.rules.pack import load_pack

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.demo.country import DemoPetition
    from dauys.demo.pki import DemoPki
    from dauys.ledger.keys import Keys
    from dauys.petitions.models import Petition

SIGNED_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class DemoOfficial:
    """An official of the demo country: a number, a role, and the body it holds for (empty: for all)."""

    pk: int
    role: str
    body: str = ""

    def holds(self, role: str, body: str = "") -> bool:
        """Whether they hold the role, for that body where one is named."""
        return role == self.role and (not self.body or self.body == body)


MODERATORS = (DemoOfficial(1, "moderator"), DemoOfficial(2, "moderator"))


def evidence_of(pki: DemoPki, keys: Keys, number: int, statement: ActStatement, now: datetime) -> Evidence:
    """A demo citizen's signed statement, as the door hands it to an office."""
    person, content = citizen(number), statement.to_bytes()
    signature = sign_cms(pki, person, content, now=now)
    envelope = Envelope(content, signature, int(now.timestamp() * 1000)).to_bytes()
    return Evidence(keys.person(f"iin|{person.iin}"), envelope, statement.nonce, statement.tier)


def hand_in(pki: DemoPki, keys: Keys, petition: DemoPetition, now: datetime) -> Petition:
    """The author signs and hands the petition in."""
    rules = load_pack("kz", now.date())
    submission = authoring.Submission(
        language=petition.language, texts={code: (petition.title[code], petition.text[code]) for code in petition.title},
        body=petition.body, addressee=petition.addressee, level=petition.level, topic=petition.topic,
        author_shown=petition.author, population=petition.population,
    )  # fmt: skip
    statement = ActStatement(
        "petition.submission", "-", petition.title[petition.language], petition.addressee[petition.language],
        submission.text_sha256, keys.log.verifier.name, petition.language, rules.writing.age, "mobile",
        secrets.token_bytes(16), now + SIGNED_WITHIN,
    )  # fmt: skip
    return authoring.submit(
        keys, rules, submission, evidence_of(pki, keys, author_number(petition.slug), statement, now), now
    )
