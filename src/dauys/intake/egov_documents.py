"""API 2 of eGov Mobile's protocol: documents as the app takes them by each method, and the signatures as they come back.

The body of the PUT is the client's to write: everything but the signatures must be what was sent.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from typing import Literal, NamedTuple

import msgspec

from dauys.errors import DocumentsDiffer, SigningCancelled
from dauys.ledger.envelope import Form, Signed
from dauys.ledger.evidence import statement_xml

CANCELED = "CANCELED"
SHOWN = "text/plain"  # of the types that may be signed, the app shows text/plain and application/pdf to the person
BASE64_OF_PEM = "LS0t"  # how base64 of "-----BEGIN" begins

Single = Literal["CMS_SIGN_ONLY", "CMS_WITH_DATA", "XML", "SIGN_BYTES_ARRAY"]
Method = Literal["CMS_SIGN_ONLY", "CMS_WITH_DATA", "XML", "SIGN_BYTES_ARRAY", "MIX_SIGN"]
MIXED: dict[Single, str] = {"CMS_SIGN_ONLY": "CMS", "XML": "XML"}  # the statement in both forms; the first is kept


class File(msgspec.Struct, frozen=True):
    """`data` is base64 of the bytes to sign, or the text itself for SIGN_BYTES_ARRAY; on the way back, the signature."""

    mime: str
    data: str


class Content(msgspec.Struct, frozen=True):
    """The envelope that the protocol puts around a file."""

    file: File


class Meta(msgspec.Struct, frozen=True):
    """A named fact that the app shows beside a document."""

    name: str
    value: str


class ToSign(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One document: `document_xml` where it is signed as XML, `document` otherwise; its own method only if mixed."""

    id: int
    name_ru: str
    name_kz: str
    name_en: str
    meta: list[Meta]
    sign_method: str | None = None
    document: Content | None = None
    document_xml: str | None = None


class Package(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The answer of API 2 and the body of the PUT. Defaults are for a cancelled body, which brings only `status`."""

    sign_method: str = ""
    version: int = 0
    documents_to_sign: list[ToSign] = []
    status: str = ""


class Names(NamedTuple):
    """What a document is called."""

    ru: str
    kz: str
    en: str


class RawAnswer(msgspec.Struct, frozen=True):
    """What SIGN_BYTES_ARRAY brings in place of the text: base64 of the signature, and the certificate in PEM."""

    signature: str
    certificate: str


def package(method: Method, names: Names, meta: list[Meta], statement: bytes) -> Package:
    """One statement to be signed by the method; by MIX_SIGN, once in each form of MIXED."""
    if method == "MIX_SIGN":
        documents = []
        for number, (each, form) in enumerate(MIXED.items(), 1):
            one = _to_sign(number, each, Names(*(f"{name} ({form})" for name in names)), meta, statement)
            documents.append(msgspec.structs.replace(one, sign_method=each))
    else:
        documents = [_to_sign(1, method, names, meta, statement)]
    return Package(method, 1, documents)


def _to_sign(number: int, method: Single, names: Names, meta: list[Meta], statement: bytes) -> ToSign:
    if method == "XML":
        return ToSign(number, *names, meta, document_xml=statement_xml(statement).decode())
    data = statement.decode() if method == "SIGN_BYTES_ARRAY" else b64encode(statement).decode()
    return ToSign(number, *names, meta, document=Content(File(SHOWN, data)))


def signatures_in(answer: Package, sent: Package) -> list[Signed]:
    """The signatures as they came back; DocumentsDiffer unless all else is what was sent, SigningCancelled."""
    if answer.status == CANCELED:
        raise SigningCancelled
    if len(answer.documents_to_sign) != len(sent.documents_to_sign):
        raise DocumentsDiffer(what=f"{len(answer.documents_to_sign)} documents")
    if (answer.sign_method, answer.version) != (sent.sign_method, sent.version):
        raise DocumentsDiffer(what="signMethod, version")
    pairs = zip(answer.documents_to_sign, sent.documents_to_sign, strict=True)
    return [_signature_in(signed, original, sent.sign_method) for signed, original in pairs]


def _signature_in(signed: ToSign, original: ToSign, method: str) -> Signed:
    for field in ToSign.__struct_fields__[:-2]:
        if getattr(signed, field) != getattr(original, field):
            raise DocumentsDiffer(what=field)
    if original.document is None:
        if signed.document is not None or signed.document_xml is None:
            raise DocumentsDiffer(what="documentXml")
        return Signed(Form.XML, signed.document_xml.encode())
    if signed.document is None or signed.document_xml is not None:
        raise DocumentsDiffer(what="document")
    if signed.document.file.mime != original.document.file.mime:
        raise DocumentsDiffer(what="mime")
    data = signed.document.file.data
    return _raw(data) if method == "SIGN_BYTES_ARRAY" else Signed(Form.CMS, data.encode())


def _raw(data: str) -> Signed:
    """The JSON in the string that SIGN_BYTES_ARRAY brings; the certificate in PEM, or in base64 of it or of its DER."""
    try:
        answer = msgspec.json.decode(data, type=RawAnswer)
        signature, certificate = b64decode("".join(answer.signature.split()), validate=True), answer.certificate
        if certificate.startswith(BASE64_OF_PEM):
            certificate = b64decode("".join(certificate.split()), validate=True).decode()
    except (msgspec.DecodeError, binascii.Error, ValueError):
        raise DocumentsDiffer(what="signature, certificate") from None
    return Signed(Form.RAW, signature, certificate.encode())
