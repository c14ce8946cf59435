"""What the phone signs with: a citizen's two keys, by each method of the protocol."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from dauys.demo.profile import Purpose
from dauys.demo.signer import enrolled, sign
from dauys.demo.xml_signer import sign_xml
from dauys.identity import xmltree

if TYPE_CHECKING:
    from dauys.demo.people import Citizen
    from dauys.demo.pki import DemoPki, Signatory

LOGIN = "<login><url>{url}</url><timeStamp>{moment}</timeStamp></login>"


@dataclass(frozen=True)
class Holder:
    """The citizen whose keys are on the phone."""

    pki: DemoPki
    citizen: Citizen

    def login(self, url: str) -> str:
        """The signed log-in for an address, by the key for logging in."""
        now = datetime.now(UTC)
        document = LOGIN.format(url=escape(url, quote=False), moment=now.isoformat(timespec="milliseconds"))
        return sign_xml(enrolled(self.pki, self.citizen, now, Purpose.AUTHENTICATION), document.encode()).decode()

    def signed(self, package: dict[str, Any]) -> dict[str, Any]:
        """The package with a signature in place of each document's content, all else as it came."""
        now = datetime.now(UTC).replace(microsecond=0)
        signatory, method = enrolled(self.pki, self.citizen, now), package["signMethod"]
        documents = [
            document | _signature(document, document.get("signMethod", method), signatory, now)
            for document in package["documentsToSign"]
        ]
        return package | {"documentsToSign": documents}


def text_of(document: dict[str, Any], method: str) -> str:
    """A document as a person reads it."""
    if "documentXml" in document:
        return "".join(xmltree.read(document["documentXml"].encode()).itertext())
    return content(document, method).decode()


def content(document: dict[str, Any], method: str) -> bytes:
    """The bytes of one document to sign."""
    data: str = document["document"]["file"]["data"]
    return data.encode() if method == "SIGN_BYTES_ARRAY" else b64decode(data)


def _signature(document: dict[str, Any], method: str, signatory: Signatory, now: datetime) -> dict[str, Any]:
    """What changes of a document when it is signed."""
    if method == "XML":
        return {"documentXml": sign_xml(signatory, document["documentXml"].encode()).decode()}
    if method == "SIGN_BYTES_ARRAY":
        parts = {"signature": signatory.key.sign(content(document, method)), "certificate": signatory.certificate}
        data = json.dumps({name: b64encode(part).decode() for name, part in parts.items()})
    else:
        data = b64encode(
            sign(signatory, content(document, method), now=now, detached=method == "CMS_SIGN_ONLY")
        ).decode()
    return {"document": {"file": document["document"]["file"] | {"data": data}}}
