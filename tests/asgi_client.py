"""Speaks to an ASGI application in this process from synchronous tests: its lifespan runs in a loop of its own."""

import asyncio
import threading
from contextlib import contextmanager

import httpx


class Client:
    """`get`, `post` and `put` as httpx has them, run on the application's loop."""

    def __init__(self, client, loop):
        self._client, self._loop = client, loop

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def get(self, path, **options):
        return self._run(self._client.get(path, **options))

    def post(self, path, **options):
        return self._run(self._client.post(path, **options))

    def put(self, path, **options):
        return self._run(self._client.put(path, **options))


@contextmanager
def running(app):
    """A Client of a started application; shut down in order at the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work):
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    lifespan = app.router.lifespan_context(app)
    try:
        run(lifespan.__aenter__())
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://testserver"
        )
        try:
            yield Client(client, loop)
        finally:
            run(client.aclose())
            run(lifespan.__aexit__(None, None, None))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
