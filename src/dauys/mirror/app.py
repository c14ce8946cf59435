"""A mirror's folder over HTTP, read-only: its pages, and the log under /log/ and under /<sha256(origin)>/."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dauys.errors import DauysError, NotFound
from dauys.ledger.key_document import KEYS
from dauys.ledger.publication import COUNTS, POLICY, read_published
from dauys.ledger.published_files import TEXT_PATH, VKEY, read_text_file, read_tile_file
from dauys.ledger.true_addresses import ADDRESSES, WELL_KNOWN
from dauys.mirror.folder import CHECKPOINT, STATE, MirrorFolder
from dauys.mirror.missing import missing_page
from dauys.mirror.sources import ENDINGS, FILES

IMMUTABLE, FRESH = "public, max-age=31536000, immutable", "public, max-age=5"
TEXT, OCTETS = "text/plain; charset=utf-8", "application/octet-stream"
KINDS = {
    ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
    ".svg": "image/svg+xml", "": TEXT,
}  # fmt: skip
DIGEST = re.compile("[0-9a-f]{64}")  # of an origin: the log's name for readers of many logs
FILE = re.compile(f"{FILES}/[0-9a-f]{{64}}[.]({'|'.join(ENDINGS.values())})")
PAST = re.compile("(past/[0-9a-f]{64})/(checkpoint|keys[.]json|tile/.*)")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "access-control-allow-origin": "*",  # all of it is public; a checking page of any site may read it
}
# A stranger's file is for saving, not for showing under this address; nothing in it may run where a browser shows it all the same.
SAVED = {"content-disposition": "attachment", "content-security-policy": "default-src 'none'; sandbox"}
LOG_FILES = {
    CHECKPOINT: (TEXT, FRESH),
    COUNTS: (KINDS[".json"], FRESH),
    KEYS: (KINDS[".json"], FRESH),
    VKEY: (TEXT, FRESH),
    ADDRESSES: (TEXT, FRESH),
    POLICY: (TEXT, FRESH),
}


def create_app(folder: MirrorFolder) -> Starlette:
    """Serves the folder as it is at each moment; nothing can be written."""

    async def serve_log(request: Request) -> Response:
        path = request.path_params["path"]
        return await asyncio.to_thread(_log_file, folder, path)

    async def serve_page(request: Request) -> Response:
        return await asyncio.to_thread(_page, folder, request.path_params["path"])

    async def serve_addresses(_request: Request) -> Response:
        return await asyncio.to_thread(_log_file, folder, ADDRESSES)

    return Starlette(
        routes=[
            Route("/log/{path:path}", serve_log),
            Route(WELL_KNOWN, serve_addresses),
            Route("/{path:path}", serve_page),
        ],
        exception_handlers={DauysError: _refuse},
    )


def _log_file(folder: MirrorFolder, path: str) -> Response:
    if path in LOG_FILES:
        return _respond(read_published(folder.log, path), *LOG_FILES[path])
    if past := PAST.fullmatch(path):
        return _past_file(folder.log / past[1], past[2])
    if TEXT_PATH.fullmatch(path):
        return _respond(read_text_file(folder.log, path), TEXT, FRESH)
    return _respond(read_tile_file(folder.log, path), OCTETS, IMMUTABLE)


def _past_file(past: Path, path: str) -> Response:
    """A file of a log that another one succeeded; its tiles are the beginning of the successor's, unless entries were lost."""
    if path.startswith("tile/"):
        return _respond(read_tile_file(past, path), OCTETS, IMMUTABLE)
    return _respond(read_published(past, path), TEXT, FRESH)


def _page(folder: MirrorFolder, path: str) -> Response:
    """A file of the pages; no name that begins with a dot, no way out of the folder."""
    names = path.split("/") if path else []
    if len(names) > 1 and DIGEST.fullmatch(names[0]) and (folder.path / names[0]).is_symlink():
        past, rest = f"past/{names[0]}", path.partition("/")[2]
        return _log_file(folder, f"{past}/{rest}" if (folder.log / past).is_dir() else rest)
    if any(name in ("", "..") or name.startswith(".") for name in names[:-1]) or (names and names[-1].startswith(".")):
        raise NotFound
    if names[:1] == [FILES]:
        return _saved(folder, path)
    file = folder.path.joinpath(*names)
    if file.is_dir():
        file /= "index.html"
    kind = KINDS.get(file.suffix)
    if not file.is_file() or kind is None or (file.suffix == ".json" and not _is_public_json(path)):
        raise NotFound
    return _respond(file.read_bytes(), kind, FRESH)


def _saved(folder: MirrorFolder, path: str) -> Response:
    """A file of a petition."""
    found = FILE.fullmatch(path)
    kind = next((kind for kind, ending in ENDINGS.items() if found and ending == found[1]), OCTETS)
    response = _respond(read_published(folder.path, path) if found else None, kind, FRESH)
    response.headers.update(SAVED)
    return response


def _is_public_json(path: str) -> bool:
    return path == STATE or path.endswith("/count.json")


def _respond(content: bytes | None, kind: str, cache: str) -> Response:
    if content is None:
        raise NotFound
    return Response(content, headers=HEADERS | {"cache-control": cache, "content-type": kind})


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, DauysError)
    if error.status == NotFound.status and "text/html" in request.headers.get("accept", ""):
        headers = HEADERS | {"content-type": KINDS[".html"], "vary": "accept"}
        return Response(missing_page(), error.status, headers=headers)
    body = {
        "code": error.code,
        "message": error.explain("en"),
        "facts": {name: str(value) for name, value in error.facts.items()},
    }
    return JSONResponse(body, error.status, headers=HEADERS)
