"""HTTP's side of the door: bounded bodies in, JSON out, errors in the caller's language."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dauys.errors import LANGUAGES, BadInput, DauysError, Overloaded, TooLarge

MAX_BODY = 64 * 1024  # bytes: a token and a base64 CMS of MAX_SIGNATURE fit
PRIVATE = {"cache-control": "no-store"}

_T = TypeVar("_T")
_encode = msgspec.json.Encoder().encode


async def read_json(request: Request, kind: type[_T]) -> _T:
    """The body as `kind`; TooLarge or BadInput."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooLarge(limit=MAX_BODY)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(what=f"no JSON of the expected form ({error})") from None


def answer(value: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer; not cached unless `headers` say so."""
    return Response(_encode(value), status, headers or PRIVATE, "application/json")


def error_answer(error: DauysError, language: str) -> Response:
    """`{"code", "message", "facts"}`; facts help to go on: a fresh `token`, the `receipt` that stands, `seconds` to wait."""
    facts = {name: fact if isinstance(fact, int) else str(fact) for name, fact in error.facts.items()}
    body = {"code": error.code, "message": error.explain(language), "facts": facts}
    return answer(body, error.status, error_headers(error))


def error_headers(error: DauysError) -> dict[str, str]:
    """Not to be kept; and when to come back, where the error says so."""
    return PRIVATE | ({"retry-after": str(error.facts["seconds"])} if isinstance(error, Overloaded) else {})


def language_of(request: Request, default: str = "kk") -> str:
    """The first of Dauys' languages in Accept-Language; `default` where none is named."""
    for part in request.headers.get("accept-language", "").split(","):
        if (tag := part.split(";")[0].strip().lower()[:2]) in LANGUAGES:
            return tag
    return default
