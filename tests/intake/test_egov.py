import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from broken_cms import VARIANTS
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.errors import LANGUAGES, Refusal, error_classes
from dauys.intake import requests as intake_requests
from dauys.intake.answers import MAX_BODY
from dauys.intake.egov import Egov, app_link, business_link, invitation_url, moment, qr_text
from dauys.intake.phone_answers import ANSWERS, Kind
from made_phone import BASE, Phone, change, intake_of, refused, with_data


@pytest.fixture
def phone(world):
    return Phone(world, world.ask().json()["token"]).enter()


def test_the_code_and_the_link_say_where_to_begin():
    url = invitation_url("https://dauys.example", "AbC-1_2")
    assert url == "https://dauys.example/intake/mgovSign/AbC-1_2"
    assert qr_text(url) == "mobileSign:https://dauys.example/intake/mgovSign/AbC-1_2"
    link = app_link(url)
    assert link.startswith("https://m.egov.kz/mobileSign/?link=https%3A%2F%2F")
    assert parse_qs(urlsplit(link).query) == {
        "link": [url],
        "isi": ["1476128386"],
        "ibi": ["kz.egov.mobile"],
        "apn": ["kz.mobile.mgov"],
    }
    business = business_link(url)
    assert business.startswith("https://m.egov.kz/businessSign/?link=https%3A%2F%2F")
    assert parse_qs(urlsplit(business).query) == {"link": [url]}


def test_a_moment_has_milliseconds_and_a_zone_without_colon():
    assert moment(datetime(2026, 8, 14, 10, 52, 24, 138_999, tzinfo=UTC)) == "2026-08-14T15:52:24.138+0500"
    assert moment(datetime(2026, 12, 31, 19, 0, tzinfo=UTC)) == "2027-01-01T00:00:00.000+0500"


def test_the_invitation_is_as_the_app_reads_it(world):
    asked = world.ask().json()
    told = Phone(world, asked["token"]).invitation()
    body = told.json()
    assert (told.status_code, told.headers["cache-control"]) == (200, "no-store")
    assert set(body) == {"description", "expiry_date", "organisation", "document"}
    assert set(body["organisation"]) == {"nameRu", "nameKz", "nameEn", "bin"}
    assert set(body["document"]) == {"uri", "auth_type", "auth_token"}
    assert body["document"]["uri"] == f"{BASE}/intake/mgovSign/{asked['token']}/documents"
    assert body["document"]["auth_type"] == "Token"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0500", body["expiry_date"])
    expires = datetime.fromisoformat(asked["expires"])
    assert datetime.strptime(body["expiry_date"], "%Y-%m-%dT%H:%M:%S.%f%z") == expires


def test_the_package_holds_the_exact_statement(world):
    asked = world.ask().json()
    package = Phone(world, asked["token"]).enter().package().json()
    assert set(package) == {"signMethod", "version", "documentsToSign"}
    assert (package["signMethod"], package["version"]) == ("CMS_SIGN_ONLY", 1)
    (document,) = package["documentsToSign"]
    assert set(document) == {"id", "nameRu", "nameKz", "nameEn", "meta", "document"}
    assert document["meta"] == [{"name": "Петиция", "value": "Мектеп автобусы"}]
    file = document["document"]["file"]
    assert file == {"mime": "text/plain", "data": b64encode(asked["statement"].encode()).decode()}


@pytest.mark.parametrize("algorithm", ["gost", "rsa"])
def test_a_citizen_signs_by_the_code(world, phone, algorithm):
    number, size = next(n for n in range(1000) if citizen(n).algorithm == algorithm), world.size()
    reply = phone.put(phone.signed(number, phone.package().json()))
    assert (reply.status_code, reply.json()) == (200, {"status": "success"})
    assert world.size() == size + 1


def test_the_same_again_is_a_success_and_counts_once(world, phone):
    signed = phone.signed(1, phone.package().json())
    assert phone.put(signed).status_code == 200
    size = world.size()
    assert phone.put(signed).json() == {"status": "success"}
    assert world.size() == size


def test_with_data_and_without_a_pass(world, other_app):
    token = world.ask().json()["token"]
    with other_app(DAUYS_EGOV_METHOD="CMS_WITH_DATA", DAUYS_EGOV_AUTH="None") as client:
        world.client = client
        phone = Phone(world, token)
        assert phone.invitation().json()["document"]["auth_type"] == "None"
        assert phone.invitation().json()["document"]["auth_token"] == ""
        phone.enter()
        package = phone.package().json()
        assert package["signMethod"] == "CMS_WITH_DATA"
        assert phone.put(phone.signed(1, package)).json() == {"status": "success"}


def test_the_organisation_and_the_public_address_are_settings(world, other_app):
    settings = {
        "DAUYS_PUBLIC_URL": "https://dauys.example/", "DAUYS_ORGANISATION_RU": "Министерство", "DAUYS_ORGANISATION_KK": "Министрлік",
        "DAUYS_ORGANISATION_EN": "Ministry", "DAUYS_ORGANISATION_BIN": "000740000728",
    }  # fmt: skip
    token = world.ask().json()["token"]
    with other_app(**settings) as client:
        body = client.get(f"/intake/mgovSign/{token}").json()
    assert body["document"]["uri"] == f"https://dauys.example/intake/mgovSign/{token}/documents"
    names = {"nameRu": "Министерство", "nameKz": "Министрлік", "nameEn": "Ministry", "bin": "000740000728"}
    assert body["organisation"] == names


def test_production_needs_an_address_and_an_organisation():
    said = {"DAUYS_PUBLIC_URL": "https://dauys.example", "DAUYS_ORGANISATION_BIN": "000740000728"}
    assert Egov.from_environment(said).complete
    for name, value in said.items():
        assert not Egov.from_environment({name: value}).complete
    assert not Egov.from_environment({}).complete


@pytest.mark.parametrize(
    "wrong", [{"DAUYS_EGOV_AUTH": "eds"}, {"DAUYS_EGOV_METHOD": "CMS"}, {"DAUYS_PUBLIC_URL": "dauys.example"}]
)
def test_settings_that_cannot_be_refuse_to_start(wrong):
    with pytest.raises(Refusal) as caught:
        Egov.from_environment(wrong)
    assert next(iter(wrong)) in str(caught.value)


def test_without_the_pass_nothing_is_shown_or_taken(world, phone):
    signed, size = phone.signed(1, phone.package().json()), world.size()
    other = Phone(world, world.ask().json()["token"]).enter().headers["authorization"]
    for shown in ("", "Bearer", "Bearer AAAA", other, phone.headers["authorization"][:-1], "Bearer \u00e9"):
        phone.headers["authorization"] = shown.encode()
        refused(phone.package(), "bearer-wrong", 401, world, size)
        refused(phone.put(signed), "bearer-wrong", 401, world, size)


CHANGES = {
    "id": lambda package: change(package, id=2),
    "nameRu": lambda package: change(package, nameRu="Заявление"),
    "nameKz": lambda package: change(package, nameKz=""),
    "nameEn": lambda package: change(package, nameEn="Another"),
    "meta": lambda package: change(package, meta=[]),
    "mime": lambda package: change(
        package,
        document={"file": package["documentsToSign"][0]["document"]["file"] | {"mime": "application/pdf"}},
    ),
    "method": lambda package: package | {"signMethod": "CMS_WITH_DATA"},
    "version": lambda package: package | {"version": 2},
    "none": lambda package: package | {"documentsToSign": []},
    "two": lambda package: package | {"documentsToSign": package["documentsToSign"] * 2},
}


@pytest.mark.parametrize("what", CHANGES)
def test_anything_but_the_signature_must_come_back_as_it_was(world, phone, what):
    signed, size = phone.signed(1, phone.package().json()), world.size()
    refused(phone.put(CHANGES[what](signed)), "documents-differ", 400, world, size)
    assert phone.put(signed | {"unknown": [1]}).status_code == 200  # what the protocol does not name is not looked at


@pytest.mark.parametrize("make", VARIANTS)
def test_a_broken_signature_is_forbidden_and_says_why(world, phone, make):
    package, size = phone.package().json(), world.size()
    content = b64decode(package["documentsToSign"][0]["document"]["file"]["data"])
    broken = make(world.pki, citizen(1), content, datetime.now(UTC))
    reply = phone.put(with_data(package, b64encode(broken).decode()))
    assert reply.status_code == 403
    sentences = [error_classes()[code].sentence.partition("{")[0] for code in VARIANTS[make]]
    assert any(reply.json()["message"].startswith(sentence) for sentence in sentences)
    assert world.size() == size


def test_a_self_made_authority_is_forbidden(world, phone, tmp_path):
    impostor, size = DemoPki.create(tmp_path / "impostor", seed=8), world.size()
    signed = phone.signed(1, phone.package().json(), pki=impostor)
    refused(phone.put(signed), "issuer-untrusted", 403, world, size)


def test_what_was_not_signed_or_signed_elsewhere_is_forbidden(world, phone):
    package, size = phone.package().json(), world.size()
    refused(phone.put(package), "cms-malformed", 403, world, size)
    refused(phone.put(with_data(package, "")), "cms-malformed", 403, world, size)
    other = Phone(world, world.ask().json()["token"]).enter()
    swapped = other.signed(1, other.package().json())["documentsToSign"][0]["document"]["file"]["data"]
    refused(phone.put(with_data(package, swapped)), "content-differs", 403, world, size)


def test_a_signature_or_body_larger_than_any_real_one(world, phone):
    package, size = phone.package().json(), world.size()
    refused(phone.put(with_data(package, "A" * 60_000)), "cms-too-large", 413, world, size)
    refused(phone.put(with_data(package, "A" * MAX_BODY)), "too-large", 413, world, size)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 5000, b"\xff\xfe", b'{"documentsToSign": 1}', b'{"status": null}'])
def test_bodies_that_are_none(world, phone, body):
    reply = world.client.put(phone.uri, content=body, headers=phone.headers)
    refused(reply, "bad-input", 400, world, world.size())


@pytest.mark.parametrize("rest", [False, True])
def test_a_cancelled_signing_is_told_kindly(world, phone, rest):
    package, size = phone.package().json(), world.size()
    refused(phone.put((package if rest else {}) | {"status": "CANCELED"}), "signing-cancelled", 400, world, size)
    assert phone.put(phone.signed(1, package)).status_code == 200  # and the mind may change


def test_the_page_that_waits_learns_what_the_phone_was_told(world, phone):
    def said():
        grant = intake_of(world).requests.open(phone.token, datetime.now(UTC)).grant
        answer = ANSWERS.last(grant.nonce, datetime.now(UTC))
        return answer and (answer.kind, answer.times)

    package = phone.package().json()
    assert said() is None
    phone.put({"status": "CANCELED"})
    assert said() == (Kind.DECLINED, 1)
    phone.put(with_data(phone.signed(1, package), "AAAA"))
    assert said() == (Kind.SIGNATURE, 2)
    phone.headers |= {"authorization": "Bearer wrong"}
    phone.put({"status": "CANCELED"})  # whoever only knows the address cannot speak for the phone
    assert said() == (Kind.SIGNATURE, 2)
    assert phone.enter().put(phone.signed(1, package)).status_code == 200
    assert said() is None


def test_a_second_person_on_the_same_code_and_a_second_code_for_the_same_person(world, phone):
    package = phone.package().json()
    assert phone.put(phone.signed(1, package)).status_code == 200
    size = world.size()
    refused(phone.put(phone.signed(2, package)), "code-used", 409, world, size)
    again = Phone(world, world.ask().json()["token"]).enter()
    refused(again.put(again.signed(1, again.package().json())), "signed-before", 409, world, size)


def test_a_forged_code(world, phone):
    signed, size = phone.signed(1, phone.package().json()), world.size()
    forged = Phone(world, "AAAA")
    forged.uri, forged.headers["authorization"] = "/intake/mgovSign/AAAA/documents", phone.headers["authorization"]
    refused(forged.invitation(), "request-forged", 403, world, size)
    forged.headers["authorization"] = "Bearer " + intake_of(world).requests.tokens.bearer("AAAA")
    for reply in (forged.package(), forged.put(signed)):
        refused(reply, "request-forged", 403, world, size)


def test_an_expired_code(world, monkeypatch):
    asked = world.ask().json()
    phone = Phone(world, asked["token"]).enter()
    package = phone.package().json()
    monkeypatch.setattr(intake_requests.Grant, "expired", lambda *_: True)
    size = world.size()
    for reply in (phone.invitation(), phone.package(), phone.put(phone.signed(1, package))):
        refused(reply, "request-expired", 410, world, size)


def test_a_petition_that_closed_meanwhile(world, monkeypatch):
    phone = Phone(world, world.ask("petition/4").json()["token"]).enter()
    package = phone.package().json()
    later = datetime.now(UTC) + timedelta(minutes=10)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return later.astimezone(tz)

    monkeypatch.setattr("dauys.intake.egov_routes.datetime", Later)
    size = world.size()
    for reply in (phone.invitation(), phone.package(), phone.put(phone.signed(1, package))):
        refused(reply, "subject-closed", 409, world, size)


def test_messages_speak_the_apps_language(world):
    said = {language: Phone(world, "AAAA", language).invitation().json()["message"] for language in LANGUAGES}
    assert len(set(said.values())) == 3
    assert said["kk"] == error_classes()["request-forged"]().explain("kk")


def test_failed_attempts_by_phone_are_counted(world, phone, monkeypatch):
    counted = []
    monkeypatch.setattr(intake_of(world).refusals, "count", counted.append)
    phone.put({"status": "CANCELED"})
    assert counted == ["signing-cancelled"]


def test_a_full_pool_is_told_before_anything_is_read(world, phone, monkeypatch):
    signed, size = phone.signed(1, phone.package().json()), world.size()
    monkeypatch.setattr(intake_of(world).pool, "_capacity", 0)
    reply = phone.put(signed)
    refused(reply, "overloaded", 503, world, size)
    assert int(reply.headers["retry-after"]) > 0
