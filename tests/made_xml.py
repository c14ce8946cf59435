"""Signed XML documents of any shape: the value is always made for the shape, so that nothing else can be wrong."""

from base64 import b64encode

from lxml import etree

from dauys.demo import xml_signer
from dauys.identity import xmltree
from dauys.identity.xmldsig import CANONICALIZATIONS, NAMESPACE

DS = f"{{{NAMESPACE}}}"


def shaped(signatory, document, change=lambda text: text):
    """The document with a signature whose text was changed before its SignedInfo was signed."""
    root = etree.fromstring(document)
    digest = signatory.key.digest(xmltree.canonical(root, exclusive=False))
    root.append(etree.fromstring(change(xml_signer._signature(signatory, digest))))
    return revalued(signatory, root)


def revalued(signatory, root):
    """The document with the value of its SignedInfo as it now stands."""
    info, value = root.find(f".//{DS}SignedInfo"), root.find(f".//{DS}SignatureValue")
    if info is not None and value is not None:
        form = info.find(f"{DS}CanonicalizationMethod").get("Algorithm")
        signed = xmltree.canonical(info, exclusive=CANONICALIZATIONS.get(form, False))
        value.text = b64encode(signatory.key.sign(signed)).decode()
    return etree.tostring(root, encoding="UTF-8")


def wrapped(signed):
    """The eight classic ways of signature wrapping, by number: another document around or beside the signed one."""

    def parts():
        original = etree.fromstring(signed)
        signature = original.find(f"{DS}Signature")
        return original, signature, etree.fromstring("<statement>another</statement>")

    def one(original, signature, evil):  # the original inside the signature
        original.remove(signature)
        evil.append(signature)
        signature.append(original)
        return evil

    def two(original, signature, evil):  # the original beside the signature
        original.remove(signature)
        evil.extend((original, signature))
        return evil

    def three(original, _signature, evil):  # the other before the original, which keeps its signature
        return around(evil, original)

    def four(original, _signature, evil):  # the original inside the other
        evil.append(original)
        return evil

    def five(original, signature, evil):  # the signature moved to the other, the original after it
        original.remove(signature)
        evil.append(signature)
        return around(evil, original)

    def six(original, signature, evil):  # the original in the signature, which stands in the other
        return around(one(original, signature, evil))

    def seven(original, _signature, evil):  # the other in an element of extensions of the original's own
        extensions = etree.SubElement(original, "extensions")
        extensions.append(evil)
        return original

    def eight(original, signature, evil):  # the original in an Object of the signature
        original.remove(signature)
        evil.append(signature)
        etree.SubElement(signature, f"{DS}Object").append(original)
        return evil

    shapes = (one, two, three, four, five, six, seven, eight)
    return {shape.__name__: etree.tostring(shape(*parts()), encoding="UTF-8") for shape in shapes}


def around(*elements):
    root = etree.Element("statements")
    root.extend(elements)
    return root
