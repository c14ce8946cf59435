"""The phone's screen: pages of the server, without script. GET / scans and shows, POST /sign signs, POST /cancel declines."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import httpx
from django.template import Context, Engine
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dauys.demo.people import POPULATION, citizen, shown_name, visitor
from dauys.demo.phone import protocol
from dauys.errors import LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dauys.demo.phone.protocol import Task
    from dauys.demo.pki import DemoPki

FOLDER = Path(__file__).parent
MAX_FORM = 16 * 1024  # bytes: a code has some hundred characters
PIN = re.compile("[0-9]{4}", re.ASCII)
ORGANISATION = {"kk": "nameKz", "ru": "nameRu", "en": "nameEn"}
HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}


def create_app(pki: DemoPki) -> Starlette:
    """The phone of an installation's demo citizens."""
    routes = [
        Route("/", look),
        Route("/sign", sign, methods=["POST"]),
        Route("/cancel", cancel, methods=["POST"]),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]
    app = Starlette(routes=routes)
    app.state.pki = pki
    return app


async def look(request: Request) -> Response:
    """The camera, or the document of `?code=`."""
    sent = dict(request.query_params)
    return await _document(sent) if sent.get("code") else _page("scan", sent)


async def sign(request: Request) -> Response:
    """Signs with the citizen's key and hands in; the portal's answer."""
    sent = await _form(request)
    if not PIN.fullmatch(sent.get("pin", "")):
        return await _document(sent, trouble="wrong_pin")

    async def signed(http: httpx.AsyncClient, task: Task) -> Response:
        await protocol.put_back(http, task, task.signed(request.app.state.pki, citizen(_number(sent))))
        return _page("answer", sent, signed=True)

    return await _with_task(sent, signed)


async def cancel(request: Request) -> Response:
    """Tells the portal that the person declined; its answer."""
    sent = await _form(request)

    async def cancelled(http: httpx.AsyncClient, task: Task) -> Response:
        return _page("answer", sent, message=await protocol.cancel(http, task))

    return await _with_task(sent, cancelled)


async def _document(sent: dict[str, str], trouble: str = "") -> Response:
    async def shown(_http: httpx.AsyncClient, task: Task) -> Response:
        number, language = _number(sent), _language(sent)
        facts = {
            "task": task,
            "organisation": task.invitation["organisation"][ORGANISATION[language]],
            "names": [document[ORGANISATION[language]] for document in task.package["documentsToSign"]],
            "until": f"{task.until:%H:%M}",
            "number": str(number),
            "next": str((number + 1) % POPULATION),
            "citizen": shown_name(citizen(number)),
        }
        return _page("document", sent, trouble=trouble, **facts)

    return await _with_task(sent, shown)


async def _with_task(sent: dict[str, str], use) -> Response:  # noqa: ANN001 - the inner functions above
    """What `use` makes of the code's task, or the page that says why there is none."""
    url = protocol.address_in(sent.get("code", ""))
    if not url:
        return _page("scan", sent, trouble="no_code")
    try:
        async with protocol.client(_language(sent)) as http:
            return await use(http, await protocol.fetch(http, url))
    except protocol.TurnedDown as answer:
        return _page("answer", sent, message=str(answer))
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, TypeError):  # what answers there is no portal
        return _page("scan", sent, trouble="no_answer")


def _page(name: str, sent: dict[str, str], trouble: str = "", **facts: object) -> Response:
    language = _language(sent)
    words = _words()[language]
    context = {"w": words, "language": language, "languages": LANGUAGES, "code": sent.get("code", "")}
    context |= {"trouble": words.get(trouble, "")} | facts
    html = _engine().get_template(f"{name}.html").render(Context(context))
    return HTMLResponse(html, 400 if trouble else 200, HEADERS)


def _language(sent: dict[str, str]) -> str:
    return sent["language"] if sent.get("language") in LANGUAGES else "kk"


def _number(sent: dict[str, str]) -> int:
    """The citizen who holds the phone: as chosen, otherwise always the same one for a code."""
    number = sent.get("citizen", "")
    if number.isascii() and number.isdecimal() and len(number) < len(str(POPULATION)) + 1:
        return int(number) % POPULATION
    return visitor(sent.get("code", ""))


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; none of one that is larger than any real one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            return {}
    return dict(parse_qsl(body.decode(errors="replace")))


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(FOLDER / "templates")])
