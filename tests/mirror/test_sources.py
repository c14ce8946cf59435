"""Reading over HTTP with patience and with limits: nothing a server answers breaks a mirror, or fills its memory."""

import httpx
import pytest

from dauys.errors import FileRejected, NotFound, Unreachable
from dauys.mirror import sources
from dauys.mirror.sources import AddressSource, Ahead, FolderSource, Withheld

ADDRESS = "https://portal.example"


def source(answers, address=ADDRESS):
    """A source whose server gives these answers in turn; (it, paths asked, pauses)."""
    asked, pauses, left = [], [], iter(answers)

    def answer(request):
        asked.append(str(request.url))
        found = next(left)
        if isinstance(found, Exception):
            raise found
        return found

    client = httpx.Client(transport=httpx.MockTransport(answer))
    return AddressSource(address, client, pauses.append), asked, pauses


@pytest.mark.parametrize(("address", "asked"), [
    ("https://portal.example/", "https://portal.example/log/checkpoint"),
    ("https://portal.example/log", "https://portal.example/log/checkpoint"),
    ("https://mirror.example/dauys/log/", "https://mirror.example/dauys/log/checkpoint"),
])  # fmt: skip
def test_a_portal_s_address_or_its_log_s(address, asked):
    made, asked_for, _ = source([httpx.Response(200, content=b"note")], address)
    assert made.read("checkpoint") == b"note"
    assert asked_for == [asked]


def test_a_busy_server_is_asked_again_and_as_late_as_it_asks():
    busy = [httpx.Response(503, headers={"retry-after": "7"}), httpx.Response(429), httpx.ConnectTimeout("slow")]
    made, asked, pauses = source([*busy, httpx.Response(200, content=b"tile")])
    assert made.read("tile/0/000") == b"tile"
    assert len(asked) == 4
    assert pauses == [7.0, 1.0, 2.0]


def test_a_server_that_asks_for_an_hour_gets_half_a_minute():
    made, _, pauses = source([httpx.Response(503, headers={"retry-after": "3600"}), httpx.Response(200)])
    made.read("checkpoint")
    assert pauses == [sources.LONGEST_PAUSE]


@pytest.mark.parametrize("answers", [
    [httpx.Response(500)], [httpx.Response(302, headers={"location": "https://elsewhere.example"})], [httpx.Response(503)] * 4,
    [httpx.ConnectError("refused")] * 4,
])  # fmt: skip
def test_what_cannot_be_had_is_said(answers):
    with pytest.raises(Unreachable):
        source(answers)[0].read("checkpoint")


def test_an_absent_file():
    with pytest.raises(NotFound):
        source([httpx.Response(404)])[0].read("tile/0/000")


def test_an_endless_body_is_cut(monkeypatch):
    monkeypatch.setattr(sources, "MOST_BYTES", 1000)

    def endless():
        while True:
            yield b"x" * 100

    with pytest.raises(FileRejected):
        source([httpx.Response(200, content=endless())])[0].read("checkpoint")


def test_texts_there_withheld_or_missing():
    gone = httpx.Response(410, json={"code": "text-withheld", "facts": {"reason": "court-order"}})
    made, asked, _ = source(
        [httpx.Response(200, content=b"text"), gone, httpx.Response(410, content=b"<html>"), httpx.Response(404)]
    )
    assert [made.text("a" * 64) for _ in range(4)] == [b"text", Withheld("court-order"), Withheld(""), None]
    assert asked[0].endswith(f"/log/text/{'a' * 64}")


def test_what_is_announced_is_read_before_it_is_asked_for_a_few_at_a_time(tmp_path):
    names = [f"{number:02}" for number in range(40)]
    for name in names:
        (tmp_path / name).write_text(name)
    (tmp_path / "07").unlink()
    source, asked = FolderSource(tmp_path), []
    read = source.read
    source.read = lambda path: asked.append(path) or read(path)
    ahead = Ahead(source)
    ahead.announce(name for name in names if name != "04")
    assert ahead.read("00") == b"00"
    assert ahead.read("03") == b"03"  # what stood before it is let go
    assert ahead.read("04") == b"04"  # never announced: read when it is asked for
    with pytest.raises(NotFound):
        ahead.read("07")
    ahead.close()
    assert set(names[:7]) <= set(asked) <= set(names[: 9 + sources.READERS])
    assert len(asked) == len(set(asked))
