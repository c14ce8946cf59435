"""The replayed surge: patient, repeatable, and able to find a server that loses or doubles what it acknowledged."""

import asyncio
import base64

import pytest

from dauys.demo.recheck import read_record
from dauys.demo.replay import ReplayOptions, Report, replay
from dauys.demo.workers import SignerSettings
from dauys.errors import Refusal
from fake_door import FakeDoor


def run(door, pki, n=40, **changes):
    async def play():
        async with door.running() as url:
            options = {
                "signers": SignerSettings(pki.directory, algorithm="rsa"),
                "connections": 8,
                "signatures": n,
                **changes,
            }
            return await replay(ReplayOptions(url, "petition/1", **options))

    return asyncio.run(play())


def test_a_calm_surge_is_acknowledged_whole(pki, tmp_path):
    door = FakeDoor()
    record = tmp_path / "acknowledged.jsonl"
    report = run(door, pki, n=300, record=record)
    assert (report.sent, report.acknowledged, report.retried, report.unanswered) == (300, 300, 0, 0)
    assert (report.findings.checked, report.findings.lost, report.findings.twice) == (300, 0, 0)
    assert not report.refused
    assert len(report.latencies) == 300
    assert 0 < report.percentile(50) <= report.percentile(99)
    acts = list(read_record(record))
    assert sorted(act.citizen for act in acts) == list(range(300))
    assert {act.index for act in acts} == set(range(1, 301))


def test_requests_say_who_signs_where_and_how(pki):
    door = FakeDoor()
    run(door, pki, n=20, first_citizen=500)
    assert {asked["tier"] for asked in door.requests} == {"mobile", "desktop"}
    assert {asked["language"] for asked in door.requests} == {"kk", "ru"}
    assert all(asked["declared"] is True and asked["subject"] == "petition/1" for asked in door.requests)
    assert all(asked["region"].startswith("KZ-") for asked in door.requests)


def test_what_is_signed_is_the_statement(pki):
    door = FakeDoor()
    run(door, pki, n=1)
    message = base64.b64decode(door.acts["token-1"])
    person = SignerSettings(pki.directory, algorithm="rsa").citizen(0)
    assert pki.private_key(person).digest("Мен қол қоямын: token-1\n".encode()) in message


def test_busy_and_broken_answers_are_tried_again_with_the_same_bytes(pki):
    door = FakeDoor(busy=5, dropped=3)
    report = run(door, pki)
    assert report.acknowledged == 40
    assert report.retried == 8
    assert len(door.receipts) == 40
    assert (report.findings.lost, report.findings.twice) == (0, 0)


def test_patience_ends(pki):
    report = run(FakeDoor(busy=10**9), pki, n=3, connections=3, patience=0.5)
    assert (report.acknowledged, report.unanswered) == (0, 3)


def test_refusals_are_counted_by_code(pki):
    report = run(FakeDoor(refuse="already-signed"), pki, n=10)
    assert report.refused == {"already-signed": 10}
    assert report.as_dict()["refused"] == {"already-signed": 10}


def test_a_forgotten_act_is_found_lost(pki):
    report = run(FakeDoor(forget=[3, 17]), pki)
    assert (report.acknowledged, report.findings.lost, report.findings.twice) == (40, 2, 0)


def test_a_person_counted_twice_is_found(pki):
    report = run(FakeDoor(twice=[4, 5, 9]), pki)
    assert (report.findings.lost, report.findings.twice) == (0, 2)


def test_arrivals_keep_their_time(pki):
    seen = []
    door = FakeDoor()

    async def play():
        async with door.running() as url:
            options = ReplayOptions(
                url, "petition/1", SignerSettings(pki.directory, algorithm="rsa"), 20, seconds=1.0, curve=(0.5, 1.0)
            )
            return await replay(options, lambda report: seen.append(report.acknowledged))

    report = asyncio.run(play())
    assert 0.9 < report.seconds < 10
    assert sorted(seen) == list(range(1, 21))


def test_without_a_pki_it_is_refused_in_words(tmp_path):
    with pytest.raises(Refusal):
        asyncio.run(replay(ReplayOptions("http://127.0.0.1:1", "petition/1", SignerSettings(tmp_path), 1)))


def test_a_report_of_nothing_has_figures_of_nothing():
    assert Report().as_dict()["p99_ms"] == 0
    assert Report().rate == 0
