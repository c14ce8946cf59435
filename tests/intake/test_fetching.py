"""The fetcher against a server that behaves as badly as the national hosts have been seen to."""

import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dauys.demo.pki import DemoPki
from dauys.errors import FileRejected, ListUnreachable, Refusal
from dauys.identity.certificates import Certificate
from dauys.identity.trust import Profile, TrustStore, pinned
from dauys.intake import fetching
from dauys.intake.fetching import Fetcher, Listed, new_client, read_addresses
from dauys.intake.revocation_lists import ListFolder

NOW = datetime.now(UTC).replace(microsecond=0)


class Host:
    """Answers `/name` by the function of that name; remembers the headers of every request."""

    def __init__(self):
        self.answers, self.asked = {}, []
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self):
                host.asked.append((self.path, dict(self.headers)))
                host.answers[self.path](self)

            def log_message(self, *_):
                """Tests stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def send(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def host():
    with closing(Host()) as host:
        yield host


@pytest.fixture
def pki(authorities):
    return DemoPki.load(authorities)


@pytest.fixture
def fetcher(tmp_path, pki, host):
    folder = ListFolder(tmp_path / "revocation", TrustStore.load(pki.trust_directory, Profile.TEST))
    key = pki.authority("nca", "gost").key_id.hex()
    listed = Listed(key, [f"{host.address}/full", f"{host.address}/mirror"], 1.0, [f"{host.address}/delta"])
    with new_client() as client:
        yield Fetcher(folder, [listed], client)


def full(pki, number=7, minutes=60):
    return pki.crl("gost", now=NOW - timedelta(minutes=minutes), number=number)


def fetch(fetcher, kind="full"):
    return fetcher.fetch(fetcher.addresses[0], kind, NOW)


def kept(fetcher):
    return fetcher.folder.kept(bytes.fromhex(fetcher.addresses[0].authority))


def test_a_list_is_fetched_under_a_name(fetcher, host, pki):
    host.answers["/full"] = send(200, full(pki))
    assert fetch(fetcher)
    assert host.asked[0][1]["user-agent"] == "dauys-revocation"
    assert kept(fetcher).full.number == "7"


def test_an_unchanged_list_is_not_sent_again(fetcher, host, pki):
    host.answers["/full"] = send(200, full(pki), ETag='"a"', Last_Modified="Sat, 21 Nov 2026 10:00:00 GMT")
    fetch(fetcher)
    host.answers["/full"] = send(304)
    assert not fetch(fetcher)
    marks = host.asked[1][1]
    assert (marks["if-none-match"], marks["if-modified-since"]) == ('"a"', "Sat, 21 Nov 2026 10:00:00 GMT")


@pytest.mark.parametrize(
    "wrong",
    [
        send(303, Location="http://127.0.0.1:1/captive"),
        send(200, b"<html>Please log in</html>"),
        send(200, b""),
        send(500),
        send(200, b"\x30\x82\xff\xff", Content_Length="70000"),
    ],
)
def test_a_host_that_sends_something_else_changes_nothing_and_its_mirror_is_asked(fetcher, host, pki, wrong):
    host.answers |= {"/full": wrong, "/mirror": wrong}
    with pytest.raises((FileRejected, ListUnreachable)):
        fetch(fetcher)
    assert kept(fetcher) is None
    host.answers["/mirror"] = send(200, full(pki))
    assert fetch(fetcher)
    assert {path for path, _ in host.asked} == {"/full", "/mirror"}


def test_a_delta_at_the_address_of_the_full_list_is_refused(fetcher, host, pki):
    delta = pki.crl("gost", now=NOW - timedelta(minutes=5), number=8, base=7)
    host.answers |= {"/full": send(200, delta), "/mirror": send(200, delta)}
    with pytest.raises(FileRejected, match="delta"):
        fetch(fetcher)


def test_an_old_list_replayed(fetcher, host, pki):
    host.answers |= {"/full": send(200, full(pki, 9, 10)), "/mirror": send(404)}
    fetch(fetcher)
    host.answers["/full"] = send(200, full(pki, 7, 60))
    with pytest.raises((FileRejected, ListUnreachable)):
        fetch(fetcher)
    assert kept(fetcher).full.number == "9"


def test_a_silent_host_is_left(fetcher, host, monkeypatch):
    monkeypatch.setattr(fetching, "SILENCE_SECONDS", 0.2)
    done = threading.Event()
    host.answers |= {"/full": lambda _: done.wait(20), "/mirror": lambda _: done.wait(20)}
    with pytest.raises(ListUnreachable):
        fetch(fetcher)
    done.set()


def test_a_host_that_drips_is_left(fetcher, host, monkeypatch):
    monkeypatch.setattr(fetching, "TRANSFER_SECONDS", 0.3)
    stop = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        while not stop.is_set():
            try:
                handler.wfile.write(b"\x30")
            except OSError:
                return
            time.sleep(0.02)

    host.answers |= {"/full": drip, "/mirror": drip}
    with pytest.raises(ListUnreachable, match="not done"):
        fetch(fetcher)
    stop.set()


def test_more_than_any_list_is_not_read(fetcher, host, monkeypatch):
    monkeypatch.setattr(fetching, "FULL_LIMIT", 1000)
    host.answers |= {"/full": send(200, bytes(5000)), "/mirror": send(200, bytes(5000))}
    with pytest.raises(FileRejected, match="larger"):
        fetch(fetcher)


def test_failures_wait_longer_each_time_and_success_ends_that(fetcher, host, pki, monkeypatch):
    clock = 1000.0
    monkeypatch.setattr(fetching.time, "monotonic", lambda: clock)
    host.answers |= {"/full": send(500), "/mirror": send(500), "/delta": send(500)}
    pauses, before = [], None
    for _ in range(2000):
        asked = len(host.asked)
        fetcher.fetch_due(NOW)
        if len(host.asked) > asked:
            pauses += [] if before is None else [clock - before]
            before = clock
        clock += 1
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) <= fetching.LONGEST_PAUSE
    host.answers["/full"] = send(200, full(pki), ETag='"a"')
    clock += fetching.LONGEST_PAUSE
    assert fetcher.fetch_due(NOW) == 1
    assert fetcher._plans[fetcher.addresses[0].authority, "full"].due == clock + 1


def test_a_host_that_marks_nothing_is_asked_for_its_megabytes_once_an_hour(fetcher, host, pki, monkeypatch):
    monkeypatch.setattr(fetching.time, "monotonic", lambda: 1000.0)
    host.answers |= {"/full": send(200, full(pki)), "/delta": send(404)}
    assert fetcher.fetch_due(NOW) == 1
    assert fetcher._plans[fetcher.addresses[0].authority, "full"].due == 1000 + fetching.UNMARKED_SECONDS


def test_lists_of_authorities_that_are_not_trusted_here_are_not_asked_for(fetcher):
    other = Listed("ab" * 20, ["http://127.0.0.1:1/x"], 1.0)
    assert Fetcher(fetcher.folder, [other], fetcher.client).wanted() == []


def test_the_shipped_addresses_are_those_of_pinned_authorities(vectors):
    found = {}
    for path in (vectors / "ca_prod").iterdir():
        from dauys.identity import armor

        certificate = Certificate.load(armor.certificate_der(path.read_bytes()))
        if certificate.fingerprint in pinned():
            found[certificate.key_identifier.hex()] = pinned()[certificate.fingerprint].file
    shipped = {found[each.authority]: each for each in read_addresses()}
    assert set(shipped) == {"nca_gost_2022", "nca_rsa_2022", "root_gost_2022", "root_rsa_2020"}
    assert shipped["nca_gost_2022"].delta[0].endswith("/nca_d_gost_2022.crl")


@pytest.mark.parametrize(
    "text", ["", "[[list]]\nauthority = 'zz'", "[[list]]\nauthority='ab'\nfull=['file:///etc']\nevery=9"]
)
def test_addresses_that_are_none_are_refused(tmp_path, text):
    path = tmp_path / "lists.toml"
    path.write_text(text)
    with pytest.raises(Refusal):
        read_addresses(path)
