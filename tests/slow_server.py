"""A folder over HTTP that answers slowly and counts: requests, connections, and how many were being answered at once."""

import functools
import http.server
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Counted:
    """What a server saw."""

    address: str = ""
    connections: int = 0
    requests: list[str] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=dict)  # most at one moment, by the first folder of the path
    lock: threading.Lock = field(default_factory=threading.Lock)
    now: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def answering(self, path):
        kind = path.split("/")[2] if path.count("/") > 1 else path
        with self.lock:
            self.requests.append(path)
            for name in (kind, "all"):
                self.now[name] = self.now.get(name, 0) + 1
                self.at_once[name] = max(self.at_once.get(name, 0), self.now[name])
        try:
            yield
        finally:
            with self.lock:
                for name in (kind, "all"):
                    self.now[name] -= 1


class Slow(http.server.SimpleHTTPRequestHandler):
    """Keeps connections, and takes its time."""

    protocol_version = "HTTP/1.1"
    seen: Counted
    pause: float

    def setup(self):
        with self.seen.lock:
            self.seen.connections += 1
        super().setup()

    def do_GET(self):
        with self.seen.answering(self.path):
            time.sleep(self.pause)  # what a network costs; nothing here depends on how long it is
            super().do_GET()

    def send_error(self, code, *_):
        self.send_response(code)  # the library's own would end the connection
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def slow_server(folder, pause=0.01):
    """What the server counts, until the `with` ends."""
    seen = Counted()
    handler = functools.partial(type("Handler", (Slow,), {"seen": seen, "pause": pause}), directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True  # a client's kept connection would hold the end
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    seen.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
