"""Every method of the protocol: what is sent, what comes back, what of it is evidence, and what is refused."""

import json
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime
from typing import get_args

import pytest
from lxml import etree

from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.profile import Purpose
from dauys.demo.signer import enrolled
from dauys.demo.xml_signer import sign_xml
from dauys.identity import xmltree
from dauys.identity.trust import Profile, TrustStore
from dauys.intake.egov_documents import Method
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope, Form, Sealed
from dauys.ledger.evidence import statement_xml, verify_evidence
from dauys.ledger.leaves import decode_leaf, from_text
from dauys.ledger.moments import from_unix
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.ledger.vault import read_envelope
from made_phone import Phone, change, refused, with_data
from made_xml import wrapped

SHAPES = {
    "CMS_SIGN_ONLY": [{"id", "nameRu", "nameKz", "nameEn", "meta", "document"}],
    "CMS_WITH_DATA": [{"id", "nameRu", "nameKz", "nameEn", "meta", "document"}],
    "XML": [{"id", "nameRu", "nameKz", "nameEn", "meta", "documentXml"}],
    "SIGN_BYTES_ARRAY": [{"id", "nameRu", "nameKz", "nameEn", "meta", "document"}],
    "MIX_SIGN": [
        {"id", "signMethod", "nameRu", "nameKz", "nameEn", "meta", "document"},
        {"id", "signMethod", "nameRu", "nameKz", "nameEn", "meta", "documentXml"},
    ],
}
FORMS = {"XML": Form.XML, "SIGN_BYTES_ARRAY": Form.RAW}


@pytest.fixture
def phone_of(world, other_app):
    """A phone that has entered, at a door with that method; a second one at the same door for another code."""
    with_settings = []

    def enter(method):
        if not with_settings:
            running = other_app(DAUYS_EGOV_METHOD=method)
            with_settings.extend((running, running.__enter__()))
        return Phone(world, world.ask().json()["token"], client=with_settings[1]).enter()

    yield enter
    if with_settings:
        with_settings[0].__exit__(None, None, None)


def evidence(world):
    """The opened envelope of the newest entry, as an auditor with the vault finds it."""
    with closing(sqlite.connect(world.places.database)) as connection:
        secrets = read_secrets(connection, world.keys, read_subject(connection, "petition/1"))
        index = world.size() - 1
        (entry,) = sqlite.read_entries(connection, index, index + 1)
        sealed = Sealed(from_text(decode_leaf(entry).commitment), *read_envelope(connection, index))
        return Envelope.parse(secrets.unseal(sealed)[0])


@pytest.mark.parametrize("method", get_args(Method))
def test_a_citizen_signs_by_every_method_and_an_auditor_finds_it_so(world, phone_of, method):
    phone, size = phone_of(method), world.size()
    package = phone.package().json()
    assert package["signMethod"] == method
    assert [set(document) for document in package["documentsToSign"]] == SHAPES[method]
    assert [document["id"] for document in package["documentsToSign"]] == [1, 2][: len(SHAPES[method])]
    for _ in range(2):
        assert phone.put(phone.signed(7, package)).json() == {"status": "success"}
    assert world.size() == size + 1
    envelope = evidence(world)
    assert envelope.form is FORMS.get(method, Form.CMS)
    trust = TrustStore.load(world.places.demo_pki / "trust", Profile.TEST)
    verdict = verify_evidence(envelope.statement, envelope.signed, trust, from_unix(envelope.received_ms // 1000 + 1))
    assert verdict.require().iin.digits == citizen(7).iin


def test_the_statement_is_in_the_document_of_each_method(world, phone_of):
    phone = phone_of("XML")
    statement = world.client.get(f"/intake/requests/{phone.token}").content
    xml = phone.package().json()["documentsToSign"][0]["documentXml"]
    assert xmltree.read(xml.encode()).text.encode() == statement


def test_raw_bytes_are_sent_as_the_text_itself(world, phone_of):
    phone = phone_of("SIGN_BYTES_ARRAY")
    statement = world.client.get(f"/intake/requests/{phone.token}").content
    file = phone.package().json()["documentsToSign"][0]["document"]["file"]
    assert file == {"mime": "text/plain", "data": statement.decode()}


def test_what_was_signed_for_another_code_is_forbidden(world, phone_of):
    for method in ("XML",):
        phone, other = phone_of(method), phone_of(method)
        size = world.size()
        refused(phone.put(other.signed(1, other.package().json())), "content-differs", 403, world, size)
        refused(phone.put(phone.package().json()), "no-signer", 403, world, size)


DOCUMENT_CHANGES = {
    "another document": lambda xml: sign_xml_of(xml, b"<statement>I agree to anything</statement>"),
    "more around": lambda xml: b"<all>" + xml.split(b"?>\n")[1] + b"</all>",
    "a changed text": lambda xml: xml.replace("ҚОЯМЫН".encode(), "ҚОЙМАЙМЫН".encode(), 1),
    "a space": lambda xml: xml.replace(b"dauys-statement/v1\n", b"dauys-statement/v1 \n", 1),
    "a comment": lambda xml: xml.replace(b"</statement>", b"<!-- no --></statement>"),
    "nothing": lambda _: b"",
    "an entity": lambda xml: b'<!DOCTYPE a [<!ENTITY a "b">]>' + xml.split(b"?>\n")[1],
}


def sign_xml_of(signed, document):
    """Another document with the signature of this one."""
    root = etree.fromstring(document)
    root.append(etree.fromstring(signed)[-1])
    return etree.tostring(root)


@pytest.mark.parametrize("what", DOCUMENT_CHANGES)
def test_a_signed_document_must_be_the_one_that_was_sent(world, phone_of, what):
    phone = phone_of("XML")
    package, size = phone.package().json(), world.size()
    signed = phone.signed(1, package)
    changed = DOCUMENT_CHANGES[what](signed["documentsToSign"][0]["documentXml"].encode())
    reply = phone.put(change(signed, documentXml=changed.decode()))
    assert reply.status_code == 403
    assert set(reply.json()) == {"message"}
    assert world.size() == size
    assert phone.put(signed).status_code == 200


def test_wrapped_documents_are_forbidden(world, phone_of):
    phone = phone_of("XML")
    package, size = phone.package().json(), world.size()
    signed = phone.signed(1, package)
    for name, document in wrapped(signed["documentsToSign"][0]["documentXml"].encode()).items():
        reply = phone.put(change(signed, documentXml=document.decode()))
        assert (reply.status_code, world.size()) == (403, size), name


CHANGES = {
    "no document": lambda package: change(package, documentXml=None),
    "a file instead": lambda package: change(package, documentXml=None, document={"file": {"mime": "text/plain", "data": "AAAA"}}),
    "a file beside": lambda package: change(package, document={"file": {"mime": "text/plain", "data": "AAAA"}}),
    "its own method": lambda package: change(package, signMethod="XML"),
    "another method": lambda package: package | {"signMethod": "CMS_SIGN_ONLY"},
    "another id": lambda package: change(package, id=2),
    "another name": lambda package: change(package, nameKz="Басқа"),
    "other facts": lambda package: change(package, meta=[{"name": "a", "value": "b"}]),
    "more facts": lambda package: change(package, meta=package["documentsToSign"][0]["meta"] * 2),
    "two": lambda package: package | {"documentsToSign": package["documentsToSign"] * 2},
    "none": lambda package: package | {"documentsToSign": []},
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_all_but_the_signature_comes_back_as_it_was(world, phone_of, what):
    phone, size = phone_of("XML"), world.size()
    refused(phone.put(CHANGES[what](phone.signed(1, phone.package().json()))), "documents-differ", 400, world, size)


def test_a_key_for_logging_in_signs_no_document(world, phone_of):
    phone = phone_of("XML")
    package, size, now = phone.package().json(), world.size(), datetime.now(UTC)
    signatory = enrolled(world.pki, citizen(1), now, Purpose.AUTHENTICATION)
    xml = sign_xml(signatory, package["documentsToSign"][0]["documentXml"].encode()).decode()
    refused(phone.put(change(package, documentXml=xml)), "wrong-key-usage", 403, world, size)


def test_a_document_larger_than_any_real_one(world, phone_of):
    phone, size = phone_of("XML"), world.size()
    xml = "<statement>" + "a" * 40_000 + "</statement>"
    refused(phone.put(change(phone.package().json(), documentXml=xml)), "xml-too-large", 413, world, size)


# ---- Bare bytes ---------------------------------------------------------------------------------------------------


def answer_of(package):
    return json.loads(package["documentsToSign"][0]["document"]["file"]["data"])


def with_answer(package, **fields):
    return with_data(package, json.dumps(answer_of(package) | fields))


def test_the_certificate_comes_in_several_armours(world, phone_of):
    phone, size = phone_of("SIGN_BYTES_ARRAY"), world.size()
    signed = phone.signed(1, phone.package().json())
    body = answer_of(signed)["certificate"]
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    pem = f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    signature = answer_of(signed)["signature"]
    for certificate in (body, pem, b64encode(pem.encode()).decode(), lines):
        answered = with_answer(signed, certificate=certificate, signature=signature[:9] + "\r\n" + signature[9:])
        assert phone.put(answered).json() == {"status": "success"}
    assert world.size() == size + 1


RAW_CHANGES = {
    "another certificate": (lambda signed, other: with_answer(signed, certificate=answer_of(other)["certificate"]), "signature-invalid", 403),
    "another signature": (lambda signed, other: with_answer(signed, signature=answer_of(other)["signature"]), "signature-invalid", 403),
    "a longer signature": (lambda signed, _: with_answer(signed, signature=answer_of(signed)["signature"][:-2] + "AAAA"), None, None),
    "no signature": (lambda signed, _: with_answer(signed, signature=""), "signature-invalid", 403),
    "no certificate": (lambda signed, _: with_answer(signed, certificate=""), "certificate-malformed", 403),
    "no base64": (lambda signed, _: with_answer(signed, signature="*"), "documents-differ", 400),
    "half a certificate": (lambda signed, _: with_answer(signed, certificate="LS0tLS1"), "documents-differ", 400),
    "a number": (lambda signed, _: with_answer(signed, signature=5), "documents-differ", 400),
    "no JSON": (lambda signed, _: with_data(signed, "{"), "documents-differ", 400),
    "the text": (lambda signed, _: with_data(signed, "text"), "documents-differ", 400),
    "deep": (lambda signed, _: with_data(signed, "[" * 5000), "documents-differ", 400),
}  # fmt: skip


@pytest.mark.parametrize("what", RAW_CHANGES)
def test_bare_bytes_that_do_not_fit(world, phone_of, what):
    phone = phone_of("SIGN_BYTES_ARRAY")
    package, size = phone.package().json(), world.size()
    make, code, status = RAW_CHANGES[what]
    numbers = [n for n in range(100) if citizen(n).algorithm == "gost"][:2]
    reply = phone.put(make(*(phone.signed(number, package) for number in numbers)))
    if code is None:
        assert reply.status_code in (400, 403)
        assert world.size() == size
    else:
        refused(reply, code, status, world, size)


# ---- Several documents --------------------------------------------------------------------------------------------


def test_mixed_documents_are_signed_by_one_person(world, phone_of):
    phone = phone_of("MIX_SIGN")
    package, size = phone.package().json(), world.size()
    first, second = phone.signed(1, package), phone.signed(2, package)
    xml = second["documentsToSign"][1]["documentXml"]
    refused(phone.put(change(first, 1, documentXml=xml)), "many-signers", 403, world, size)


def test_each_mixed_document_must_hold(world, phone_of):
    phone = phone_of("MIX_SIGN")
    package, size = phone.package().json(), world.size()
    signed = phone.signed(1, package)
    unsigned = package["documentsToSign"][1]["documentXml"]
    refused(phone.put(change(signed, 1, documentXml=unsigned)), "no-signer", 403, world, size)
    data = package["documentsToSign"][0]["document"]
    refused(phone.put(change(signed, 0, document=data)), "cms-malformed", 403, world, size)
    refused(phone.put(change(signed, 1, signMethod="CMS_SIGN_ONLY")), "documents-differ", 400, world, size)
    swapped = signed | {"documentsToSign": signed["documentsToSign"][::-1]}
    refused(phone.put(swapped), "documents-differ", 400, world, size)


def test_a_self_made_authority_is_forbidden_in_every_form(world, phone_of, tmp_path):
    impostor, phone = DemoPki.create(tmp_path / "impostor", seed=8), phone_of("XML")
    size = world.size()
    refused(phone.put(phone.signed(1, phone.package().json(), pki=impostor)), "issuer-untrusted", 403, world, size)


def test_the_example_of_a_document_is_the_statement_escaped():
    assert statement_xml(b"a & b < c\r\n") == b"<statement>a &amp; b &lt; c&#13;\n</statement>"
