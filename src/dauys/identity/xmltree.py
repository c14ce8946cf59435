"""XML that strangers sent, read without any of its powers, and its canonical bytes.

Two readers agree on every document: expat first, which builds nothing and turns away what has no place in a signed
document, then libxml2 (lxml), which is used for its tree and for canonicalisation alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.parsers import expat

from lxml import etree

from dauys.errors import XmlMalformed, XmlNotCovered, XmlTooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

Element: TypeAlias = Any  # lxml ships no types

XML: Final = "{http://www.w3.org/XML/1998/namespace}"
LIMIT: Final = 64 * 1024  # bytes: a signature with its certificate has 4 KB, a statement under 4
MOST_DEPTH: Final = 32  # a signature has six levels
MOST_ATTRIBUTES: Final = 64  # of one element, namespaces among them
# Declared at once around any element, itself included. libxml2 compares each with each at every element: eight hundred of
# them in 57 KB took 23 seconds.
MOST_NAMESPACES: Final = 24


def read(data: bytes, limit: int = LIMIT) -> Element:
    """The root element of a document in UTF-8; XmlTooLarge, XmlMalformed.

    XmlNotCovered where it has comments or processing instructions: the first are never signed where the reference is
    the whole document (XML Signature 1.1, section 4.4.3.3), and neither has a place in one that people sign.
    """
    if len(data) > limit:
        raise XmlTooLarge(limit=limit)
    _Gate().pass_through(data)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, collect_ids=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise XmlMalformed from None


def canonical(element: Element, *, exclusive: bool) -> bytes:
    """Canonical XML 1.0 of an element and all in it, or its exclusive form; XmlMalformed where it has none.

    The inclusive form takes namespaces, xml:lang and the like from the elements around (sections 2.3 and 2.4).
    """
    inherited = {} if exclusive else _inherited(element)
    element.attrib.update(inherited)
    try:
        written: bytes = etree.tostring(element, method="c14n", exclusive=exclusive, with_comments=False)
    except (etree.C14NError, ValueError):  # such as a relative namespace
        raise XmlMalformed from None
    finally:
        for name in inherited:
            del element.attrib[name]
    return written


def _inherited(element: Element) -> dict[str, str]:
    """The attributes of the xml namespace that stand on elements around this one, the nearest of each name."""
    found: dict[str, str] = {}
    for around in element.iterancestors():
        for name, value in around.attrib.items():
            if name.startswith(XML) and name not in element.attrib:
                found.setdefault(name, value)
    return found


class _Gate:
    """What may enter: elements and text, in UTF-8, of bounded depth."""

    def __init__(self) -> None:
        self.declared: list[int] = []  # namespaces, by open element
        self.parser = expat.ParserCreate("utf-8")
        self.parser.ordered_attributes = True
        self.parser.XmlDeclHandler = self.declaration
        self.parser.StartDoctypeDeclHandler = self.document_type
        self.parser.CommentHandler = self.comment
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def pass_through(self, data: bytes) -> None:
        try:
            self.parser.Parse(data, True)
        except (expat.ExpatError, ValueError):
            raise XmlMalformed from None

    def declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8":
            raise XmlMalformed

    def document_type(self, *_what: object) -> None:
        raise XmlMalformed

    def comment(self, _text: str) -> None:
        raise XmlNotCovered(what="a comment")

    def instruction(self, _target: str, _text: str) -> None:
        raise XmlNotCovered(what="a processing instruction")

    def start(self, _name: str, attributes: Sequence[str]) -> None:
        names = attributes[::2]
        self.declared.append(sum(name.startswith("xmlns") for name in names))
        if len(self.declared) > MOST_DEPTH or len(names) > MOST_ATTRIBUTES or sum(self.declared) > MOST_NAMESPACES:
            raise XmlTooLarge(limit=LIMIT)

    def end(self, _name: str) -> None:
        self.declared.pop()
