"""Module kz.gov.pki.knca.commonUtils, which older pages and older NCALayers speak: positional arguments, codes in words."""

from __future__ import annotations

import textwrap
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dauys.demo.ncalayer.key_info import key_info
from dauys.demo.ncalayer.messages import Request, Unreadable, content, text_of, xml
from dauys.demo.ncalayer.tasks import Task, Wanted, attached_cms, detached_cms, enveloped_xml
from dauys.demo.profile import CLIENT_AUTH, EMAIL_PROTECTION

if TYPE_CHECKING:
    from dauys.demo.pki import Signatory

USAGES = {"SIGNATURE": frozenset({EMAIL_PROTECTION}), "AUTHENTICATION": frozenset({CLIENT_AUTH})}
LINE = 64  # characters of base64 in a line of PEM (RFC 7468 section 2)


def read(request: Request) -> str | Task:
    """The answer to a call, or its task."""
    handler = METHODS.get(request.method)
    if handler is None:
        return failed(f"java.lang.NoSuchMethodException: {request.method}")
    try:
        return handler(*_positional(request.args))
    except TypeError:
        return failed(f"java.lang.IllegalArgumentException: argument type mismatch. Method: {request.method}")
    except Unreadable as why:
        return failed(str(why))


def get_active_tokens() -> str:
    """No token is plugged in: a demo citizen keeps the key in a file."""
    return succeeded([])


def change_locale(language: str) -> str:
    """Anything is taken; this window has its own links for its languages."""
    _require_words(language)
    return succeeded()


def get_key_info(storage: str) -> Task:
    """The facts of the key that the person chooses."""
    _require_words(storage)
    return Task(Wanted(), (), detached_cms, _key_info, CANCELLED)


def create_cades(storage: str, key_type: str, data: str, attach: bool = False) -> Task:
    """A CMS of one document; another word than SIGNATURE or AUTHENTICATION lets the person take any key."""
    _require_words(storage, key_type, data)
    sign = attached_cms if attach else detached_cms
    return Task(_wanted(key_type), (content(data),), sign, _signed_cms, CANCELLED)


def sign_xml(storage: str, key_type: str, document: str, element: str = "", parent: str = "") -> Task:
    """One XML document, signed as a whole: paths to a part of it are not for the demo."""
    _require_words(storage, key_type, document)
    _require_whole(element, parent)
    return Task(_wanted(key_type), (xml(document),), enveloped_xml, _signed_xml, CANCELLED)


def sign_xmls(storage: str, key_type: str, documents: list[str], element: str = "", parent: str = "") -> Task:
    """Many XML documents, each signed as a whole."""
    if not isinstance(documents, list):
        raise TypeError
    _require_words(storage, key_type, *documents)
    _require_whole(element, parent)
    return Task(_wanted(key_type), tuple(map(xml, documents)), enveloped_xml, _signed_xmls, CANCELLED)


METHODS: dict[str, Callable[..., str | Task]] = {
    "getActiveTokens": get_active_tokens,
    "changeLocale": change_locale,
    "getKeyInfo": get_key_info,
    "createCAdESFromBase64": create_cades,
    "signXml": sign_xml,
    "signXmls": sign_xmls,
}


def succeeded(value: Any = None) -> str:
    """The module's good answer."""
    return text_of({"code": "200"} | ({} if value is None else {"responseObject": value}))


def failed(message: str) -> str:
    """The module's other answer."""
    return text_of({"code": "500", "message": message})


CANCELLED = failed("action.canceled")


def _positional(args: Any) -> list[Any]:
    if not isinstance(args, list | None):
        raise TypeError
    return args or []


def _require_words(*arguments: object) -> None:
    if not all(isinstance(argument, str) for argument in arguments):
        raise TypeError


def _require_whole(*paths: str) -> None:
    if any(paths):
        raise Unreadable("the demo signs whole documents")


def _wanted(key_type: str) -> Wanted:
    return Wanted(USAGES.get(key_type, frozenset()))


def _signed_cms(_signatory: Signatory, signatures: list[bytes]) -> str:
    lines = textwrap.wrap(b64encode(signatures[0]).decode(), LINE)
    return succeeded("\n".join(["-----BEGIN CMS-----", *lines, "-----END CMS-----", ""]))


def _signed_xml(_signatory: Signatory, documents: list[bytes]) -> str:
    return succeeded(documents[0].decode())


def _signed_xmls(_signatory: Signatory, documents: list[bytes]) -> str:
    return succeeded([document.decode() for document in documents])


def _key_info(signatory: Signatory, _signatures: list[bytes]) -> str:
    return succeeded(key_info(signatory.certificate))
