"""`dauys mirror` as its operator runs it: over HTTP, killed and begun again, and serving what it holds."""

import functools
import http.server
import os
import random
import re
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from hashlib import sha256

import httpx
import pytest

from dauys.mirror.folder import MirrorFolder
from made_log import MadeLog
from mirror.test_follow import entries_of
from programs import DAUYS


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A folder over HTTP, as slowly as `pause` says."""

    pause = 0.0

    def do_GET(self):
        time.sleep(self.pause)
        super().do_GET()

    def log_message(self, *_):
        pass


@contextmanager
def serve(folder, pause=0.0, port=0):
    handler = functools.partial(type("Slow", (Quiet,), {"pause": pause}), directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def portal(tmp_path):
    """A web root whose /log is a made-up log of 20,000 entries."""
    log = MadeLog(tmp_path / "portal" / "log").grow(20_000)
    log.write("vkey", log.vkey.encode() + b"\n")
    return log


def mirror(*arguments, **options):
    return subprocess.Popen(
        [*DAUYS, "mirror", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def files(folder):
    return sum(len(names) for _, _, names in os.walk(folder / "log"))


def test_killed_at_any_moment_it_goes_on(portal, tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    chance, folder, states = random.Random(seed), tmp_path / "mirror", []
    with serve(portal.folder.parent, pause=0.02) as address:
        for target in [25 * n + chance.randrange(1, 25) for n in range(6)]:
            process = mirror(address, folder, "--key", portal.vkey)
            while files(folder) < target and process.poll() is None:
                time.sleep(0.001)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL
            states.append(MirrorFolder(folder).read_state())
        process = mirror(address, folder)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert [state.bundles for state in states] == sorted(state.bundles for state in states)
    assert states[-1].bundles > 0
    assert {state.size for state in states} == {0}
    assert entries_of(MirrorFolder(folder), 20_000) == portal.entries
    assert not list((folder / "log").rglob(".*")), "nothing half written is left"


def test_it_says_whose_key_it_took(portal, tmp_path):
    with serve(portal.folder.parent) as address:
        process = mirror(address, tmp_path / "mirror")
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert portal.vkey in errors
    assert "fingerprint" in errors
    assert "20000 entries" in out


def test_nobody_there(tmp_path):
    process = mirror("http://127.0.0.1:9", tmp_path / "mirror", "--key", MadeLog(tmp_path).vkey)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "[unreachable]" in errors


def test_it_serves_the_log_under_two_names_and_can_be_mirrored_again(portal, tmp_path):
    with serve(portal.folder.parent) as address:
        first = mirror(address, tmp_path / "mirror", "--key", portal.vkey, "--follow", "--every", "1", "--serve", "0")
        try:
            base = re.search(r"http://\S+", first.stderr.readline())[0].rstrip("/")
            assert "20000 entries" in first.stdout.readline()
            other = f"{base}/{sha256(b'log.example/2026').hexdigest()}"
            for path in (
                "checkpoint",
                "tile/0/003",
                "tile/0/003.p/7",
                "tile/entries/078.p/2",
                "tile/1/000.p/78",
                "vkey",
            ):
                served = httpx.get(f"{base}/log/{path}")
                assert (served.status_code, served.content) == (200, httpx.get(f"{other}/{path}").content)
                assert served.headers["access-control-allow-origin"] == "*"
            assert len(httpx.get(f"{base}/log/tile/0/003.p/7").content) == 7 * 32
            for path in (
                "/.lock",
                "/log/%2e%2e/mirror.json",
                "/log/tile/0/999",
                "/%2e%2e/portal/log/checkpoint",
                "/nothing",
            ):
                assert httpx.get(f"{base}{path}").status_code == 404
            assert httpx.post(f"{base}/log/checkpoint").status_code == 405
            second = mirror(f"{base}/log", tmp_path / "second", "--key", portal.vkey)
            second.communicate(timeout=60)
            assert second.returncode == 0
            portal.grow(500)
            assert "20500 entries" in first.stdout.readline()
        finally:
            first.kill()
            first.communicate()
    assert entries_of(MirrorFolder(tmp_path / "second"), 20_000) == portal.entries[:20_000]


def test_once_and_served_it_stays(portal, tmp_path):
    process = mirror(portal.folder, tmp_path / "mirror", "--key", portal.vkey, "--serve", "0")
    try:
        base = re.search(r"http://\S+", process.stderr.readline())[0].rstrip("/")
        assert "20000 entries" in process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        assert httpx.get(f"{base}/log/checkpoint").content == (portal.folder / "checkpoint").read_bytes()
    finally:
        process.kill()
        process.communicate()


def test_one_process_at_a_time(portal, tmp_path):
    folder = MirrorFolder(tmp_path / "mirror")
    role = folder.role()
    assert role.take()
    process = mirror(portal.folder, tmp_path / "mirror", "--key", portal.vkey)
    _, errors = process.communicate(timeout=60)
    role.close()
    assert (process.returncode, "mirror-refused" in errors) == (2, True)


def test_it_says_where_it_goes_on_and_when_the_log_answers_again(portal, tmp_path):
    with serve(portal.folder.parent) as address:
        mirror(address, tmp_path / "mirror", "--key", portal.vkey).communicate(timeout=60)
    process = mirror(address, tmp_path / "mirror", "--follow", "--every", "1")
    try:
        assert "continuing at entry 20,000" in process.stderr.readline()
        assert "[unreachable]" in process.stderr.readline()
        with serve(portal.folder.parent, port=int(address.rpartition(":")[2])):
            said = next(line for line in process.stderr if "[unreachable]" not in line)
            assert "answers again; it has 20,000 entries" in said
    finally:
        process.kill()
        process.communicate()
