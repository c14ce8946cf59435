import base64

import pytest

from dauys.errors import CertificateMalformed, CmsMalformed, CmsTooLarge
from dauys.identity.armor import CERTIFICATE_LIMIT, SIGNATURE_LIMIT, certificate_der, signature_der

DER = b"\x30\x82\x01\x00" + bytes(range(256))
PLAIN = base64.b64encode(DER)


def pem(label, data=DER, end=b"\n"):
    body = base64.b64encode(data)
    lines = end.join(body[start : start + 64] for start in range(0, len(body), 64))
    return b"-----BEGIN %s-----%s%s%s-----END %s-----%s" % (label, end, lines, end, label, end)


@pytest.mark.parametrize(
    "sent",
    [
        DER,
        PLAIN,
        base64.urlsafe_b64encode(DER),
        PLAIN.rstrip(b"="),
        b"\r\n".join(PLAIN[start : start + 76] for start in range(0, len(PLAIN), 76)) + b"\r\n",
        b"  \n" + PLAIN + b"\t\n",
        pem(b"CMS"),
        pem(b"PKCS7", end=b"\r\n"),
        pem(b"PKCS #7 SIGNED DATA"),
        b"a covering letter\n" + pem(b"CMS"),
    ],
)
def test_a_signature_comes_out_of_every_wrapping(sent):
    assert signature_der(sent) == DER


@pytest.mark.parametrize("sent", [DER, PLAIN, pem(b"CERTIFICATE"), pem(b"CERTIFICATE", end=b"\r\n")])
def test_a_certificate_comes_out_of_every_wrapping(sent):
    assert certificate_der(sent) == DER


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"0",
        b"MII*",
        b"hello, world",
        "жоқ".encode(),
        base64.b64encode(b"no sequence"),
        pem(b"CERTIFICATE"),
        pem(b"CMS") + pem(b"CMS"),
        b"-----BEGIN CMS-----\nMII=A\n-----END CMS-----",
        b"-----BEGIN CMS-----" + PLAIN,
        b"-----BEGIN CMS-----" + PLAIN + b"-----END PKCS7-----",
    ],
)
def test_what_is_wrapped_wrongly_is_no_signature(sent):
    with pytest.raises(CmsMalformed):
        signature_der(sent)


def test_a_certificate_is_not_taken_for_a_signature_nor_two_for_one():
    for sent in (pem(b"CMS"), pem(b"CERTIFICATE") * 2, b"nothing"):
        with pytest.raises(CertificateMalformed):
            certificate_der(sent)


def test_the_size_is_looked_at_first():
    assert signature_der(b"\x30\x82" + bytes(SIGNATURE_LIMIT - 2))
    with pytest.raises(CmsTooLarge) as caught:
        signature_der(b"\x30\x82" + bytes(SIGNATURE_LIMIT - 1))
    assert caught.value.facts == {"limit": SIGNATURE_LIMIT}
    with pytest.raises(CmsTooLarge):
        signature_der(DER, limit=len(DER) - 1)
    with pytest.raises(CertificateMalformed):
        certificate_der(b"\x30\x82" + bytes(CERTIFICATE_LIMIT - 1))


def test_ber_of_indefinite_length_comes_out_as_der():
    content = b"\x04\x03abc"
    assert signature_der(b"\x30\x80" + content + b"\x00\x00") == b"\x30\x05" + content
    with pytest.raises(CmsMalformed):
        signature_der(b"\x30\x80" + content)
