"""The published log over HTTP: c2sp.org/tlog-tiles, and counts.json.

A partial tile is a prefix of the wider one, so a width that was collected after its tile filled up is cut from it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dauys.errors import NotFound
from dauys.ledger.places import Places
from dauys.ledger.publication import COUNTS, read_published
from dauys.translog.tiles import TILE_WIDTH, bundle, parse_path, unbundle

IMMUTABLE = "public, max-age=31536000, immutable"
FRESH = "public, max-age=1"
HASH_SIZE = 32


async def serve_log(request: Request) -> Response:
    """A file of the published log; NotFound for anything else."""
    places: Places = request.app.state.places
    path = request.path_params["path"]
    if path in ("checkpoint", COUNTS):
        kind = "text/plain; charset=utf-8" if path == "checkpoint" else "application/json"
        return _respond(read_published(places.log, path), kind, FRESH)
    return _respond(read_tile_file(places, path), "application/octet-stream", IMMUTABLE)


def read_tile_file(places: Places, path: str) -> bytes | None:
    """A tile or bundle as published, or cut from the full one; None where there is none."""
    tile = parse_path(path)
    if tile is None:
        return None
    content = read_published(places.log, path)
    if content is not None or tile.width == TILE_WIDTH:
        return content
    full = read_published(places.log, path.partition(".p/")[0])
    if full is None:
        return None
    return bundle(unbundle(full)[: tile.width]) if path.startswith("tile/entries/") else full[: HASH_SIZE * tile.width]


def _respond(content: bytes | None, kind: str, cache: str) -> Response:
    if content is None:
        raise NotFound
    return Response(content, headers={"cache-control": cache}, media_type=kind)
