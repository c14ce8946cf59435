"""`auth_type` Eds: whoever reads the documents has logged in for them, and nobody else signs them."""

from datetime import UTC, datetime, timedelta

import pytest

from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.profile import Purpose
from dauys.demo.signer import enrolled
from dauys.demo.xml_signer import sign_xml
from dauys.intake.egov_login import FRESH, LIMIT
from made_phone import Phone, change, refused
from made_xml import wrapped


@pytest.fixture
def app(other_app):
    with other_app(DAUYS_EGOV_AUTH="Eds") as client:
        yield client


@pytest.fixture
def phone_of(world, app):
    return lambda **asked: Phone(world, world.ask(**asked).json()["token"], client=app).enter()


@pytest.fixture
def phone(phone_of):
    return phone_of()


def login(phone, number=1, *, url=None, moment=None, document=None, purpose=Purpose.AUTHENTICATION, pki=None):
    """A signed log-in with anything in it."""
    now = datetime.now(UTC)
    text = document or "<login><url>{url}</url><timeStamp>{moment}</timeStamp></login>"
    text = text.format(url=url or phone.url, moment=moment or now.isoformat())
    return sign_xml(enrolled(pki or phone.world.pki, citizen(number), now, purpose), text.encode()).decode()


def test_who_logs_in_reads_and_signs(world, phone):
    invitation, size = phone.invitation().json(), world.size()
    assert (invitation["document"]["auth_type"], invitation["document"]["auth_token"]) == ("Eds", "")
    package = phone.log_in(3).json()
    fact, mark = package["documentsToSign"][0]["meta"]
    assert fact["name"] == "Петиция"
    assert mark["name"] == "Кіру белгісі"
    for _ in range(2):
        assert phone.put(phone.signed(3, package)).json() == {"status": "success"}
    assert world.size() == size + 1


def test_without_a_log_in_nothing_is_shown_or_taken(world, phone):
    package, size = phone.log_in(3).json(), world.size()
    refused(phone.package(), "bearer-wrong", 401, world, size)
    phone.headers["authorization"] = "Bearer "
    refused(phone.package(), "bearer-wrong", 401, world, size)
    facts = package["documentsToSign"][0]["meta"]
    for meta in (facts[:1], [], [facts[1], facts[0]], [*facts, facts[1]]):
        refused(phone.put(phone.signed(3, change(package, meta=meta))), "documents-differ", 400, world, size)
    for mark in ("", "AAAA", "\u00e9", facts[1]["value"][:-1]):
        forged = change(package, meta=[facts[0], facts[1] | {"value": mark}])
        code, status = ("login-differs", 403) if mark else ("documents-differ", 400)
        refused(phone.put(phone.signed(3, forged)), code, status, world, size)


def test_another_person_may_not_sign_what_was_shown_to_this_one(world, phone):
    package, size = phone.log_in(3).json(), world.size()
    refused(phone.put(phone.signed(4, package)), "login-differs", 403, world, size)
    assert phone.put(phone.signed(4, phone.log_in(4).json())).status_code == 200


def test_a_mark_of_another_code_is_no_mark_of_this_one(world, phone_of):
    phone, other = phone_of(), phone_of()
    mine, theirs, size = phone.log_in(3).json(), other.log_in(3).json(), world.size()
    carried = change(mine, meta=theirs["documentsToSign"][0]["meta"])
    refused(phone.put(phone.signed(3, carried)), "login-differs", 403, world, size)


def test_a_log_in_for_another_code_is_refused(world, phone_of):
    phone, other = phone_of(), phone_of()
    refused(phone.hand_login(login(other)), "login-elsewhere", 403, world, world.size())
    for url in (
        phone.url + "/",
        phone.url.replace("http", "https"),
        phone.url.replace("testserver", "other.example"),
        "x",
    ):
        refused(phone.hand_login(login(phone, url=url)), "login-elsewhere", 403, world, world.size())


@pytest.mark.parametrize("form", [
    lambda at: at.isoformat(), lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), lambda at: str(int(at.timestamp())),
    lambda at: str(int(at.timestamp() * 1000)), lambda at: (at + timedelta(hours=5)).strftime("%Y-%m-%d %H:%M:%S"),
    lambda at: (at + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S.123+0500"),
])  # fmt: skip
def test_the_moment_may_be_written_in_several_ways(world, phone, form):
    now, size = datetime.now(UTC), world.size()
    for near in (timedelta(0), FRESH / 2, -FRESH / 2):
        assert phone.hand_login(login(phone, moment=form(now + near))).status_code == 200
    for far in (2 * FRESH, -2 * FRESH):
        refused(phone.hand_login(login(phone, moment=form(now + far))), "login-stale", 401, world, size)


@pytest.mark.parametrize("moment", ["today", "-1", "9" * 30, "0", "2026", "\u0661\u0662", "inf"])
def test_a_moment_that_is_none(world, phone, moment):
    refused(phone.hand_login(login(phone, moment=moment)), "login-stale", 401, world, world.size())


@pytest.mark.parametrize("document", [
    "<login><url>{url}</url></login>", "<login><url>{url}</url><timeStamp>{moment}</timeStamp><url>{url}</url></login>",
    "<enter><url>{url}</url><timeStamp>{moment}</timeStamp></enter>", "<login><timeStamp>{moment}</timeStamp><url><a/>{url}</url></login>",
    "<login><a>{url}</a><timeStamp>{moment}</timeStamp></login>", "<login><url>{url}</url><url>{moment}</url></login>", "<login/>",
    '<login xmlns="urn:a"><url>{url}</url><timeStamp>{moment}</timeStamp></login>',
])  # fmt: skip
def test_a_signed_document_that_is_no_log_in(world, phone, document):
    refused(phone.hand_login(login(phone, document=document)), "xml-malformed", 403, world, world.size())


def test_only_the_key_for_logging_in_of_a_person_logs_in(world, phone, tmp_path):
    size = world.size()
    refused(phone.hand_login(login(phone, purpose=Purpose.SIGNING)), "wrong-login-key", 403, world, size)
    refused(phone.hand_login(login(phone, purpose=Purpose.LEGAL)), "wrong-purpose", 403, world, size)
    impostor = DemoPki.create(tmp_path / "impostor", seed=8)
    refused(phone.hand_login(login(phone, pki=impostor)), "issuer-untrusted", 403, world, size)


def test_a_log_in_that_was_changed_or_wrapped(world, phone):
    signed, size = login(phone), world.size()
    refused(phone.hand_login(signed.replace("mgovSign", "mgovsign")), "signature-invalid", 403, world, size)
    refused(phone.hand_login(signed.replace("<login>", "<login><!-- -->")), "xml-not-covered", 403, world, size)
    refused(phone.hand_login("<login/>"), "no-signer", 403, world, size)
    refused(phone.hand_login(""), "xml-malformed", 403, world, size)
    refused(phone.hand_login("<a>" * LIMIT), "xml-too-large", 413, world, size)
    for document in wrapped(signed.encode()).values():
        reply = phone.hand_login(document.decode())
        assert (reply.status_code, set(reply.json())) == (403, {"message"})


@pytest.mark.parametrize("body", [b"", b"{}", b'{"xml": 5}', b'{"xml": "\\ud800"}', b"<login/>"])
def test_bodies_that_are_no_log_in(world, phone, body):
    reply = phone.client.post(phone.uri, content=body, headers=phone.headers)
    refused(reply, "bad-input", 400, world, world.size())


def test_a_cancelled_signing_needs_no_log_in(world, phone):
    refused(phone.put({"status": "CANCELED"}), "signing-cancelled", 400, world, world.size())


def test_a_forged_code_is_told_before_any_log_in(world, phone):
    forged = Phone(world, "AAAA", client=phone.client)
    forged.uri = forged.path + "/documents"
    refused(forged.hand_login(login(phone)), "request-forged", 403, world, world.size())


def test_where_no_log_in_is_asked_for_none_is_taken(world):
    other = Phone(world, world.ask().json()["token"]).enter()
    refused(other.log_in(1), "bearer-wrong", 401, world, world.size())


@pytest.mark.parametrize("method", ["XML", "MIX_SIGN"])
def test_with_other_methods_too(world, other_app, method):
    with other_app(DAUYS_EGOV_AUTH="Eds", DAUYS_EGOV_METHOD=method) as client:
        phone, size = Phone(world, world.ask().json()["token"], client=client).enter(), world.size()
        package = phone.log_in(3).json()
        refused(phone.put(phone.signed(4, package)), "login-differs", 403, world, size)
        assert phone.put(phone.signed(3, package)).json() == {"status": "success"}
