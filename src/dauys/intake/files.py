"""The published log over HTTP: c2sp.org/tlog-tiles, counts.json, and the texts that leaves name by hash."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from dauys.errors import NotFound
from dauys.ledger.key_document import KEYS
from dauys.ledger.places import Places
from dauys.ledger.publication import COUNTS, POLICY, read_published
from dauys.ledger.published_files import KEY_FILE, TEXT_PATH, VKEY, read_text_file, read_tile_file
from dauys.ledger.true_addresses import ADDRESSES

IMMUTABLE = "public, max-age=31536000, immutable"
FRESH = "public, max-age=1"
PAST = re.compile("(past/[0-9a-f]{64})/(checkpoint|keys[.]json|tile/.*)")  # of a log that this one continues


async def serve_log(request: Request) -> Response:
    """A file of the published log; NotFound for anything else."""
    places: Places = request.app.state.places
    path, folder = request.path_params["path"], places.log
    if (past := PAST.fullmatch(path)) is not None:
        path, folder = past[2], places.public / past[1]
    if path == VKEY:
        return _respond(read_published(places.public, KEY_FILE), "text/plain; charset=utf-8", FRESH)
    if path in ("checkpoint", COUNTS, KEYS, POLICY, ADDRESSES):
        kind = "application/json" if path in (COUNTS, KEYS) else "text/plain; charset=utf-8"
        return _respond(read_published(folder, path), kind, FRESH)
    if TEXT_PATH.fullmatch(path):
        return _respond(read_text_file(folder, path), "text/plain; charset=utf-8", FRESH)
    return _respond(read_tile_file(folder, path), "application/octet-stream", IMMUTABLE)


async def serve_addresses(request: Request) -> Response:
    """The signed list of true addresses, at its well-known path."""
    places: Places = request.app.state.places
    return _respond(read_published(places.log, ADDRESSES), "text/plain; charset=utf-8", FRESH)


def _respond(content: bytes | None, kind: str, cache: str) -> Response:
    if content is None:
        raise NotFound
    return Response(content, headers={"cache-control": cache, "x-content-type-options": "nosniff"}, media_type=kind)
