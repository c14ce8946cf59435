import subprocess
from datetime import UTC, datetime, timedelta
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.profile import Purpose as DemoPurpose
from dauys.demo.xml_signer import RSA_URIS, sign_xml
from dauys.errors import SignatureRejected, XmlMalformed
from dauys.identity import xmldsig, xmltree
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Stage
from dauys.identity.xml_checks import Purpose, verify_xml
from made_xml import DS, shaped, wrapped

DOCUMENT = '<statement xml:lang="kk" xmlns:q="urn:q">\n <text q:kind="1">Мен қол қоямын &amp; \u00a0&#13;</text>\n</statement>'.encode()
NUMBERS = {kind: next(n for n in range(1000) if citizen(n).algorithm == kind) for kind in ("gost", "rsa")}


@pytest.fixture(scope="module")
def now():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def pki(authorities):
    return DemoPki.load(authorities)


@pytest.fixture(scope="module")
def trust(pki):
    return TrustStore.load(pki.trust_directory, Profile.TEST)


@pytest.fixture(scope="module")
def signatory(pki, now):
    return pki.enrol(citizen(NUMBERS["rsa"]), now=now - timedelta(days=1))


@pytest.fixture(scope="module")
def signed(signatory):
    return sign_xml(signatory, DOCUMENT)


@pytest.fixture(scope="module")
def judge(trust, now):
    return lambda data, original=None, **how: verify_xml(data, original, trust, now, **how)


def code(verdict):
    return verdict.error and verdict.error.code


@pytest.mark.parametrize("algorithm", ["gost", "rsa"])
def test_what_a_citizen_signed_holds_and_names_them(pki, judge, now, algorithm):
    person = citizen(NUMBERS[algorithm])
    document = sign_xml(pki.enrol(person, now=now - timedelta(days=1)), DOCUMENT)
    for original in (None, DOCUMENT):
        verdict = judge(document, original)
        assert verdict.require().iin.digits == person.iin
        assert [check.stage for check in verdict.checks][:5] == [
            Stage.FORM,
            Stage.SIGNER,
            Stage.ATTRIBUTES,
            Stage.CONTENT,
            Stage.SIGNATURE,
        ]


def test_the_form_is_free_where_canonical_xml_says_so(signed, judge):
    respelled = b'<?xml version="1.0"?>\n' + etree.tostring(etree.fromstring(signed)).replace(b'URI=""', b"URI  =  ''")
    assert respelled != signed
    assert judge(respelled, DOCUMENT.replace(b'xml:lang="kk"', b"xml:lang = 'kk'")).valid


@pytest.mark.parametrize(
    "other",
    [DOCUMENT.replace(b"kind", b"kin"), DOCUMENT.replace(b"\n ", b"\n"), DOCUMENT + b"<!-- -->", b"<statement/>", b"x"],
)
def test_another_document_than_was_given(signed, judge, other):
    assert code(judge(signed, other)) in {"content-differs", "xml-not-covered", "xml-malformed"}


@pytest.mark.parametrize("change", [
    lambda text: text.replace("қоямын", "қоймаймын"), lambda text: text.replace("\n <text", "\n  <text"),
    lambda text: text.replace('q:kind="1"', 'q:kind="2"'), lambda text: text.replace("</statement>", "!</statement>"),
    lambda text: text.replace('xml:lang="kk"', 'xml:lang="ru"'), lambda text: text.replace("</text>", "</text><more/>"),
])  # fmt: skip
def test_a_change_after_signing(signed, judge, change):
    changed = change(signed.decode())
    assert changed != signed.decode()
    assert code(judge(changed.encode())) == "signature-invalid"


def test_a_signed_info_that_was_changed(signed, judge):
    assert code(judge(signed.replace(b"#WithComments", b""))) == "signature-invalid"
    value = etree.fromstring(signed).find(f"{DS}Signature/{DS}SignatureValue").text.encode()
    assert code(judge(signed.replace(value, value[:-8] + b"AAAAAA=="))) == "signature-invalid"


@pytest.mark.parametrize("form", xmldsig.CANONICALIZATIONS)
def test_every_listed_canonicalisation_of_the_signed_info(signatory, judge, form):
    def change(text):
        return text.replace(
            'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
            f'CanonicalizationMethod Algorithm="{form}"',
        )

    assert judge(shaped(signatory, DOCUMENT, change), DOCUMENT).valid


INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
ENVELOPED = f'<ds:Transform Algorithm="{xmldsig.ENVELOPED}"/>'
FORM = f'<ds:Transform Algorithm="{INCLUSIVE}"/>'
XPATH = '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>self::text()</ds:XPath></ds:Transform>'
INCLUDED = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><i:InclusiveNamespaces xmlns:i="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="q"/></ds:Transform>'
UNCOVERED = {
    "by identifier": lambda text: text.replace('URI=""', 'URI="#a"'),
    "by pointer": lambda text: text.replace('URI=""', 'URI="#xpointer(/)"'),
    "elsewhere": lambda text: text.replace('URI=""', 'URI="http://127.0.0.1/a.xml"'),
    "a file": lambda text: text.replace('URI=""', 'URI="file:///etc/passwd"'),
    "absent": lambda text: text.replace(' URI=""', ""),
    "no reference": lambda text: text[: text.index("<ds:Reference")] + text[text.index("</ds:SignedInfo>") :],
    "two references": lambda text: text.replace("</ds:Reference>", "</ds:Reference>" + text[text.index("<ds:Reference") : text.index("</ds:SignedInfo>")]),
    "not enveloped": lambda text: text.replace(ENVELOPED, ""),
    "enveloped alone": lambda text: text.replace(FORM, ""),
    "the other order": lambda text: text.replace(ENVELOPED + FORM, FORM + ENVELOPED),
    "three": lambda text: text.replace(FORM, FORM + FORM),
    "a path": lambda text: text.replace(FORM, XPATH),
    "a path between": lambda text: text.replace(FORM, XPATH + FORM),
    "a style sheet": lambda text: text.replace(INCLUSIVE, "http://www.w3.org/TR/1999/REC-xslt-19991116"),
    "namespaces of choice": lambda text: text.replace(FORM, INCLUDED),
    "base64": lambda text: text.replace(INCLUSIVE, "http://www.w3.org/2000/09/xmldsig#base64"),
    "another form": lambda text: text.replace("REC-xml-c14n-20010315", "another"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNCOVERED)
def test_only_the_whole_document_may_be_signed(signatory, judge, what):
    assert code(judge(shaped(signatory, DOCUMENT, UNCOVERED[what]))) in {"xml-not-covered", "xml-malformed"}
    assert judge(shaped(signatory, DOCUMENT)).valid  # and nothing else was wrong


ALGORITHMS = {
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1": "algorithm-unknown",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1": "algorithm-unknown",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256": "algorithm-unknown",
    "urn:" + "x" * 5000: "algorithm-unknown",
    "": "algorithm-unknown",
}


@pytest.mark.parametrize("uri", ALGORITHMS)
def test_algorithms_are_those_of_the_list(signatory, judge, uri):
    for named in RSA_URIS:
        verdict = judge(shaped(signatory, DOCUMENT, lambda text, named=named: text.replace(named, uri)))
        assert code(verdict) == ALGORITHMS[uri]
        assert len(str(verdict.error)) < 300


SHAPES = {
    "an object": (lambda text: text.replace("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>"), "xml-malformed"),
    "no key": (lambda text: text[: text.index("<ds:KeyInfo")] + "</ds:Signature>", "no-certificate"),
    "a key alone": (lambda text: text[: text.index("<ds:X509Data")] + "<ds:KeyName>me</ds:KeyName></ds:KeyInfo></ds:Signature>", "no-certificate"),
    "two certificates": (lambda text: text.replace("<ds:X509Certificate>", "<ds:X509Certificate>AAAA</ds:X509Certificate><ds:X509Certificate>"), "xml-malformed"),
    "a key beside": (lambda text: text.replace("<ds:X509Data>", "<ds:KeyValue/><ds:X509Data>"), "xml-malformed"),
    "no base64": (lambda text: text.replace("<ds:X509Certificate>", "<ds:X509Certificate>*"), "xml-malformed"),
    "no certificate": (lambda text: text.replace("<ds:X509Certificate>MII", "<ds:X509Certificate>NII"), "certificate-malformed"),
    "text between": (lambda text: text.replace("<ds:Reference", "text<ds:Reference"), "xml-malformed"),
    "attributes": (lambda text: text.replace("<ds:SignedInfo", "<ds:SignedInfo more=''"), "xml-malformed"),
    "a cut value": (lambda text: text.replace("<ds:SignatureMethod Algorithm", "<ds:SignatureMethod Id='a' Algorithm"), "xml-malformed"),
    "two signatures": (lambda text: text.replace("</ds:KeyInfo>", "</ds:KeyInfo>" + "<ds:Signature/>"), "many-signers"),
}  # fmt: skip


@pytest.mark.parametrize("what", SHAPES)
def test_a_signature_has_one_shape(signatory, judge, what):
    change, expected = SHAPES[what]
    assert code(judge(shaped(signatory, DOCUMENT, change))) == expected


def test_wrapped_signatures_are_refused(signed, judge):
    shapes = wrapped(signed)
    assert len(shapes) == 8
    for name, document in shapes.items():
        assert code(judge(document)) in {"xml-not-covered", "xml-malformed", "signature-invalid"}, name
        assert code(judge(document, DOCUMENT)) in {"xml-not-covered", "xml-malformed", "content-differs"}, name


def test_wrapped_signatures_by_identifier_are_refused(signatory, judge):
    document = DOCUMENT.replace(b"<statement", b'<statement Id="a"')
    named = shaped(signatory, document, lambda text: text.replace('URI=""', 'URI="#a"'))
    for name, shape in wrapped(named).items():
        assert code(judge(shape)) in {"xml-not-covered", "xml-malformed"}, name


def test_a_signature_deeper_beside_or_twice(signed, judge):
    inside = signed.replace(b"<ds:Signature ", b"<deeper><ds:Signature ").replace(
        b"</ds:Signature>", b"</ds:Signature></deeper>"
    )
    assert code(judge(inside)) == "xml-not-covered"
    start, end = signed.index(b"<ds:Signature "), signed.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    assert code(judge(signed[:end] + signed[start:end] + signed[end:])) == "many-signers"
    assert code(judge(signed[start:end])) == "xml-not-covered"
    assert code(judge(DOCUMENT)) == "no-signer"
    spare = b'<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    assert code(judge(signed[:start] + spare + signed[start:])) == "xml-not-covered"


DECEITS = {
    "a document type": (b"<!DOCTYPE statement>", "xml-malformed"),
    "entities": (b'<!DOCTYPE statement [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>', "xml-malformed"),
    "a file": (b'<!DOCTYPE statement [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "xml-malformed"),
    "an instruction": (b'<?xml-stylesheet href="a.xsl"?>', "xml-not-covered"),
    "a comment": (b"<!-- nobody signs me -->", "xml-not-covered"),
    "a mark": (b"\x00", "xml-malformed"),
}


@pytest.mark.parametrize("what", DECEITS)
def test_what_has_no_place_in_a_signed_document(signed, judge, what):
    put, expected = DECEITS[what]
    body = signed[signed.index(b"<statement") :]
    assert code(judge(put + body)) == expected
    if what in ("a comment", "an instruction"):
        assert code(judge(body.replace("қол".encode(), "қол".encode() + put))) == expected
        assert code(judge(body.replace(b"<ds:SignedInfo>", b"<ds:SignedInfo>" + put))) == expected
        assert code(judge(body + put)) == expected


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<?xml version="1.1"?>',
        '<?xml version="1.0" encoding="utf-16"?>',
    ],
)
def test_other_encodings_and_versions(signed, judge, head):
    body = signed[signed.index(b"<statement") :]
    assert code(judge(head.encode() + body)) == "xml-malformed"
    assert code(judge((head + body.decode()).encode("utf-16"))) == "xml-malformed"


def test_what_is_larger_or_deeper_than_any_real_one(signed, judge):
    assert code(judge(signed + b" " * xmltree.LIMIT)) == "xml-too-large"
    assert judge(signed + b" " * xmltree.LIMIT, limit=2 * xmltree.LIMIT).valid
    deep = b"<a>" * xmltree.MOST_DEPTH + b"</a>" * xmltree.MOST_DEPTH
    assert code(judge(deep)) == "no-signer"
    assert code(judge(b"<a>" + deep + b"</a>")) == "xml-too-large"
    many = b"<a " + b" ".join(b"a%d=''" % n for n in range(xmltree.MOST_ATTRIBUTES + 1)) + b"/>"
    assert code(judge(many)) == "xml-too-large"


def test_namespaces_that_would_cost_canonicalisation_too_much(judge):
    def nested(*counts):
        starts = [
            f"<a {' '.join(f'xmlns:p{d}x{n}={chr(34)}urn:u{chr(34)}' for n in range(count))}>"
            for d, count in enumerate(counts)
        ]
        return ("".join(starts) + "</a>" * len(counts)).encode()

    most = xmltree.MOST_NAMESPACES
    for few in (nested(most), nested(most - 1, 1), b"<a>" + nested(most) * 50 + b"</a>"):
        assert code(judge(few)) == "no-signer"
    for many in (nested(most + 1), nested(most, 1), nested(*[1] * (most + 1)), nested(most // 2, 0, most // 2 + 1)):
        assert code(judge(many)) == "xml-too-large"


@pytest.mark.parametrize("document", [b"<a xmlns='relative'/>", b"<a:b xmlns:a='x y'/>"])
def test_namespaces_without_a_canonical_form(signatory, judge, document):
    whole = (
        shaped(signatory, b"<a/>")
        .replace(b"<a>", document[:-2] + b">")
        .replace(b"</a>", b"</a:b>" if b":b" in document else b"</a>")
    )
    assert code(judge(whole)) in {"xml-malformed", "signature-invalid"}


def test_purposes_are_kept_apart(pki, judge, now):
    person = citizen(NUMBERS["gost"])
    made = {purpose: sign_xml(pki.enrol(person, now=now, purpose=purpose), b"<login/>") for purpose in DemoPurpose}
    assert judge(made[DemoPurpose.SIGNING]).valid
    assert judge(made[DemoPurpose.AUTHENTICATION], purpose=Purpose.PERSON_LOGIN).require().iin.digits == person.iin
    assert code(judge(made[DemoPurpose.AUTHENTICATION])) == "wrong-key-usage"
    assert code(judge(made[DemoPurpose.SIGNING], purpose=Purpose.PERSON_LOGIN)) == "wrong-login-key"
    assert code(judge(made[DemoPurpose.LEGAL], purpose=Purpose.PERSON_LOGIN)) == "wrong-purpose"
    assert judge(made[DemoPurpose.LEGAL], purpose=Purpose.ANY_SIGNING).valid


def test_a_self_made_authority(judge, now, tmp_path):
    impostor = DemoPki.create(tmp_path / "impostor", seed=8)
    document = sign_xml(impostor.enrol(citizen(1), now=now - timedelta(days=1)), DOCUMENT)
    assert code(judge(document)) == "issuer-untrusted"


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode(errors="replace")))
def test_whatever_the_bytes_a_tree_or_a_coded_error(data):
    try:
        root = xmltree.read(data)
    except SignatureRejected:
        return
    again = xmltree.canonical(root, exclusive=False)
    assert xmltree.canonical(xmltree.read(again), exclusive=False) == again


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_every_text_that_xml_can_hold_is_signed_as_it_is(text):
    root = etree.Element("statement")
    try:
        root.text = text
    except ValueError:
        return
    written = etree.tostring(root, encoding="UTF-8")
    try:
        assert xmltree.read(written).text == (text or None)
    except XmlMalformed:
        assert any(ord(letter) in (0xFFFE, 0xFFFF) for letter in text)  # noncharacters, which expat turns away


# ---- An independent judge -----------------------------------------------------------------------------------------

needs_xmlsec = pytest.mark.skipif(which("xmlsec1") is None, reason="Debian's xmlsec1 is not installed")


def pem(path, der):
    path.write_bytes(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    return path


@needs_xmlsec
@pytest.mark.parametrize("change", [None, b"another"])
def test_xmlsec_agrees_with_what_we_sign(pki, signed, tmp_path, change):
    root, nca = (
        pem(tmp_path / f"{role}.pem", (pki.trust_directory / f"demo_{role}_rsa.cer").read_bytes())
        for role in ("root", "nca")
    )
    document = tmp_path / "signed.xml"
    document.write_bytes(signed.replace(b"<text", b"<%s/><text" % change) if change else signed)
    command = ["xmlsec1", "--verify", "--trusted-pem", root, "--untrusted-pem", nca, document]
    assert (subprocess.run(command, capture_output=True, check=False).returncode == 0) is (change is None)


@needs_xmlsec
@pytest.mark.parametrize("form", xmldsig.CANONICALIZATIONS)
def test_we_agree_with_what_xmlsec_signs(signatory, judge, tmp_path, form):
    key, certificate = tmp_path / "key.pem", pem(tmp_path / "certificate.pem", signatory.certificate)
    key.write_bytes(signatory.key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    blank = shaped(signatory, DOCUMENT, lambda text: text.replace(INCLUSIVE, form))
    root = etree.fromstring(blank)
    for name in ("DigestValue", "SignatureValue", "X509Data"):
        element = root.find(f".//{DS}{name}")
        element.clear()
    template, document = tmp_path / "template.xml", tmp_path / "signed.xml"
    template.write_bytes(etree.tostring(root, encoding="UTF-8"))
    command = ["xmlsec1", "--sign", "--privkey-pem", f"{key},{certificate}", "--output", document, template]
    subprocess.run(command, capture_output=True, check=True)
    assert judge(document.read_bytes(), DOCUMENT).valid
