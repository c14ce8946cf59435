"""`auth_type` Eds: who is about to read the documents, by a log-in document signed with the key for logging in.

<login><url>the address of API 2</url><timeStamp>now</timeStamp> and the signature inside</login>
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from dauys.errors import LoginElsewhere, LoginStale, XmlMalformed
from dauys.identity import xmldsig, xmltree
from dauys.identity.checks import Purpose
from dauys.identity.xml_checks import verify_xml
from dauys.intake.egov import ZONE
from dauys.ledger.evidence import person_of

if TYPE_CHECKING:
    from dauys.intake.door import Door

FRESH = timedelta(minutes=5)  # between the phone's clock and ours, either way: phones are seldom wrong by more
LIMIT = 16 * 1024  # bytes: a real one has 4 KB
MILLISECONDS = 13  # digits of unix time in milliseconds, until the year 2286


class Login(msgspec.Struct):
    """Body of the POST to API 2."""

    xml: str


def logged_in(login: Login, uri: str, door: Door, now: datetime) -> str:
    """The person, `iin|…`, who signed this log-in for the address just now.

    LoginElsewhere, LoginStale; any SignatureRejected.
    """
    signed = login.xml.encode()
    verdict = verify_xml(
        signed, None, door.trust, now, purpose=Purpose.PERSON_LOGIN, revocation=door.revocation, limit=LIMIT
    )
    person = person_of(verdict.require())
    url, moment = _facts(signed)
    if url != uri:
        raise LoginElsewhere
    if abs(moment - now) > FRESH:
        raise LoginStale
    return person


def _facts(signed: bytes) -> tuple[str, datetime]:
    """`url` and `timeStamp` of a document whose signature holds; XmlMalformed where it says anything else or more."""
    root = xmltree.read(signed, LIMIT)
    xmldsig.strip(root)
    texts = {child.tag.lower(): child.text or "" for child in root if not len(child)}
    if root.tag != "login" or len(root) != 2 or texts.keys() != {"url", "timestamp"}:
        raise XmlMalformed
    return texts["url"].strip(), _moment(texts["timestamp"].strip())


def _moment(text: str) -> datetime:
    """ISO 8601, of the country's zone where none is named, or unix time in seconds or milliseconds.

    Which of them the app writes its public description leaves open.
    """
    try:
        if text.isascii() and text.isdecimal():
            return datetime.fromtimestamp(int(text) / (1000 if len(text) >= MILLISECONDS else 1), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise LoginStale from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)
