from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import enrolled, sign_cms
from dauys.demo.xml_signer import sign_xml
from dauys.errors import CmsMalformed, CmsTooLarge, XmlTooLarge
from dauys.identity import xmltree
from dauys.identity.trust import Profile, TrustStore
from dauys.ledger.envelope import Form, Signed
from dauys.ledger.evidence import kept, statement_xml, verify_evidence

STATEMENT = "Мен <қол> қоямын & солай\r\nдеймін\n".encode()


@pytest.fixture(scope="module")
def pki(authorities):
    return DemoPki.load(authorities)


@pytest.fixture(scope="module")
def trust(pki):
    return TrustStore.load(pki.trust_directory, Profile.TEST)


def signed_as(form, pki, number, statement, now):
    if form is Form.XML:
        return Signed(form, sign_xml(enrolled(pki, citizen(number), now), statement_xml(statement)))
    if form is Form.RAW:
        signatory = enrolled(pki, citizen(number), now)
        return Signed(form, signatory.key.sign(statement), signatory.certificate)
    return Signed(form, sign_cms(pki, citizen(number), statement, now=now))


FORMS = (Form.CMS, Form.XML, Form.RAW)
KEYLESS = tuple(set(Form) - set(FORMS))


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_signed_in_any_form_holds_and_no_other(pki, trust, form):
    now = datetime.now(UTC)
    signed = kept(signed_as(form, pki, 1, STATEMENT, now), 8192)
    assert verify_evidence(STATEMENT, signed, trust, now).require().iin.digits == citizen(1).iin
    for other in (STATEMENT + b" ", STATEMENT.replace(b"\r", b""), b""):
        code = "signature-invalid" if form is Form.RAW else "content-differs"
        assert verify_evidence(other, signed, trust, now).error.code == code


@pytest.mark.parametrize("form", FORMS)
def test_a_signature_passes_only_as_what_it_is(pki, trust, form):
    now = datetime.now(UTC)
    signed = signed_as(form, pki, 1, STATEMENT, now)
    for other in set(Form) - {form}:
        assert not verify_evidence(STATEMENT, Signed(other, signed.signature, signed.certificate), trust, now).valid


def test_armour_is_not_kept_and_size_is_bounded(pki):
    bare = signed_as(Form.CMS, pki, 1, STATEMENT, datetime.now(UTC))
    assert kept(Signed(Form.CMS, b64encode(bare.signature)), 8192) == bare
    with pytest.raises(CmsTooLarge):
        kept(Signed(Form.CMS, b"0" * 8193), 8192)
    with pytest.raises(CmsTooLarge):
        kept(Signed(Form.RAW, b"0" * 8193, b"certificate"), 8192)
    with pytest.raises(XmlTooLarge):
        kept(Signed(Form.XML, b"<" * 8193), 8192)


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\t\r\n")
    )
)
def test_a_statement_is_read_out_of_its_document_unchanged(text):
    assert xmltree.read(statement_xml(text.encode())).text == (text or None)


@pytest.mark.parametrize("form", KEYLESS)
def test_a_form_without_a_key_proves_no_signature(pki, trust, form):
    now = datetime.now(UTC)
    signed = Signed(form, sign_cms(pki, citizen(1), STATEMENT, now=now))
    assert verify_evidence(STATEMENT, signed, trust, now).error.code == "cms-malformed"
    with pytest.raises(CmsMalformed):
        kept(signed, 8192)
