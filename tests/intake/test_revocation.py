"""The door asks the kept lists: it fails closed, takes up new lists while it runs, and refuses whose key was stolen."""

import asyncio
import hashlib
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from asgi_client import running
from dauys.demo.authority import REVOKED, DemoAuthority, keep_issued, list_name, lists_of, revoke
from dauys.demo.people import citizen
from dauys.demo.signer import sign_cms
from dauys.errors import CertificateRevoked, Refusal, RevocationUnknown
from dauys.identity.certificates import Certificate
from dauys.intake import revocation
from dauys.intake.app import create_app, load_trust
from dauys.intake.fetching import Fetcher, new_client, read_addresses
from dauys.intake.outcome import find_outcome
from dauys.intake.requests import Asked, SigningRequests
from dauys.intake.revocation import CurrentLists, Looking, is_asked, missing
from dauys.intake.revocation_lists import Fetched, ListFolder
from dauys.intake.revocation_role import RevocationRole
from dauys.ledger import sqlite
from dauys.ledger.leaves import decode_leaf


def folder_of(world):
    return ListFolder(world.places.revocation, load_trust(world.places, "demo"))


def certificate(world, number, now):
    return Certificate.load(world.pki.certificate(citizen(number), now=now))


def test_a_stolen_key_is_refused_with_its_code(world):
    answer = world.act(REVOKED)
    assert (answer.status_code, answer.json()["code"]) == (422, "certificate-revoked")
    assert world.act(REVOKED + 1).status_code == 201


def test_without_a_list_nobody_is_counted_and_told_so(world):
    for path in world.places.revocation.glob("*.json"):
        path.unlink()
    with running(create_app(world.places, "demo")) as client:
        world.client = client
        answer = world.act(1)
        assert (answer.status_code, answer.json()["code"]) == (503, "revocation-unknown")
        assert len(missing(folder_of(world), datetime.now(UTC))) == 2


def test_where_it_is_switched_off_a_stolen_key_can_sign(world):
    with running(create_app(world.places, "demo", revocation=False)) as client:
        world.client = client
        assert world.act(REVOKED).status_code == 201


@pytest.mark.parametrize(("mode", "policy", "asked"), [("demo", "off", False), ("demo", "lists", True)])
def test_the_policy(mode, policy, asked):
    assert is_asked(mode, {"DAUYS_REVOCATION": policy}) is asked


@pytest.mark.parametrize(("mode", "policy"), [("production", "off"), ("production", "no"), ("demo", "ocsp")])
def test_a_policy_that_opens_the_door_is_refused(mode, policy):
    with pytest.raises(Refusal):
        is_asked(mode, {"DAUYS_REVOCATION": policy})


def test_an_ended_list_is_as_good_as_none(world):
    lists, now = CurrentLists(folder_of(world)), datetime.now(UTC)
    lists.require_good(certificate(world, 1, now), now)
    with pytest.raises(RevocationUnknown):
        lists.require_good(certificate(world, 1, now), now + timedelta(hours=28))
    assert missing(folder_of(world), now) == []
    assert len(missing(folder_of(world), now + timedelta(hours=28))) == 2


def test_a_running_door_takes_up_a_new_list(world, monkeypatch):
    monkeypatch.setattr(revocation, "LOOK_SECONDS", 0.05)

    async def until_taken_up():
        lists = CurrentLists(folder_of(world))
        looking = Looking(lists)
        now = datetime.now(UTC)
        mine = certificate(world, 5, now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=30))
        lists.require_good(mine, now)
        before = lists._by_issuer
        revoke(world.places, 5, now - timedelta(hours=1))
        await asyncio.to_thread(keep_issued, world.places, now + timedelta(seconds=1))
        async with asyncio.timeout(10):
            while lists._by_issuer is before:  # noqa: ASYNC110 - what is waited for happens in a thread
                await asyncio.sleep(0.02)
        await looking.close()
        with pytest.raises(CertificateRevoked):
            lists.require_good(mine, now)

    asyncio.run(until_taken_up())


def test_lists_that_cannot_be_read_leave_the_former_ones(world, caplog):
    lists, now = CurrentLists(folder_of(world)), datetime.now(UTC)
    for path in world.places.revocation.glob("*.json"):
        path.write_text("{")
    assert not lists.refresh()
    assert "cannot be read" in caplog.text
    lists.require_good(certificate(world, 1, now), now)


@pytest.fixture
def role(world):
    folder = folder_of(world)
    with new_client() as client:
        role = RevocationRole(world.places, Fetcher(folder, [], client))
        with closing(role._confirmer), closing(role._role):
            yield role


def kinds(world):
    with closing(sqlite.connect(world.places.database)) as connection:
        return [decode_leaf(entry) for entry in sqlite.read_entries(connection, 5, 100)]


def keep(world, now, *, delta=True):
    """The authorities' lists of that time, as a fetch would keep them."""
    authority = DemoAuthority(world.places, world.pki)
    authority.issue(now - timedelta(seconds=30) if delta else now)
    if delta:
        authority.issue(now)
    folder, name = folder_of(world), list_name("gost", delta=delta)
    keeping = folder.keep_delta if delta else folder.keep_full
    key = authority.pki.authority("nca", "gost").key_id
    return keeping(key, Fetched((lists_of(world.places) / name).read_bytes()), now)


def test_acts_through_the_door_become_final_and_a_key_reported_stolen_takes_one_back(world, role):
    people = [number for number in range(60) if citizen(number).algorithm == "gost"][:3]
    assert [world.act(number).status_code for number in people] == [201] * 3
    now = datetime.now(UTC)
    assert role.tick(now) == 0  # the lists here are older than the acts
    revoke(world.places, people[1], now)
    keep(world, now + timedelta(seconds=2), delta=False)
    assert role.tick(now) == 3
    signatures, (confirmed,) = kinds(world)[:3], kinds(world)[3:]
    assert [each.index - 5 for each in confirmed.exceptions] == [1]
    assert world.act(people[2]).json()["code"] == "already-signed"
    assert len(signatures) == 3


def test_the_browser_that_signed_hears_that_it_was_taken_back(world, role):
    requests, now = SigningRequests(world.places, world.keys), datetime.now(UTC)
    number = next(number for number in range(60) if citizen(number).algorithm == "gost")
    holder = hashlib.sha256(b"secret").hexdigest()
    made = requests.create(Asked("petition/1", "kk", "mobile", declared=True, holder=holder), now)
    cms = sign_cms(world.pki, citizen(number), made.statement.to_bytes(), now=now)
    placed = world.hand_in(made.token, cms).json()
    assert not find_outcome(requests, made.token, "secret", now).taken_back
    revoke(world.places, number, now)
    keep(world, now + timedelta(seconds=2), delta=False)
    role.tick(now)
    outcome = find_outcome(requests, made.token, "secret", now)
    assert (outcome.index, outcome.taken_back) == (placed["index"], True)
    assert find_outcome(requests, made.token, "another", now) is None


def test_a_second_worker_waits_for_the_role(world, role):
    role.tick(datetime.now(UTC))
    with new_client() as client:
        other = RevocationRole(world.places, Fetcher(folder_of(world), [], client))
        with closing(other._confirmer), closing(other._role):
            assert not other._role.take()
            assert other.tick(datetime.now(UTC)) == 0


def test_a_round_that_fails_is_not_the_last(world, monkeypatch, caplog):
    rounds, stop = [], threading.Event()

    def tick(_self, _now):
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        raise OSError("the disk is full")

    monkeypatch.setattr(RevocationRole, "tick", tick)
    with new_client() as client:
        RevocationRole(world.places, Fetcher(folder_of(world), [], client)).run(stop, pause=0.01)
    assert len(rounds) == 3
    assert "tried again" in caplog.text


def test_addresses_of_the_demo_are_its_own_portal(world):
    from dauys.demo.authority import write_addresses

    listed = read_addresses(write_addresses(world.places, "http://127.0.0.1:9"))
    assert {bytes.fromhex(each.authority) for each in listed} == set(folder_of(world).issuing)
    assert all(address.startswith("http://127.0.0.1:9/demo/demo_nca_") for each in listed for address in each.full)
