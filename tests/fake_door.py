"""A door that keeps its promises, or breaks them on demand: for testing those who knock."""

import asyncio
import base64
import json
from contextlib import asynccontextmanager
from hashlib import sha256

from dauys.ledger.leaves import PetitionSignature, encode_leaf
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.note import Signer
from dauys.translog.proof import Receipt
from dauys.translog.tiles import TILE_WIDTH, bundle

ORIGIN = "demo.example/log"
SIGNER = Signer.generate(ORIGIN)


def name(text):
    return base64.urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


class FakeDoor:
    """Answers as the intake does; `busy` and `dropped` are how many acts meet 503 or a broken connection first."""

    def __init__(self, *, busy=0, dropped=0, chunked=False, refuse=None, forget=(), twice=()):
        self.busy, self.dropped, self.chunked, self.refuse = busy, dropped, chunked, refuse
        self.forget, self.twice = set(forget), set(twice)
        self.requests, self.acts, self.entries, self.receipts = [], {}, [b"{}"], {}
        self.connections = 0

    @asynccontextmanager
    async def running(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split("\r\n")[0].split(" ")
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                status, content, extra = self.answer(method, path, body)
                writer.write(self.encode(status, content, extra))
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    def encode(self, status, content, extra):
        head = f"HTTP/1.1 {status} X\r\n{extra}"
        if not self.chunked:
            return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content
        half = len(content) // 2
        chunks = b"".join(b"%x;x=1\r\n%s\r\n" % (len(part), part) for part in (content[:half], content[half:]) if part)
        return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\nTrailer: x\r\n\r\n"

    def answer(self, method, path, body):
        if (method, path) == ("POST", "/intake/requests"):
            return 201, self.request(json.loads(body)), ""
        if (method, path) == ("POST", "/intake/acts"):
            return self.act(**json.loads(body))
        if path == "/log/checkpoint":
            return 200, self.checkpoint().encode(), ""
        if path.startswith("/log/tile/entries/"):
            number = int(path.removeprefix("/log/tile/entries/").split(".")[0].replace("x", "").replace("/", ""))
            return 200, bundle(self.entries[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]), ""
        return 404, b"not json", ""

    def request(self, asked):
        self.requests.append(asked)
        token = f"token-{len(self.requests)}"
        return json.dumps({"token": token, "statement": f"Мен қол қоямын: {token}\n", "expires": "soon"}).encode()

    def act(self, token, signature):
        assert self.acts.setdefault(token, signature) == signature  # a retry must be the very same bytes
        if self.busy:
            self.busy -= 1
            return 503, json.dumps({"code": "overloaded"}).encode(), "Retry-After: 0\r\n"
        if self.refuse:
            return 409, json.dumps({"code": self.refuse}).encode(), ""
        if token not in self.receipts:
            self.receipts[token] = self.append(token)
        if self.dropped:  # the act was taken and the answer never sent: the worst moment to die
            self.dropped -= 1
            raise asyncio.IncompleteReadError(b"", 1)
        index, receipt = self.receipts[token]
        return 201, json.dumps({"index": index, "receipt": receipt}).encode(), ""

    def append(self, token):
        number = len(self.acts)
        person = "the same person" if number in self.twice else token
        leaf = PetitionSignature(name("c" + token), "2026-11-21T10Z", name(person), "petition/1", "mobile")
        self.entries.append(encode_leaf(leaf))
        receipt = Receipt(len(self.entries) - 1, (), self.checkpoint(), self.entries[-1]).to_text()
        if number in self.forget:  # acknowledged, and then another entry takes its place
            self.entries[-1] = encode_leaf(
                PetitionSignature(name("x"), "2026-11-21T10Z", name("y" + token), "petition/1", "mobile")
            )
        return len(self.entries) - 1, receipt

    def checkpoint(self):
        return sign_checkpoint(SIGNER, Checkpoint(ORIGIN, len(self.entries), bytes(32)))
