"""Screens of the demo's own programs: pages without script, from a folder of templates and words in three languages."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from django.template import Context, Engine
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dauys.demo.people import COOKIE, number_in, visitor
from dauys.errors import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

MAX_FORM = 16 * 1024  # bytes: a QR code's text has some hundred characters
HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}
STATIC = Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))


class Screens:
    """The screens of one program: `templates/*.html` and `words.toml` of its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine = Engine(dirs=[str(folder / "templates")])

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """What the program says, by language and name."""
        return tomllib.loads((self._folder / "words.toml").read_text("utf-8"))

    def page(self, name: str, language: str, trouble: str = "", **facts: object) -> HTMLResponse:
        """The screen of that name; `trouble` names the word to show as an error and makes it a 400."""
        words = self.words[language]
        context = {"w": words, "language": language, "languages": LANGUAGES, "trouble": words.get(trouble, "")}
        html = self._engine.get_template(f"{name}.html").render(Context(context | facts))
        return HTMLResponse(html, 400 if trouble else 200, HEADERS)


def language_of(sent: Mapping[str, str]) -> str:
    """The language asked for, or Kazakh."""
    return sent["language"] if sent.get("language") in LANGUAGES else "kk"


def number_of(request: Request, sent: Mapping[str, str], key: str) -> int:
    """The citizen who acts: as chosen, otherwise whom this browser was before, otherwise always the same one for a key."""
    for said in (sent.get("citizen", ""), request.cookies.get(COOKIE, "")):
        if (number := number_in(said)) is not None:
            return number
    return visitor(key)


def remember(response: Response, number: int) -> Response:
    """From now on the browser is this citizen, in the portal too."""
    response.set_cookie(COOKIE, str(number), httponly=True, samesite="lax")
    return response


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; none of one that is larger than any real one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            return {}
    return dict(parse_qsl(body.decode(errors="replace")))
