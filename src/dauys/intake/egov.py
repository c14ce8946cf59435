"""eGov Mobile's QR protocol, version 5: what the code says, who asks, and what the app is given to sign.

The app reads API 1 (who asks, until when, where the documents are), then API 2 (the documents, egov_documents.py), signs
on the phone, and PUTs the same JSON back with the signatures in place of the data. Nothing is stored: every answer is
made from the request token (docs/spec/egov-mobile.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal, NamedTuple, get_args
from urllib.parse import quote

import msgspec

from dauys.errors import Refusal
from dauys.intake.acts import ActRequest
from dauys.intake.egov_documents import Meta, Method, Names, Package, package
from dauys.intake.login import LoginRequest
from dauys.intake.requests import SigningRequest

Asked = SigningRequest | LoginRequest | ActRequest
PATH = "/intake/mgovSign/"  # the app takes only addresses with the word mgovSign in them
SCHEME = "mobileSign:"
APP_LINK = "https://m.egov.kz/mobileSign/?link="  # opens the app on the phone that shows the page
BUSINESS_LINK = "https://m.egov.kz/businessSign/?link="  # the same for eGov Business, the app of organisations
STORES = "&isi=1476128386&ibi=kz.egov.mobile&apn=kz.mobile.mgov"  # where a phone without the app gets it: iOS, Android
ZONE = timezone(timedelta(hours=5))  # the whole country since 1 March 2024
TEST_BIN = "123456789021"  # of the national test keys; no real organisation can have it: its check digit is wrong

Auth = Literal["None", "Token", "Eds"]
MARK = {"kk": "Кіру белгісі", "ru": "Метка входа", "en": "Mark of the log-in"}  # names the fact that binds to a person


class Words(NamedTuple):
    """What the app says of one kind of request, by language: the task, the document, and the name of its one fact."""

    task: dict[str, str]
    document: dict[str, str]
    fact: dict[str, str]


WORDS = {
    "petition.signature": Words(
        {"kk": "Петицияға қол қою", "ru": "Подписание петиции", "en": "Signing a petition"},
        {
            "kk": "Петицияға қол қою туралы мәлімдеме",
            "ru": "Заявление о подписании петиции",
            "en": "Statement of signing a petition",
        },
        {"kk": "Петиция", "ru": "Петиция", "en": "Petition"},
    ),
    "login": Words(
        {"kk": "Сайтқа кіру", "ru": "Вход на сайт", "en": "Logging in"},
        {"kk": "Кіру туралы мәлімдеме", "ru": "Заявление о входе", "en": "Statement of logging in"},
        {"kk": "Беттегі код", "ru": "Код на странице", "en": "Code on the page"},
    ),
}
ACT_WORDS = Words(  # of whatever else is signed about a petition
    {"kk": "Мәлімдемеге қол қою", "ru": "Подписание заявления", "en": "Signing a statement"},
    {"kk": "Петиция туралы мәлімдеме", "ru": "Заявление о петиции", "en": "Statement about a petition"},
    {"kk": "Петиция", "ru": "Петиция", "en": "Petition"},
)


class Organisation(msgspec.Struct, frozen=True, rename="camel"):
    """Who asks for the signature, as the app shows it; `bin` is the organisation's twelve-digit number."""

    name_ru: str
    name_kz: str
    name_en: str
    bin: str


class DocumentAddress(msgspec.Struct, frozen=True):
    """Where API 2 is, and what the app must show there."""

    uri: str
    auth_type: Auth
    auth_token: str


class Invitation(msgspec.Struct, frozen=True):
    """The answer of API 1; `expiry_date` is ISO 8601 with milliseconds and a zone without a colon."""

    description: str
    expiry_date: str
    organisation: Organisation
    document: DocumentAddress


@dataclass(frozen=True, slots=True)
class Egov:
    """How this installation speaks to the app; `public_url` empty: the address the caller used."""

    organisation: Organisation
    public_url: str = ""
    auth: Auth = "Token"
    method: Method = "CMS_SIGN_ONLY"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Egov:
        """From DAUYS_PUBLIC_URL, DAUYS_ORGANISATION_{RU,KK,EN,BIN} and DAUYS_EGOV_{AUTH,METHOD}; Refusal."""
        defaults = {"RU": "Дауыс", "KK": "Дауыс", "EN": "Dauys", "BIN": TEST_BIN}
        names = [environment.get(f"DAUYS_ORGANISATION_{part}", other) for part, other in defaults.items()]
        auth = _one_of(environment, "DAUYS_EGOV_AUTH", get_args(Auth), "Token")
        method = _one_of(environment, "DAUYS_EGOV_METHOD", get_args(Method), "CMS_SIGN_ONLY")
        url = environment.get("DAUYS_PUBLIC_URL", "").rstrip("/")
        if url and not url.startswith(("https://", "http://")):
            raise Refusal(why=f"DAUYS_PUBLIC_URL is {url!r} and should be like https://dauys.example")
        return cls(Organisation(*names), url, auth, method)  # type: ignore[arg-type]

    @property
    def complete(self) -> bool:
        """Whether the operator has said where and who we are; without both, no citizen should be sent to the app."""
        return bool(self.public_url) and self.organisation.bin != TEST_BIN

    def invitation(self, asked: Asked, uri: str, bearer: str, language: str) -> Invitation:
        """API 1 of a request whose documents are at `uri`, in the app's language."""
        address = DocumentAddress(uri, self.auth, bearer if self.auth == "Token" else "")
        return Invitation(words_of(asked).task[language], moment(asked.expires), self.organisation, address)

    def package(self, asked: Asked, mark: str = "") -> Package:
        """API 2 of a request: the exact statement, as text that the app shows; `mark` binds it to who logged in."""
        words, language = words_of(asked), asked.grant.language
        names = Names(words.document["ru"], words.document["kk"], words.document["en"])
        meta = [Meta(words.fact[language], asked.fact), *([Meta(MARK[language], mark)] if mark else [])]
        return package(self.method, names, meta, asked.statement.to_bytes())


def words_of(asked: Asked) -> Words:
    """What the app says of a request."""
    return WORDS.get(asked.grant.kind, ACT_WORDS)


def _one_of(environment: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = environment.get(name, default)
    if value not in allowed:
        raise Refusal(why=f"{name} is {value!r} and should be one of {', '.join(allowed)}")
    return value


def invitation_url(base: str, token: str) -> str:
    """The address of API 1 under the site's base URL."""
    return f"{base}{PATH}{token}"


def qr_text(url: str) -> str:
    """What the QR code of API 1's address says."""
    return SCHEME + url


def app_link(url: str) -> str:
    """The link that opens the app on the same phone, or the place to get it."""
    return APP_LINK + quote(url, safe="") + STORES


def business_link(url: str) -> str:
    """The same for a request that an organisation signs."""
    return BUSINESS_LINK + quote(url, safe="")


def moment(at: datetime) -> str:
    """2026-08-14T15:52:24.138+0500, the only form the app reads."""
    local = at.astimezone(ZONE)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}+0500"
