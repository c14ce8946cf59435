"""What the national authority's own test key signs, in every form, holds under its test hierarchy."""

import pytest

import national_key
from dauys.demo.signer import sign
from dauys.demo.xml_signer import sign_xml
from dauys.identity.raw_checks import verify_raw
from dauys.identity.verify import verify_cms
from dauys.identity.xml_checks import verify_xml

TEXT = b"<statement>one</statement>"


@pytest.fixture(scope="module")
def signatory(vectors):
    return national_key.signatory(vectors)


def test_each_form_names_the_test_person(signatory, national_test, at):
    verdicts = (
        verify_cms(sign(signatory, TEXT, now=at), TEXT, national_test, at),
        verify_xml(sign_xml(signatory, TEXT), TEXT, national_test, at),
        verify_raw(signatory.key.sign(TEXT), signatory.certificate, TEXT, national_test, at),
    )
    for verdict in verdicts:
        assert verdict.error is None
        assert verdict.signer.iin.digits == "123456789011"
