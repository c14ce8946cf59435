from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import webworld
from dauys.errors import RoleMissing


@pytest.fixture
def asked(desk):
    """Makes a request of a browser with a session of that role and those tasks, or none."""
    from django.test import RequestFactory

    from dauys.desk.models import Duty, Official
    from dauys.desk.sessions import open_session
    from dauys.desk.transactions import office_transaction

    def with_session(role="", *tasks, method="get", path="/kk/queue?page=2"):
        person = desk.person(f"iin|access {role} {tasks}")
        request = getattr(RequestFactory(), method)(path)
        with office_transaction():
            if role == "official":
                official, _ = Official.objects.update_or_create(person=person, defaults={"name": "А", "active": True})
                for task in tasks:
                    Duty.objects.create(official=official, role=task)
            if role:
                request.COOKIES["dauys_session"] = open_session(person, role, "А", datetime.now(UTC))
        return request

    return with_session


def guarded(*roles):
    from django.http import HttpResponse

    from dauys.desk.access import official

    return official(*roles)(lambda _request: HttpResponse("queue"))


def test_an_official_with_the_task_sees_the_page_uncached(asked):
    answer = guarded("moderator", "reviewer")(asked("official", "reviewer"))
    assert answer.content == b"queue"
    assert answer.headers["Cache-Control"] == "no-store"


def test_any_official_where_no_task_is_named(asked):
    assert guarded()(asked("official")).content == b"queue"


def test_an_official_with_another_task_is_refused(asked):
    with pytest.raises(RoleMissing):
        guarded("moderator")(asked("official", "clerk"))


@pytest.mark.parametrize("role", ["", "citizen"])
def test_others_are_sent_to_log_in_as_officials_and_come_back(asked, role):
    answer = guarded("moderator")(asked(role))
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/login/?next=%2Fkk%2Fqueue%3Fpage%3D2&role=official")
    assert answer.headers["Cache-Control"] == "no-store"


def test_after_a_form_there_is_no_way_back_to_it(asked):
    answer = guarded("moderator")(asked(method="post"))
    assert answer.headers["Location"].endswith("/login/?role=official")


def test_a_citizens_page_is_open_to_officials_too(asked):
    from django.http import HttpResponse

    from dauys.desk.access import citizen

    page = citizen(lambda _request: HttpResponse("mine"))
    assert page(asked("citizen")).content == page(asked("official")).content == b"mine"
    assert page(asked()).headers["Location"].endswith("/login/?next=%2Fkk%2Fqueue%3Fpage%3D2")


@pytest.mark.parametrize("address", [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "http:evil.example", "/\t/evil.example", "/\n/evil.example", "evil.example", "", " /kk/", "/kk/\r\nSet-Cookie: a=b", "/\x00",
])  # fmt: skip
def test_nobody_is_sent_elsewhere(address):
    webworld.installation()
    from dauys.desk.access import local_address

    assert local_address(address) == ""


@example("/\\ ")
@given(st.text(alphabet="/\\:.@?#%evil \t\n\r", max_size=12))
def test_an_address_that_is_taken_stays_here(text):
    webworld.installation()
    from urllib.parse import urljoin, urlsplit

    from dauys.desk.access import local_address

    if local_address(text):
        # as browsers read it (WHATWG URL): backslashes are slashes, tabs and line ends are nothing
        read = text.replace("\\", "/").translate(dict.fromkeys(map(ord, "\t\r\n")))
        assert urlsplit(urljoin("https://dauys.example/kk/login/", read)).netloc == "dauys.example"


def test_over_tls_cookies_are_bound_to_the_host():
    webworld.installation()
    from django.http import HttpResponse
    from django.test import RequestFactory

    from dauys.desk.access import SESSION, cookie_name, drop_cookie, give_cookie

    for secure in (False, True):
        request, response = RequestFactory().get("/", secure=secure), HttpResponse()
        give_cookie(request, response, SESSION, "secret")
        cookie = response.cookies[cookie_name(request, SESSION)]
        assert cookie.key == ("__Host-dauys_session" if secure else "dauys_session")
        assert bool(cookie["secure"]) == secure
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
        assert cookie["max-age"] == ""  # the browser forgets it when it closes
        drop_cookie(request, response, SESSION)
        assert response.cookies[cookie_name(request, SESSION)]["max-age"] == 0


@pytest.mark.parametrize(
    ("peer", "told", "public", "address"),
    [
        (
            "127.0.0.1",
            "198.51.100.7, 203.0.113.9",
            "https://dauys.example",
            "203.0.113.9",
        ),  # the proxy's own word is the last
        ("127.0.0.1", "203.0.113.9", "", "127.0.0.1"),  # no proxy is said to be there
        ("192.0.2.1", "203.0.113.9", "https://dauys.example", "192.0.2.1"),  # a stranger's word
        ("127.0.0.1", "", "https://dauys.example", "127.0.0.1"),
    ],
)
def test_only_the_proxy_says_where_a_visitor_comes_from(monkeypatch, peer, told, public, address):
    from types import SimpleNamespace

    webworld.installation()
    from django.conf import settings
    from django.test import RequestFactory

    from dauys.desk.access import visitor_address

    monkeypatch.setattr(settings, "DAUYS_EGOV", SimpleNamespace(public_url=public))
    headers = {"X-Forwarded-For": told} if told else {}
    assert visitor_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)) == address
