"""The phone's side of eGov Mobile's protocol: a code is read, documents are fetched, signed and put back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx

from dauys.demo.phone.holder import text_of
from dauys.intake.egov import APP_LINK, BUSINESS_LINK, SCHEME
from dauys.intake.egov_documents import CANCELED

if TYPE_CHECKING:
    from dauys.demo.phone.holder import Holder

WORD = "mgovSign"
TIMEOUT_SECONDS = 20
NAMES = {"kk": "nameKz", "ru": "nameRu", "en": "nameEn"}
HERE = frozenset({"127.0.0.1", "localhost", "::1"})  # the demo phone knows only portals on this computer


class TurnedDown(Exception):  # noqa: N818 - no fault of the phone: an answer to show
    """What the portal said instead of serving; the first argument is its message."""


@dataclass
class Task:
    """What one code asks to sign: both answers of the portal, and the headers to go on with."""

    invitation: dict[str, Any]
    package: dict[str, Any]
    headers: dict[str, str] = field(repr=False)

    def shown(self, language: str) -> list[dict[str, Any]]:
        """The documents as a person reads them: `name`, `facts` and `text` of each."""
        method, name = self.package["signMethod"], NAMES[language]
        return [
            {"name": each[name], "facts": each["meta"], "text": text_of(each, each.get("signMethod", method))}
            for each in self.package["documentsToSign"]
        ]

    @property
    def until(self) -> datetime:
        """When the time to sign ends."""
        return datetime.strptime(self.invitation["expiry_date"], "%Y-%m-%dT%H:%M:%S.%f%z")


def address_in(code: str) -> str:
    """The address of API 1 in a QR code's text or an app link; empty if there is none on this computer."""
    code = code.strip()
    if code.startswith((APP_LINK, BUSINESS_LINK)):
        code = SCHEME + parse_qs(urlsplit(code).query).get("link", [""])[0]
    url = code.removeprefix(SCHEME)
    try:
        parts = urlsplit(url)
        here = parts.hostname in HERE and parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        return ""
    return url if here and code.startswith(SCHEME) and WORD in url and " " not in url else ""


def client(language: str) -> httpx.AsyncClient:
    """For one conversation with a portal, in the phone's language."""
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, headers={"accept-language": language})


async def fetch(http: httpx.AsyncClient, url: str, holder: Holder) -> Task:
    """Reads API 1 and API 2, logged in as the holder where the portal wants that; TurnedDown, httpx.HTTPError."""
    invitation = served(await http.get(url))
    address, headers = invitation["document"], {}
    if address["auth_type"] == "Eds":
        login = {"xml": holder.login(address["uri"])}
        return Task(invitation, served(await http.post(address["uri"], json=login)), headers)
    if address["auth_type"] == "Token":
        headers = {"authorization": f"Bearer {address['auth_token']}"}
    return Task(invitation, served(await http.get(address["uri"], headers=headers)), headers)


async def put_back(http: httpx.AsyncClient, task: Task, body: dict[str, Any]) -> None:
    """Hands the signed package in; TurnedDown, httpx.HTTPError."""
    served(await http.put(task.invitation["document"]["uri"], json=body, headers=task.headers))


async def cancel(http: httpx.AsyncClient, task: Task) -> str:
    """Tells the portal that the person declined; what it says to that."""
    try:
        await put_back(http, task, task.package | {"status": CANCELED})
    except TurnedDown as answer:
        return str(answer)
    return ""


def served(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of a good answer; TurnedDown with the message of another."""
    try:
        body: dict[str, Any] = answer.json()
    except ValueError:
        body = {}
    if answer.status_code != httpx.codes.OK:
        raise TurnedDown(body.get("message", f"HTTP {answer.status_code}"))
    return body
