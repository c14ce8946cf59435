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
    assert "entry No. 76 took it back" in portal.post("/en/receipt", {"text": receipt}).content.decode()


@pytest.fixture
def witness(tmp_path):
    """A witness that cosigned what is published, and is named in the policy."""
    from contextlib import closing

    from dauys.intake.witnesses import Witnesses
    from dauys.ledger.publication import Publisher
    from made_witness import MadeWitness

    places, keys = webworld.installation()
    with MadeWitness(tmp_path / "w", "w.example", keys.log.verifier).serving() as made:
        places.witnesses.write_text(made.lines() + "quorum w.example-ed25519\n")
        with closing(Publisher(places, keys.log, Witnesses.of(places))) as publisher:
            publisher.publish()
        yield made
    places.witnesses.unlink()


def test_a_receipt_of_the_log_alone_is_told_so(portal, receipt):
    html = portal.post("/en/receipt", {"text": receipt}).content.decode()
    assert '<li class="checks__not">It is signed by the log only' in html  # no tick
    assert "Get it with the witnesses" in html


def test_a_receipt_gets_its_witnesses(portal, receipt, witness):
    answer = portal.post("/en/receipt/renewed", {"text": receipt})
    assert "tlog-proof" in answer["Content-Disposition"]
    text = answer.content.decode()
    assert len(text) < len(receipt) + 300
    html = portal.post("/en/receipt", {"text": text}).content.decode()
    assert "Yes, this receipt holds" in html
    assert "Witnesses who saw the same tree: w.example," in " ".join(html.split())
    assert portal.post("/en/receipt/renewed", {"text": "nonsense"})["Location"] == "/en/receipt"
    page = portal.get("/en/receipt/here").content.decode()
    assert witness.witness.verifiers[0].vkey in page.replace("\\u002B", "+")


def test_the_page_of_the_log_names_its_witnesses(portal, witness):
    html = portal.get("/en/log").content.decode()
    assert "w.example" in html
    assert "signed this checkpoint on" in html
    places, _ = webworld.installation()
    places.witnesses.write_text(witness.lines("http://127.0.0.1:1") + "quorum none\n")
    webworld.publish(*webworld.installation())  # by the log alone
    assert "has not signed this checkpoint yet" in portal.get("/en/log").content.decode()


def test_a_log_without_witnesses_says_so(portal):
    assert "No witness watches this log yet" in portal.get("/en/log").content.decode()


def test_a_receipt_of_a_step_says_which_and_by_whom(portal):
    petition = webworld.add_petition()
    places, keys = webworld.installation()
    webworld.publish(places, keys)
    index = petition.events.get(kind="petition.opened").index
    proof = portal.get(f"/petitions/{petition.pk}/steps/{index}.tlog-proof").content.decode()
    page = portal.post("/en/receipt", {"text": proof}).content.decode()
    assert f'href="/en/petitions/{petition.pk}#step-{index}"' in page
    assert "Checked; signing began" in page
    assert "proves support" not in page
    assert "Checked; signing began" in portal.post("/en/receipt/print", {"text": proof}).content.decode()
