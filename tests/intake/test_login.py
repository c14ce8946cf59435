from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broken_cms import VARIANTS
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.errors import BadInput, CertificateRevoked, RequestForged, error_classes
from dauys.intake.egov_documents import Method
from dauys.intake.login import LIFETIME, LoginGrant, create_login, open_login
from dauys.intake.login_door import short_name
from dauys.intake.token import MAX_TOKEN, Grant, Tokens
from dauys.ledger import logins
from made_phone import Phone

KEY, SECRET, HOST = b"k" * 32, "the browser's secret", "dauys.example"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def intake_of(world):
    return world.client._client._transport.app.state.intake


def begin(world, role="citizen", now=None):
    return create_login(world.keys.request, role, HOST, "en", SECRET, now or datetime.now(UTC))


def sign(world, asked, number=1, *, pki=None, content=None):
    content = content or asked.statement.to_bytes()
    return sign_cms(pki or world.pki, citizen(number), content, now=datetime.now(UTC))


def hand_in(world, token, signature, path="/intake/logins"):
    return world.client.post(path, json={"token": token, "signature": b64encode(signature).decode()})


def waiting(world, asked):
    return logins.find(intake_of(world).requests.connection, asked.grant.nonce, datetime.now(UTC))


def refused(reply, code, world, asked):
    """The reply is that error in words, nobody is let in, and nothing is in the log."""
    assert (reply.json()["code"], reply.status_code) == (code, error_classes()[code].status)
    assert waiting(world, asked) is None
    return True


# ---- Tokens ----

nonces = st.binary(min_size=16, max_size=16)
moments = st.integers(1, 2**40)
holders = st.binary(min_size=32, max_size=32)
grants = st.builds(
    LoginGrant,
    kind=st.just("login"),
    nonce=nonces,
    expires=moments,
    language=st.sampled_from(["kk", "ru", "en"]),
    role=st.sampled_from(["citizen", "official"]),
    host=st.just(HOST),
    holder=holders,
)
acts = st.builds(
    Grant,
    kind=st.just("petition.signature"),
    subject=st.just("petition/1"),
    nonce=nonces,
    expires=moments,
    language=st.just("kk"),
    tier=st.just("mobile"),
    region=st.just(""),
    holder=holders,
)


def sealed(grant):
    from dauys.intake.login import LABEL, PREFIX
    from dauys.intake.token import seal

    return PREFIX + seal(KEY, LABEL, grant)


@given(grants)
def test_a_token_is_all_the_state(grant):
    token = sealed(grant)
    assert open_login(KEY, token).grant == grant
    assert len(token) <= MAX_TOKEN


@given(grants, acts)
def test_tokens_of_one_kind_never_pass_for_the_other(login, act):
    login_token, act_token = sealed(login), Tokens(KEY).seal(act)
    for token in (login_token, login_token.removeprefix("login.")):
        with pytest.raises(RequestForged):
            Tokens(KEY).open(token)
    for token in (act_token, "login." + act_token):
        with pytest.raises(RequestForged):
            open_login(KEY, token)


@given(grants, acts)
def test_not_even_one_kinds_fields_under_the_other_kinds_label(login, act):
    from dauys.intake.login import LABEL, PREFIX
    from dauys.intake.token import LABEL as ACT_LABEL
    from dauys.intake.token import seal

    with pytest.raises(RequestForged):
        open_login(KEY, PREFIX + seal(KEY, LABEL, act))
    with pytest.raises(RequestForged):
        open_login(KEY, PREFIX + seal(KEY, ACT_LABEL, login))
    for label, grant in ((ACT_LABEL, login), (LABEL, act)):
        with pytest.raises(RequestForged):
            Tokens(KEY).open(seal(KEY, label, grant))


@given(grants, st.data())
def test_one_changed_letter_is_forged(grant, data):
    token = sealed(grant)
    place = data.draw(st.integers(0, len(token) - 1))
    changed = token[:place] + data.draw(st.sampled_from("ABCdef019-_.=+/ \nя")) + token[place + 1 :]
    if changed != token:
        with pytest.raises(RequestForged):
            open_login(KEY, changed)


@pytest.mark.parametrize(
    "wrong", [{"role": "administrator"}, {"language": "de"}, {"host": "dauys.example\nkind: x"}, {"host": ""}]
)
def test_a_login_that_cannot_be_is_not_made(wrong):
    said = {"role": "citizen", "host": HOST, "language": "kk", "secret": SECRET, "now": NOW} | wrong
    with pytest.raises(BadInput):
        create_login(KEY, **said)


def test_the_secret_is_not_in_the_token():
    asked = create_login(KEY, "citizen", HOST, "kk", SECRET, NOW)
    assert asked.held_by(SECRET)
    assert not asked.held_by("")
    assert SECRET.encode() not in b64decode(asked.token.removeprefix("login.") + "==", altchars=b"-_")
    assert asked.expires == NOW + LIFETIME


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("СЕРІКОВА АЙГҮЛ", "Айгүл С."),
        ("Ли Ан", "Ан Л."),
        ("ҚАСЫМ-ЖОМАРТ АЛИ БЕК", "Али Бек Қ."),
        ("MADONNA", "M."),
        ("", "."),
    ],
)
def test_a_name_is_shortened(written, shown):
    assert short_name(written) == shown


# ---- At the door ----


@pytest.mark.parametrize("algorithm", ["gost", "rsa"])
def test_a_signature_waits_for_the_browser_that_asked(world, algorithm):
    asked, size = begin(world), world.size()
    number = next(n for n in range(1000) if citizen(n).algorithm == algorithm)
    shown = world.client.get(f"/intake/logins/{asked.token}")
    assert shown.content == asked.statement.to_bytes()
    reply = hand_in(world, asked.token, sign(world, asked, number))
    assert (reply.status_code, reply.json()) == (201, {"status": "success"})  # and no word of who it was
    result = waiting(world, asked)
    assert result.person == world.keys.person(f"iin|{citizen(number).iin}")
    name = logins.unwrap_name(world.keys, asked.grant.nonce, result.name)
    assert name == f"{citizen(number).given_name} {citizen(number).surname[0]}."
    assert world.size() == size  # nothing of it is an act


def test_no_personal_number_is_kept(world):
    asked = begin(world)
    hand_in(world, asked.token, sign(world, asked))
    rows = world.execute("SELECT hex(nonce), person, hex(name) FROM login_result")
    assert citizen(1).iin not in str(rows)
    assert citizen(1).iin.encode().hex().upper() not in str(rows)


def test_the_phone_goes_the_same_way_as_for_an_act(world):
    asked = begin(world, "official")
    invitation = world.client.get(f"/intake/mgovSign/{asked.token}").json()
    assert invitation["description"] == "Logging in"
    uri = invitation["document"]["uri"].removeprefix("http://testserver")
    headers = {"authorization": f"Bearer {invitation['document']['auth_token']}"}
    package = world.client.get(uri, headers=headers).json()
    document = package["documentsToSign"][0]
    assert document["meta"] == [{"name": "Code on the page", "value": asked.statement.code}]
    file = document["document"]["file"]
    assert b64decode(file["data"]) == asked.statement.to_bytes()
    file["data"] = b64encode(sign(world, asked)).decode()
    assert world.client.put(uri, json=package).status_code == 401
    for _ in range(2):  # a network that loses the answer makes the phone send it again
        reply = world.client.put(uri, json=package, headers=headers)
        assert (reply.status_code, reply.json()) == (200, {"status": "success"})
    assert waiting(world, asked).person == world.keys.person(f"iin|{citizen(1).iin}")
    file["data"] = b64encode(sign(world, asked, 2)).decode()
    assert world.client.put(uri, json=package, headers=headers).status_code == 409


@pytest.mark.parametrize("method", get_args(Method))
@pytest.mark.parametrize("auth", ["Token", "Eds"])
def test_any_method_of_the_phone_logs_in(world, other_app, method, auth):
    asked = begin(world)
    with other_app(DAUYS_EGOV_METHOD=method, DAUYS_EGOV_AUTH=auth) as client:
        phone = Phone(world, asked.token, client=client).enter()
        package = (phone.log_in(1) if auth == "Eds" else phone.package()).json()
        assert phone.put(phone.signed(1, package)).json() == {"status": "success"}
    assert waiting(world, asked).person == world.keys.person(f"iin|{citizen(1).iin}")


def test_a_used_request_lets_in_nobody_else(world):
    asked = begin(world)
    assert hand_in(world, asked.token, sign(world, asked, 1)).status_code == 201
    first = waiting(world, asked)
    reply = hand_in(world, asked.token, sign(world, asked, 2))
    assert (reply.status_code, reply.json()["code"]) == (409, "login-used")
    assert waiting(world, asked) == first


def test_an_expired_request(world):
    asked = begin(world, now=datetime.now(UTC) - LIFETIME - timedelta(seconds=1))
    assert refused(hand_in(world, asked.token, sign(world, asked)), "request-expired", world, asked)
    assert world.client.get(f"/intake/mgovSign/{asked.token}").status_code == 410


def test_a_statement_of_another_host_role_or_request(world):
    asked, other = begin(world), begin(world)
    for content in (
        asked.statement.to_text().replace(HOST, "evil.example").encode(),
        asked.statement.to_text().replace("citizen", "official").encode(),
        begin(world, "official").statement.to_bytes(),
        other.statement.to_bytes(),
    ):
        assert refused(
            hand_in(world, asked.token, sign(world, asked, content=content)), "content-differs", world, asked
        )


def test_a_petitions_signature_is_no_login_and_the_reverse(world):
    login, act = begin(world), world.ask().json()
    signed_act, signed_login = world.sign(act, 1), sign(world, login)
    assert refused(hand_in(world, act["token"], signed_act), "request-forged", world, login)
    assert refused(hand_in(world, login.token, signed_act), "content-differs", world, login)
    size = world.size()
    for token, code in ((login.token, "request-forged"), (act["token"], "content-differs")):
        reply = world.hand_in(token, signed_login)
        assert reply.json()["code"] == code
    assert world.client.get(f"/intake/requests/{login.token}").status_code == 403
    assert world.client.get(f"/intake/logins/{act['token']}").status_code == 403
    assert world.size() == size


def test_a_revoked_key(world, monkeypatch):
    class Revoked:
        def require_good(self, *_):
            raise CertificateRevoked(since="2026-01-01")

    monkeypatch.setattr(intake_of(world).door, "revocation", Revoked())
    asked = begin(world)
    assert refused(hand_in(world, asked.token, sign(world, asked)), "certificate-revoked", world, asked)


def test_a_self_made_authority(world, tmp_path):
    asked, impostor = begin(world), DemoPki.create(tmp_path / "impostor", seed=8)
    assert refused(hand_in(world, asked.token, sign(world, asked, pki=impostor)), "issuer-untrusted", world, asked)


@pytest.mark.parametrize("make", VARIANTS)
def test_a_broken_signature(world, make):
    asked = begin(world)
    broken = make(world.pki, citizen(1), asked.statement.to_bytes(), datetime.now(UTC))
    reply = hand_in(world, asked.token, broken)
    assert reply.json()["code"] in VARIANTS[make]
    assert waiting(world, asked) is None


def test_failed_attempts_are_counted(world, monkeypatch):
    counted, asked = [], begin(world)
    monkeypatch.setattr(intake_of(world).refusals, "count", counted.append)
    hand_in(world, asked.token, b"no signature")
    assert counted == ["cms-malformed"]


def test_a_busy_door_says_so(world, monkeypatch):
    asked = begin(world)
    monkeypatch.setattr(intake_of(world).pool, "_capacity", 0)
    assert refused(hand_in(world, asked.token, sign(world, asked)), "overloaded", world, asked)
