"""Enveloped XML signatures as NCALayer and eGov Mobile make them: over the whole document, the certificate inside."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from lxml import etree

from dauys.demo.keys import GostKey
from dauys.identity import xmltree
from dauys.identity.xmldsig import ENVELOPED, NAMESPACE

if TYPE_CHECKING:
    from dauys.demo.keys import SigningKey
    from dauys.demo.pki import Signatory

INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_NATIONAL = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:"
# (signature, digest) as the authority's own library names them
GOST_URIS = (_NATIONAL + "gostr34102015-gostr34112015-512", _NATIONAL + "gostr34112015-512")
RSA_URIS = ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256")

SIGNATURE = """<ds:Signature xmlns:ds="{namespace}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{form}"/>\
<ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{enveloped}"/>\
<ds:Transform Algorithm="{form}#WithComments"/></ds:Transforms><ds:DigestMethod Algorithm="{digest_method}"/>\
<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data>\
<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"""


def sign_xml(signatory: Signatory, document: bytes) -> bytes:
    """The document with its signature as the last child of the root; no line break is added or taken."""
    root = xmltree.read(document)
    digest = signatory.key.digest(xmltree.canonical(root, exclusive=False))
    signature = etree.fromstring(_signature(signatory, digest))
    root.append(signature)
    value = signatory.key.sign(xmltree.canonical(signature[0], exclusive=False))
    signature[1].text = b64encode(value).decode()
    signed: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return signed


def _signature(signatory: Signatory, digest: bytes) -> str:
    method, digest_method = _uris(signatory.key)
    return SIGNATURE.format(
        namespace=NAMESPACE,
        enveloped=ENVELOPED,
        form=INCLUSIVE,
        method=method,
        digest_method=digest_method,
        digest=b64encode(digest).decode(),
        certificate=b64encode(signatory.certificate).decode(),
    )


def _uris(key: SigningKey) -> tuple[str, str]:
    return GOST_URIS if isinstance(key, GostKey) else RSA_URIS
