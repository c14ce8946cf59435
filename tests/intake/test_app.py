import json
import time
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from broken_cms import VARIANTS
from dauys.demo.people import citizen
from dauys.errors import LANGUAGES, error_classes
from dauys.intake import requests as intake_requests
from dauys.intake.answers import MAX_BODY
from dauys.intake.door import MAX_SIGNATURE
from dauys.ledger.publication import Publisher
from dauys.translog.proof import verify_receipt


def refused(reply, code, world, size):
    """The reply is that error, in words, and nothing changed."""
    assert (reply.json()["code"], reply.status_code) == (code, error_classes()[code].status)
    assert len(reply.json()["message"]) > 20
    assert reply.headers["cache-control"] == "no-store"
    assert world.size() == size
    return True


def test_a_citizen_signs_from_request_to_receipt(world):
    asked = world.ask()
    assert asked.status_code == 201
    body = asked.json()
    shown = world.client.get(f"/intake/requests/{body['token']}")
    assert shown.content == body["statement"].encode()
    reply = world.hand_in(body["token"], world.sign(body, 1))
    assert reply.status_code == 201
    receipt, checkpoint = verify_receipt(reply.json()["receipt"], [world.keys.log.verifier])
    leaf = json.loads(receipt.entry)
    assert (leaf["kind"], leaf["subject"], leaf["tier"]) == ("petition.signature", "petition/1", "mobile")
    assert receipt.index == reply.json()["index"] == checkpoint.size - 1


@pytest.mark.parametrize("algorithm", ["gost", "rsa"])
@pytest.mark.parametrize("detached", [True, False])
def test_both_algorithms_and_both_forms_are_admitted(world, algorithm, detached):
    number = next(n for n in range(1000) if citizen(n).algorithm == algorithm)
    asked = world.ask().json()
    assert world.hand_in(asked["token"], world.sign(asked, number, detached=detached)).status_code == 201


def test_the_receipt_tells_nothing_that_unmasks(world):
    asked = world.ask().json()
    text = world.hand_in(asked["token"], world.sign(asked, 1)).json()["receipt"]
    receipt = verify_receipt(text, [world.keys.log.verifier])[0]
    leaf = json.loads(receipt.entry)
    assert set(leaf) == {"commitment", "hour", "kind", "pseudonym", "subject", "tier", "v"}
    for secret in (asked["token"], citizen(1).iin, citizen(1).surname, "KZ-75"):
        assert secret not in text
        assert secret.encode() not in receipt.entry


def test_the_same_act_again_gets_the_same_entry(world):
    asked = world.ask().json()
    signature = world.sign(asked, 1)
    first, again = world.hand_in(asked["token"], signature), world.hand_in(asked["token"], signature)
    assert (again.status_code, again.json()["index"]) == (201, first.json()["index"])


def test_a_late_repeat_gets_the_receipt_though_the_request_expired_and_the_petition_closed(world, monkeypatch):
    asked = world.ask("petition/4").json()
    signature = world.sign(asked, 1)
    first, size = world.hand_in(asked["token"], signature), world.size()
    later = datetime.now(UTC) + timedelta(minutes=30)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return later.astimezone(tz)

    monkeypatch.setattr("dauys.intake.app.datetime", Later)
    again = world.hand_in(asked["token"], signature)
    assert (again.status_code, again.json()["index"]) == (201, first.json()["index"])
    refused(world.hand_in(asked["token"], world.sign(asked, 2)), "request-used", world, size)


def test_a_second_signature_is_told_kindly_with_the_receipt_that_stands(world):
    first = world.act(1)
    size = world.size()
    reply = world.act(1)
    refused(reply, "already-signed", world, size)
    assert reply.json()["facts"]["index"] == first.json()["index"]
    verify_receipt(reply.json()["facts"]["receipt"], [world.keys.log.verifier])


def test_another_person_on_a_used_request_gets_a_fresh_one(world):
    asked = world.ask().json()
    world.hand_in(asked["token"], world.sign(asked, 1))
    size = world.size()
    reply = world.hand_in(asked["token"], world.sign(asked, 2))
    refused(reply, "request-used", world, size)
    fresh = reply.json()["facts"]["token"]
    statement = world.client.get(f"/intake/requests/{fresh}").text
    assert world.hand_in(fresh, world.sign({"statement": statement}, 2)).status_code == 201


@pytest.mark.parametrize("make", VARIANTS)
@pytest.mark.parametrize("algorithm", ["gost", "rsa"])
def test_a_broken_signature_has_its_own_code_and_changes_nothing(world, make, algorithm):
    person = citizen(next(n for n in range(1000) if citizen(n).algorithm == algorithm))
    asked, size = world.ask().json(), world.size()
    signature = make(world.pki, person, asked["statement"].encode(), datetime.now(UTC))
    reply = world.hand_in(asked["token"], signature)
    code = reply.json()["code"]
    assert code in VARIANTS[make]
    refused(reply, code, world, size)


def test_a_self_made_authority_with_the_right_names_is_untrusted(world, tmp_path):
    from dauys.demo.pki import DemoPki
    from dauys.demo.signer import sign_cms

    impostor = DemoPki.create(tmp_path / "impostor", seed=8)
    asked, size = world.ask().json(), world.size()
    signature = sign_cms(impostor, citizen(1), asked["statement"].encode(), now=datetime.now(UTC))
    refused(world.hand_in(asked["token"], signature), "issuer-untrusted", world, size)


def test_signing_another_requests_statement_is_refused(world):
    mine, other, size = world.ask().json(), world.ask().json(), world.size()
    refused(world.hand_in(mine["token"], world.sign(other, 1)), "content-differs", world, size)


def test_a_forged_token_is_refused(world):
    asked, size = world.ask().json(), world.size()
    forged = asked["token"][:-2] + ("AA" if not asked["token"].endswith("AA") else "BB")
    refused(world.hand_in(forged, world.sign(asked, 1)), "request-forged", world, size)
    refused(world.client.get(f"/intake/requests/{forged}"), "request-forged", world, size)


def test_an_expired_request_is_refused(world, monkeypatch):
    monkeypatch.setattr(intake_requests, "LIFETIME", timedelta(seconds=-1))
    asked, size = world.ask().json(), world.size()
    refused(world.hand_in(asked["token"], world.sign(asked, 1)), "request-expired", world, size)


@pytest.mark.parametrize(("subject", "code"), [
    ("petition/2", "subject-closed"), ("petition/3", "subject-not-open"), ("petition/99", "subject-unknown"), ("' OR 1=1", "subject-unknown"),
])  # fmt: skip
def test_requests_for_what_cannot_be_signed(world, subject, code):
    refused(world.ask(subject), code, world, world.size())


@pytest.mark.parametrize(("change", "code"), [
    ({"declared": False}, "declaration-missing"), ({"language": "de"}, "bad-input"), ({"tier": "paper"}, "bad-input"),
    ({"region": "KZ-00"}, "bad-input"), ({"declared": "yes"}, "bad-input"), ({"more": 1}, "bad-input"),
])  # fmt: skip
def test_requests_that_ask_wrongly(world, change, code):
    refused(world.ask(**change), code, world, world.size())


@pytest.mark.parametrize(("body", "code"), [
    (b"", "bad-input"), (b"{", "bad-input"), (b"[" * 5000, "bad-input"), (b"\xff\xfe", "bad-input"),
    (b'{"token": 1, "signature": 2}', "bad-input"), (b"x" * (MAX_BODY + 1), "too-large"),
])  # fmt: skip
def test_bodies_that_are_none(world, body, code):
    refused(world.client.post("/intake/acts", content=body), code, world, world.size())


def test_a_signature_larger_than_any_real_one_is_refused_before_it_is_read(world):
    asked, size = world.ask().json(), world.size()
    refused(world.hand_in(asked["token"], b"0" * MAX_SIGNATURE), "cms-too-large", world, size)


@pytest.mark.parametrize("signature", ["", "MIIB", "не base64", "A" * 2000, b64encode(b"0\x80" + bytes(50)).decode()])
def test_what_is_no_cms_is_refused(world, signature):
    asked, size = world.ask().json(), world.size()
    reply = world.client.post("/intake/acts", json={"token": asked["token"], "signature": signature})
    refused(reply, reply.json()["code"], world, size)
    assert reply.json()["code"] == "cms-malformed"


def test_a_sentence_in_each_language(world):
    forged = {language: world.hand_in("forged", b"", language).json()["message"] for language in LANGUAGES}
    assert len(set(forged.values())) == 3


def test_the_published_count_names_its_tree_size_and_failures_are_counted_by_the_hour(world):
    for number in range(3):
        assert world.act(number).status_code == 201
    world.ask("petition/2")
    until = time.monotonic() + 10
    while (count := world.client.get("/petitions/1/count.json").json())["signatures"] < 3 and time.monotonic() < until:
        time.sleep(0.1)
    assert count == {"subject": "petition/1", "signatures": 3, "final": 0, "size": 8}
    assert world.client.get("/log/checkpoint").text.split("\n")[1] == "8"
    while not (rows := world.execute("SELECT code, attempts FROM ledger_refusal")) and time.monotonic() < until:
        time.sleep(0.1)
    assert rows == [("subject-closed", 1)]
    assert world.client.get("/petitions/77/count.json").status_code == 404


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/0/../../keys/log.key", "../keys/log.key", "counts.json2", "", "tile/entries/000.p/300"]
)
def test_only_the_log_is_served(world, path):
    assert world.client.get(f"/log/{path}").status_code == 404


def test_texts_are_served_by_hash_and_withheld_ones_say_why(world):
    import hashlib

    from dauys.ledger.text_files import PublicText, write_texts

    content = "Талап жоқ.\n"
    digest = hashlib.sha256(content.encode()).hexdigest()
    write_texts(world.places.log, [PublicText(digest, content, "")])
    answer = world.client.get(f"/log/text/{digest}")
    assert answer.content.decode() == content
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    write_texts(world.places.log, [PublicText(digest, "", "court-order")])
    answer = world.client.get(f"/log/text/{digest}")
    assert (answer.status_code, answer.json()["code"]) == (410, "text-withheld")
    assert "court-order" in answer.json()["message"]
    for path in (f"text/{digest}.withheld", f"text/{digest[1:]}", f"text/{digest.upper()}", f"text/{'0' * 64}"):
        assert world.client.get(f"/log/{path}").status_code == 404


def test_what_nobody_foresaw_is_a_coded_answer_too(world, monkeypatch):
    def broken(*_args, **_options):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(intake_requests.SigningRequests, "create", broken)
        refused(world.ask(), "internal-error", world, world.size())
    assert world.ask().status_code == 201


def test_the_last_checkpoint_and_the_tiles_of_a_log_that_was_succeeded(world):
    with closing(Publisher(world.places, world.keys.log)) as publisher:
        publisher.publish()
    before = (world.places.log / "checkpoint").read_text()
    folder = world.places.public / "past" / ("a" * 64)
    folder.mkdir(parents=True)
    (folder / "checkpoint").write_text(before)
    (folder / "keys.json").write_text("{}")
    (folder / "tile").symlink_to(world.places.log / "tile")
    past = f"/log/past/{'a' * 64}"
    assert world.client.get(f"{past}/checkpoint").text == before
    assert world.client.get(f"{past}/keys.json").text == "{}"
    assert world.client.get(f"{past}/tile/0/000.p/4").content == world.client.get("/log/tile/0/000.p/4").content
    for path in (f"{past}/counts.json", f"{past}/../keys", "/log/past/checkpoint", f"{past}/tile/0"):
        assert world.client.get(path).status_code == 404
