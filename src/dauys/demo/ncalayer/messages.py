"""What both modules share: the request, JSON out, and base64 as pages send it."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Any

import msgspec

from dauys.errors import DauysError
from dauys.identity import xmltree

_encoder = msgspec.json.Encoder()


class Request(msgspec.Struct, frozen=True):
    """A message from a page; `args` are positional in commonUtils and named in basics."""

    module: str = ""
    method: str = ""
    args: Any = None


class Unreadable(Exception):  # noqa: N818 - an answer, in the words of the module that gives it
    """What was asked cannot be done; the first argument says why."""


def text_of(answer: dict[str, Any]) -> str:
    """The text message of an answer."""
    return _encoder.encode(answer).decode()


def content(base64: str) -> bytes:
    """The bytes of one document, whatever line breaks its base64 has; Unreadable."""
    try:
        return b64decode("".join(base64.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("the data is not base64") from None


def xml(text: str) -> bytes:
    """The bytes of an XML document that can be signed; Unreadable."""
    document = text.encode(errors="replace")
    try:
        xmltree.read(document)
    except DauysError as why:
        raise Unreadable(f"org.xml.sax.SAXParseException; {why}") from None
    return document
