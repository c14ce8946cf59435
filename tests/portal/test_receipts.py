import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import webworld


@pytest.fixture
def receipt():
    from dauys.ledger import sqlite
    from dauys.ledger.receipts import receipts_of

    places, keys = webworld.installation()
    connection = sqlite.connect(places.database)
    yield receipts_of(connection, keys.log, [0])[0]
    connection.close()


def test_a_good_receipt_gets_a_yes_pasted_or_uploaded(portal, receipt):
    crlf = receipt.replace("\n", "\r\n")  # what a browser makes of a pasted text
    for form in ({"text": receipt}, {"text": crlf}, {"file": SimpleUploadedFile("r.tlog-proof", receipt.encode())}):
        html = portal.post("/en/receipt", form).content.decode()
        assert "Yes, this receipt holds" in html


def test_one_changed_byte_gets_a_no(portal, receipt):
    lines = receipt.split("\n")
    entry = bytearray(base64.b64decode(lines[1].removeprefix("extra ")))
    entry[-3] ^= 1
    lines[1] = "extra " + base64.b64encode(entry).decode()
    html = portal.post("/en/receipt", {"text": "\n".join(lines)}).content.decode()
    assert "No, this receipt does not hold" in html
    assert "receipt-invalid" in html


@pytest.mark.parametrize(
    "sent",
    [{"text": "hello"}, {"file": SimpleUploadedFile("r", b"\xff\xfe\x00")}, {"text": "x" * 100_000}],
)
def test_anything_else_gets_a_no_with_its_code(portal, sent):
    answer = portal.post("/kk/receipt", sent)
    assert answer.status_code == 200
    assert "receipt-malformed" in answer.content.decode()


@pytest.mark.parametrize("sent", [{}, {"text": ""}, {"text": " \n"}])
def test_nothing_sent_is_asked_for_and_not_judged(portal, sent):
    answer = portal.post("/en/receipt", sent)
    assert answer.status_code == 400
    assert "Choose a file or paste the text" in answer.content.decode()
    assert "receipt-malformed" not in answer.content.decode()


def test_a_receipt_of_a_signature_names_its_petition_and_hour(portal, receipt, monkeypatch):
    from dauys.ledger.leaves import PetitionSignature

    petition = webworld.add_petition()
    leaf = PetitionSignature(
        commitment="A" * 43, hour="2026-11-21T15Z", pseudonym="A" * 43, subject=petition.subject_name, tier="mobile"
    )
    monkeypatch.setattr("dauys.portal.receipts.decode_leaf", lambda _: leaf)
    page = portal.post("/ru/receipt", {"text": receipt}).content.decode()
    assert f'href="/ru/petitions/{petition.pk}" lang="ru">Селу нужна чистая вода' in page
    assert "21 ноября 2026\u00a0г., 20:00" in page


def test_a_receipt_of_a_signature_that_was_taken_back_says_so(portal, receipt, monkeypatch):
    monkeypatch.setattr("dauys.ledger.sqlite.taken_back_by", lambda _connection, index: index + 76)
    assert "entry No. 77 took it back" in portal.post("/en/receipt", {"text": receipt}).content.decode()
