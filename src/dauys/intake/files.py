"""The published log over HTTP: c2sp.org/tlog-tiles, counts.json, and the texts that leaves name by hash.

A partial tile is a prefix of the wider one, so a width that was collected after its tile filled up is cut from it.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from dauys.errors import NotFound, TextWithheld
from dauys.ledger.places import Places
from dauys.ledger.publication import COUNTS, read_published
from dauys.ledger.text_files import FOLDER, WITHHELD
from dauys.translog.tiles import TILE_WIDTH, bundle, parse_path, unbundle

IMMUTABLE = "public, max-age=31536000, immutable"
FRESH = "public, max-age=1"
HASH_SIZE = 32
TEXT = re.compile(f"{FOLDER}/[0-9a-f]{{64}}")


async def serve_log(request: Request) -> Response:
    """A file of the published log; NotFound for anything else."""
    places: Places = request.app.state.places
    path = request.path_params["path"]
    if path in ("checkpoint", COUNTS):
        kind = "text/plain; charset=utf-8" if path == "checkpoint" else "application/json"
        return _respond(read_published(places.log, path), kind, FRESH)
    if TEXT.fullmatch(path):
        return _respond(read_text_file(places, path), "text/plain; charset=utf-8", FRESH)
    return _respond(read_tile_file(places, path), "application/octet-stream", IMMUTABLE)


def read_text_file(places: Places, path: str) -> bytes | None:
    """A public text, or None where there is none; TextWithheld with the code of the reason."""
    if (reason := read_published(places.log, f"{path}{WITHHELD}")) is not None:
        raise TextWithheld(reason=reason.decode().strip())
    return read_published(places.log, path)


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
    return Response(content, headers={"cache-control": cache, "x-content-type-options": "nosniff"}, media_type=kind)
