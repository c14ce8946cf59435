"""The vendored client, unmodified, in Node against `dauys demo ncalayer`: what pages will do, and what they will meet."""

import re
import time
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from html import unescape

import httpx
import pytest

from dauys.demo.people import citizen
from dauys.errors import ContentDiffers
from dauys.identity.armor import signature_der
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verify import verify_cms
from dauys.identity.xml_checks import verify_xml
from demo.ncalayer.conftest import CITIZEN

TEXTS = ["Мен осы петицияға қол қоямын.\n".encode(), b"second\n"]
DATA = [b64encode(text).decode() for text in TEXTS]
PERSON = {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"]}


def sign(data, params="$basicsCMSParamsDetachedNoTSP", signer="$basicsSignerSignPerson", language="kk"):
    return ["basicsSignCMS", "$basicsStorageAll", data, params, signer, language]


@pytest.fixture(scope="module")
def trust(pki):
    return TrustStore.load(pki.trust_directory, Profile.TEST)


def signer_of(signature, content, trust):
    """The personal number that a signature as answered proves."""
    der = signature_der(signature.encode(), 32 * 1024)
    return verify_cms(der, content, trust, datetime.now(UTC)).require().iin.digits


def test_one_document_and_many(client, signing, trust):
    one, many = client(signing, sign(DATA[0]), sign(DATA)).answers()
    assert signer_of(one["result"], TEXTS[0], trust) == citizen(CITIZEN).iin
    assert [signer_of(each, text, trust) for each, text in zip(many["result"], TEXTS, strict=True)] == [
        citizen(CITIZEN).iin
    ] * 2
    with pytest.raises(ContentDiffers):
        signer_of(many["result"][0], TEXTS[1], trust)


def test_a_document_inside_its_signature(client, signing, trust):
    attached = {"decode": True, "encapsulate": True, "digested": False}
    (answer,) = client(signing, sign(DATA[0], attached)).answers()
    assert TEXTS[0] in b64decode(answer["result"])
    assert signer_of(answer["result"], TEXTS[0], trust) == citizen(CITIZEN).iin


def test_what_cannot_be_done_is_an_error_in_its_words(client, signing):
    stamped, digested, xml, broken, unread = client(
        signing,
        sign(DATA[0], "$basicsCMSParamsDetached"),
        sign(DATA[0], {"digested": True}),
        ["basicsSignXML", "$basicsStorageAll", "<a", {}, PERSON],
        sign("no base64!", {"decode": True}),
        sign(DATA[0], 7),
    ).answers()
    assert "time stamp authority" in stamped["error"]
    for answer in (stamped, digested, xml, broken):
        assert answer["error"].startswith("SIGNING_FAILURE: ")
    assert unread["error"].startswith("INVOCATION_ERROR: ")
    assert 'JSONObject["signingParams"] is not a JSONObject.' in unread["error"]
    assert not any(answer.get("cancelled") for answer in (stamped, digested, xml, broken, unread))


def test_nobody_signs_with_a_key_that_was_not_asked_for(client, signing, trust):
    organisation, other, own, login = client(
        signing,
        sign(DATA[0], signer="$basicsSignerSignOrg"),
        sign(DATA[0], signer=PERSON | {"iin": citizen(CITIZEN + 1).iin}),
        sign(DATA[0], signer=PERSON | {"iin": citizen(CITIZEN).iin}),
        sign(DATA[0], signer="$basicsSignerAuthPerson"),
    ).answers()
    assert organisation == other == {"error": "cancelled by user", "cancelled": True}
    assert signer_of(own["result"], TEXTS[0], trust) == citizen(CITIZEN).iin
    assert "result" in login


def test_the_older_module(client, signing, trust):
    tokens, info, signature, wrong, unknown, language = client(
        signing,
        ["getActiveTokens"],
        ["getKeyInfo", "PKCS12"],
        ["createCAdESFromBase64", "PKCS12", DATA[0]],
        ["createCAdESFromBase64", "PKCS12", DATA[0], 123],
        ["createCMSSignatureFromBase64", "PKCS12", DATA[0]],
        ["changeLocale", "kz"],
    ).answers()
    assert tokens == {"result": []}
    assert citizen(CITIZEN).iin in info["result"]["subjectDn"]
    assert int(info["result"]["certNotBefore"]) < time.time() * 1000 < int(info["result"]["certNotAfter"])
    assert signature["result"].startswith("-----BEGIN CMS-----\n")
    assert signer_of(signature["result"], TEXTS[0], trust) == citizen(CITIZEN).iin
    mismatch = "java.lang.IllegalArgumentException: argument type mismatch. Method: createCAdESFromBase64"
    assert wrong["error"] == f"500: {mismatch}"
    assert unknown["error"].startswith("500: ")
    assert language == {}


def signer_of_xml(signed, document, trust):
    """The personal number that a signed document proves."""
    return verify_xml(signed.encode(), document.encode(), trust, datetime.now(UTC)).require().iin.digits


def test_xml_of_both_modules(client, signing, trust):
    documents = ["<петиция>1</петиция>", "<петиция>2</петиция>"]
    one, many, old, old_many, broken = client(
        signing,
        ["basicsSignXML", "$basicsStorageAll", documents[0], "$basicsXMLParams", "$basicsSignerSignPerson"],
        ["basicsSignXML", "$basicsStorageAll", documents, "$basicsXMLParams", "$basicsSignerSignPerson"],
        ["signXml", "PKCS12", documents[0]],
        ["signXmls", "PKCS12", documents],
        ["signXml", "PKCS12", "<this>is not a valid XML"],
    ).answers()
    signed = [*one["result"], *many["result"], old["result"], *old_many["result"]]
    originals = [documents[0], *documents] * 2
    signers = {signer_of_xml(each, original, trust) for each, original in zip(signed, originals, strict=True)}
    assert signers == {citizen(CITIZEN).iin}
    assert broken["error"].startswith("500: org.xml.sax.SAXParseException; ")


def page_with_a_request(url):
    until = time.monotonic() + 20
    while 'name="key"' not in (page := httpx.get(url, params={"language": "en"}).text):
        assert time.monotonic() < until
        time.sleep(0.05)
    return unescape(page)


def decide(url, page, *, sign):
    fields = {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "language": "en"}
    if sign:
        fields["citizen"] = re.search(r'name="citizen" value="(\d+)"', page)[1]
    return httpx.post(f"{url}/decide", data=fields, follow_redirects=True).text


@pytest.mark.parametrize(("call", "cancelled"), [
    (sign(DATA[0]), {"error": "cancelled by user", "cancelled": True}),
    (["createCAdESFromBase64", "PKCS12", DATA[0]], {"error": "500: action.canceled"}),
])  # fmt: skip
def test_the_person_reads_and_decides(client, asking, trust, call, cancelled):
    said_no = client(asking, call)
    page = page_with_a_request(asking)
    assert TEXTS[0].decode() in page
    assert "Not signed." in decide(asking, page, sign=False)
    assert said_no.answers() == [cancelled]
    assert "Nobody waits for this request any more." in decide(asking, page, sign=True)
    said_yes = client(asking, call)
    page = page_with_a_request(asking)
    assert "Signed." in decide(asking, page, sign=True)
    number = int(re.search(r'name="citizen" value="(\d+)"', page)[1])
    assert signer_of(said_yes.answers()[0]["result"], TEXTS[0], trust) == citizen(number).iin


def test_a_key_that_nobody_has_can_only_be_declined(client, asking):
    running = client(asking, sign(DATA[0], signer="$basicsSignerSignOrg"))
    page = page_with_a_request(asking)
    assert 'name="citizen"' not in page
    assert "has no key of the kind asked for" in page
    decide(asking, page, sign=False)
    assert running.answers()[0]["cancelled"]
