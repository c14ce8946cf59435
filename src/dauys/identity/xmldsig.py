"""An enveloped XML signature (XML Signature Syntax and Processing 1.1), taken apart and not yet believed.

Of all that the standard allows one shape is read: one Signature, a child of the root, over the whole document. Nothing
is looked up by an identifier, so there is nothing to wrap.
"""

from __future__ import annotations

import binascii
from typing import Final

from lxml import etree
from msgspec import Struct

from dauys.errors import AlgorithmUnknown, ManySigners, NoCertificate, NoSigner, XmlMalformed, XmlNotCovered
from dauys.identity import algorithms, xmltree
from dauys.identity.algorithms import Digest, Signature
from dauys.identity.xmltree import Element

NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"
ENVELOPED: Final = NAMESPACE + "enveloped-signature"

# Whether a canonicalisation is the exclusive one. Documents with comments are not read at all, so both kinds are one.
CANONICALIZATIONS: Final = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": False,
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": False,
    "http://www.w3.org/2001/10/xml-exc-c14n#": True,
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments": True,
}
# The national URIs are those of the authority's own library (pkigovkz/xmldsig); RFC 6931 and XML Encryption the others.
_NATIONAL: Final = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:"
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
# The object identifiers of the same algorithms, so that one table says what is accepted.
SIGNATURES: Final = {
    _NATIONAL + "gostr34102015-gostr34112015-512": algorithms.GOST_SIGNATURE,
    _MORE + "gost34310-gost34311": "1.2.398.3.10.1.1.1.2",
    _MORE + "rsa-sha256": "1.2.840.113549.1.1.11",
}
DIGESTS: Final = {
    _NATIONAL + "gostr34112015-512": "1.2.398.3.10.1.3.3",
    _MORE + "gost34311": "1.2.398.3.10.1.3.1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "2.16.840.1.101.3.4.2.1",
}


class XmlSignature(Struct, frozen=True):
    """The parts of one Signature: what was signed, by which algorithm, the value, and the certificate in DER."""

    info: Element
    value: bytes
    certificate: bytes

    @classmethod
    def load(cls, root: Element) -> XmlSignature:
        """The document's one signature; NoSigner, ManySigners, NoCertificate, XmlNotCovered, XmlMalformed."""
        element = _only_signature(root)
        if element.find(_name("KeyInfo")) is None:
            raise NoCertificate
        info, value, key = _children(element, "SignedInfo", "SignatureValue", "KeyInfo", attributes=("Id",))
        return cls(info, _binary(value), _certificate(key))


class SignedInfo(Struct, frozen=True):
    """What the signature is over: the canonical bytes, and the digest of the canonical document."""

    signed: bytes
    algorithm: Signature
    digest: Digest
    expected: bytes
    exclusive: bool  # which canonical form of the document

    @classmethod
    def load(cls, info: Element) -> SignedInfo:
        """XmlNotCovered unless its one reference is the whole document; AlgorithmUnknown, XmlMalformed."""
        if len(info.findall(_name("Reference"))) != 1:
            raise XmlNotCovered(what="not exactly one reference")
        form, method, reference = _children(
            info, "CanonicalizationMethod", "SignatureMethod", "Reference", attributes=("Id",)
        )
        transforms, digest_method, digest = _children(
            reference, "Transforms", "DigestMethod", "DigestValue", attributes=("Id", "Type", "URI")
        )
        if reference.get("URI") != "":
            raise XmlNotCovered(what="the reference is not the whole document")
        return cls(
            algorithm=algorithms.signature(_listed(SIGNATURES, _algorithm(method))),
            digest=algorithms.digest(_listed(DIGESTS, _algorithm(digest_method))),
            expected=_binary(digest),
            exclusive=_transforms(transforms),
            signed=xmltree.canonical(info, exclusive=_canonicalization(_algorithm(form))),
        )


def strip(root: Element) -> None:
    """Takes the signature out of its document, as the enveloped-signature transform does: the text around it stays."""
    etree.strip_elements(root, _name("Signature"), with_tail=False)


def _only_signature(root: Element) -> Element:
    found = list(root.iter(_name("Signature")))
    if not found:
        raise NoSigner
    if len(found) > 1:
        raise ManySigners
    element = found[0]
    if element.getparent() is not root:
        raise XmlNotCovered(what="the signature is not a child of the root")
    if sum(1 for _ in root.iter(_name("*"))) != sum(1 for _ in element.iter(_name("*"))):
        raise XmlNotCovered(what="parts of a signature elsewhere")
    return element


def _certificate(key: Element) -> bytes:
    """KeyInfo of one X509Data of one X509Certificate: DER, if it is one."""
    if not key.findall(f"{_name('X509Data')}/{_name('X509Certificate')}"):
        raise NoCertificate
    (data,) = _children(key, "X509Data", attributes=("Id",))
    (certificate,) = _children(data, "X509Certificate")
    return _binary(certificate)


def _transforms(element: Element) -> bool:
    """Enveloped signature, then a canonicalisation; whether that is the exclusive one."""
    named = [_algorithm(transform) for transform in element.findall(_name("Transform"))]
    _children(element, *["Transform"] * len(named))
    if len(named) != 2 or named[0] != ENVELOPED:
        raise XmlNotCovered(what="other transforms than enveloped-signature and a canonicalisation")
    return _canonicalization(named[1])


def _canonicalization(uri: str) -> bool:
    if uri not in CANONICALIZATIONS:
        raise XmlNotCovered(what="another canonicalisation")
    return CANONICALIZATIONS[uri]


def _listed(allowed: dict[str, str], uri: str) -> bytes:
    """DER of the AlgorithmIdentifier that a URI stands for; AlgorithmUnknown."""
    if uri not in allowed:
        raise AlgorithmUnknown(algorithm=uri[:100])
    return algorithms.identifier(allowed[uri])


def _algorithm(element: Element) -> str:
    """The Algorithm of an element that has nothing else."""
    _children(element, attributes=("Algorithm",))
    uri: str = element.get("Algorithm", "")
    return uri


def _children(element: Element, *names: str, attributes: tuple[str, ...] = ()) -> list[Element]:
    """The children, if they are exactly these in this order, with no text between them and no other attributes."""
    found = list(element)
    texts = (element.text, *(child.tail for child in found))
    if (
        [child.tag for child in found] != [_name(name) for name in names]
        or not set(element.attrib) <= set(attributes)
        or any((text or "").strip(" \t\r\n") for text in texts)
    ):
        raise XmlMalformed
    return found


def _binary(element: Element) -> bytes:
    """The bytes of an element of base64, in lines or not."""
    try:
        if len(element):
            raise ValueError
        return binascii.a2b_base64("".join((element.text or "").split()), strict_mode=True)
    except ValueError:
        raise XmlMalformed from None


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"
