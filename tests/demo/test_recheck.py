"""Reading the public log again: what was acknowledged and is not there, and what cannot be read."""

import asyncio
import json

import pytest

from dauys.demo import recheck
from dauys.errors import FileRejected
from fake_door import FakeDoor


def test_acknowledged_beyond_the_published_log_is_lost(monkeypatch):
    monkeypatch.setattr(recheck, "PUBLICATION_SECONDS", 0.0)

    async def look():
        async with FakeDoor().running() as url:
            return await recheck.recheck(url, "petition/1", [(0, b"?"), (7, b"?"), (7, b"!")])

    findings = asyncio.run(look())
    assert (findings.lost, findings.twice) == (2, 1)


def test_a_log_that_cannot_be_read_is_told(monkeypatch):
    monkeypatch.setattr(recheck, "PUBLICATION_SECONDS", 0.0)

    async def look(path):
        async with FakeDoor().running() as url:
            address = f"{url}{path}"
            if path:
                await recheck.recheck(address, "petition/1", [])
        await recheck.recheck(url, "petition/1", [])

    for path in ("/elsewhere", ""):  # another server, and none
        with pytest.raises(FileRejected):
            asyncio.run(look(path))


def test_a_cut_record_is_read_up_to_the_cut(tmp_path):
    path = tmp_path / "record"
    line = json.dumps({"citizen": 1, "index": 2, "receipt": "r"})
    path.write_text(f"{line}\n{line[:-4]}")
    assert [act.index for act in recheck.read_record(path)] == [2]


def test_a_receipt_that_is_none_is_found_lost(monkeypatch):
    monkeypatch.setattr(recheck, "PUBLICATION_SECONDS", 0.0)
    record = recheck.Record()
    record.add(recheck.Acknowledged(1, 0, "no receipt"))

    async def look():
        async with FakeDoor().running() as url:
            return await recheck.recheck(url, "petition/1", record.acknowledged)

    assert asyncio.run(look()).lost == 1
