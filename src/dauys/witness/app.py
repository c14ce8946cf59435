"""A witness over HTTP (c2sp.org/tlog-witness v1.0.0); submission and monitoring prefix are the same.

POST /add-checkpoint             200 cosignature lines · 400 · 403 · 404 · 409 with the held size · 422
GET  /<sha256(origin)>/checkpoint  the latest cosigned checkpoint
GET  /                           who this witness is and what it watches, as a policy's lines
"""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dauys.errors import DauysError, NotCosigned, NotWatched, SizeConflict, TooLarge
from dauys.translog.submission import MAX_SUBMISSION, PATH, SIZE_TYPE
from dauys.witness.watch import Witness

logger = logging.getLogger(__name__)
FRESH = {"cache-control": "no-store"}


def create_app(witness: Witness) -> Starlette:
    """The application of one witness; the process that runs it must be the only one with its folder."""
    routes = [
        Route(PATH, _add_checkpoint, methods=["POST"]),
        Route("/{digest}/checkpoint", _latest),
        Route("/", _about),
    ]
    app = Starlette(routes=routes, exception_handlers={DauysError: _refuse})
    app.state.witness = witness
    return app


async def _add_checkpoint(request: Request) -> Response:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_SUBMISSION:
            raise TooLarge(limit=MAX_SUBMISSION)
    lines = await run_in_threadpool(request.app.state.witness.add_checkpoint, body)
    return PlainTextResponse(lines, headers=FRESH)


def _latest(request: Request) -> Response:
    note = request.app.state.witness.latest(request.path_params["digest"])
    if note is None:
        raise NotWatched(origin=request.path_params["digest"])
    return PlainTextResponse(note, headers=FRESH)


def _about(request: Request) -> Response:
    witness: Witness = request.app.state.witness
    keys = "".join(f"# {verifier.vkey}\n" for verifier in witness.verifiers)
    logs = "".join(f"log {key.vkey} {log.url}".rstrip() + "\n" for log in witness.logs.values() for key in log.keys)
    return PlainTextResponse(f"# The witness {witness.name}; its keys:\n{keys}# It watches:\n{logs}", headers=FRESH)


def _refuse(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's form of a handler
    assert isinstance(error, DauysError)
    if isinstance(error, SizeConflict):
        # As a header, since Starlette would add a charset to the type, and clients compare the whole of it.
        return Response(f"{error.facts['size']}\n", error.status, FRESH | {"content-type": SIZE_TYPE})
    if isinstance(error, NotCosigned) and error.status == 422:
        logger.error("%s", error)
    return PlainTextResponse(f"{error.explain('en')} [{error.code}]\n", error.status, FRESH)
