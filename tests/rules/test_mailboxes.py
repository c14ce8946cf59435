"""One mailbox has one spelling, whatever its provider lets people write; what is no address is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import AddressDisposable, AddressUnfit
from dauys.rules import mailboxes
from dauys.rules.mailboxes import canonical, letters_an_hour


@pytest.mark.parametrize(("one", "other"), [
    ("Ai.Gul@gmail.com", "aigul+news@googlemail.com"),
    ("ai.gul@yandex.kz", "ai-gul@ya.ru"),
    ("a@me.com", "A+b@icloud.com"),
    ("a.b-c@proton.me", "abc@pm.me"),
    (" a+b@mail.kz", "a@MAIL.kz."),
    ("a+b@bk.ru", "A@bk.ru"),
    ("ai.gul+x@yandex.com", "ai-gul@yandex.by"),
    ("a+b@example.kz", "a@example.kz"),
    ("a@пошта.қаз", "a@xn--80a1acn3a.xn--80ao21a"),
])  # fmt: skip
def test_spellings_of_one_mailbox(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [
    ("a.b@mail.ru", "ab@mail.ru"),
    ("a@outlook.com", "a@hotmail.com"),
    ("a@mail.ru", "a@bk.ru"),
    ("a@inbox.ru", "a@list.ru"),
    ("a-b@gmail.com", "ab@gmail.com"),
])  # fmt: skip
def test_mailboxes_of_two_people_stay_two(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("address", [
    "", "a", "@b.kz", "a@", "a@b", "a b@c.kz", "a..b@c.kz", ".a@c.kz", "a@-c.kz", "a@c..kz", "+x@c.kz", "...@gmail.com", "a@b.kz\nBcc: c@d.kz",
    "a\0@b.kz", "a@127.0.0.1", "a" * 65 + "@c.kz", "айгүл@c.kz", '"a b"@c.kz', "a@" + "b" * 64 + ".kz",
])  # fmt: skip
def test_what_is_no_address(address):
    with pytest.raises(AddressUnfit):
        canonical(address)


@pytest.mark.parametrize(
    "address",
    ["a@mailinator.com", "a@x.mailinator.com", "a@YOPMAIL.com", "a@0-mail.com", "a@temp-mail.ru", "a@33mail.com"],
)
def test_mailboxes_to_throw_away(address):
    with pytest.raises(AddressDisposable):
        canonical(address)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused_and_stays_as_it_is_once_canonical(text):
    try:
        found = canonical(text)
    except (AddressUnfit, AddressDisposable):
        return
    assert canonical(found) == found


def test_an_unknown_domain_gets_fewer_letters():
    assert letters_an_hour("a@example.kz") < min(
        letters_an_hour(f"a@{domain}") for domain in ("gmail.com", "bk.ru", "mail.kz")
    )


def test_every_rule_names_its_source_and_its_day_and_no_provider_is_thrown_away():
    data = mailboxes._data()
    domains = [domain for rule in data["provider"] for domain in rule.get("domains", []) + rule.get("each", [])]
    assert len(domains) == len(set(domains))
    assert not set(domains) & mailboxes._disposable()
    for rule in (*data["provider"], data["forwarding"]):
        assert rule["source"]
        assert isinstance(rule["checked"], date)
    head = (mailboxes.FOLDER / "site" / "disposable_domains.txt").read_text().splitlines()[:4]
    assert [line.split(":")[0] for line in head[1:]] == ["# source", "# date", "# licence"]
    assert len(mailboxes._disposable()) > 10_000
    assert all(mailboxes.DOMAIN.fullmatch(domain) for domain in mailboxes._disposable())
