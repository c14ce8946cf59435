"""Real witnesses on loopback, in a thread of this process, and a server that answers whatever a test says."""

import socket
import threading
import time
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from dauys.translog.signature_types import COSIGNATURE_V1
from dauys.witness.app import create_app
from dauys.witness.folder import WitnessFolder
from dauys.witness.watch import Witness


@contextmanager
def serving(app):
    """The address of an application for the length of a `with`."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class MadeWitness:
    """A witness with its folder; `lines(name)` are its lines in a policy."""

    def __init__(self, folder, name, *log_keys):
        self.folder = WitnessFolder.create(folder, name)
        for key in log_keys:
            self.folder.add_log(key.vkey)
        self.witness = Witness(self.folder)
        self.name, self.url = name, ""

    @contextmanager
    def serving(self):
        with serving(create_app(self.witness)) as self.url:
            yield self

    def lines(self, url=None):
        kinds = {COSIGNATURE_V1: "ed25519"}
        return "".join(
            f"witness {self.name}-{kinds.get(key.type, 'ml-dsa')} {key.vkey} {self.url if url is None else url}\n"
            for key in self.witness.verifiers
        )


@contextmanager
def answering(answer):
    """An address that gives `answer(method, path, body) -> (status, body)` to everything."""

    async def reply(request):
        status, body = answer(request.method, request.url.path, await request.body())
        return Response(body, status)

    routes = [Route("/{path:path}", reply, methods=["GET", "POST"])]
    with serving(Starlette(routes=routes)) as url:
        yield url
