"""The phone's screen: pages of the server, without script. GET / scans and shows, POST /sign signs, POST /cancel declines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from dauys.demo.people import POPULATION, citizen, shown_name
from dauys.demo.phone import protocol
from dauys.demo.phone.holder import Holder
from dauys.demo.screens import STATIC, Screens, language_of, number_of, read_form, remember

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dauys.demo.phone.protocol import Task
    from dauys.demo.pki import DemoPki

SCREENS = Screens(Path(__file__).parent)
PIN = re.compile("[0-9]{4}", re.ASCII)


def create_app(pki: DemoPki) -> Starlette:
    """The phone of an installation's demo citizens."""
    routes = [
        Route("/", look),
        Route("/sign", sign, methods=["POST"]),
        Route("/cancel", cancel, methods=["POST"]),
        STATIC,
    ]
    app = Starlette(routes=routes)
    app.state.pki = pki
    return app


async def look(request: Request) -> Response:
    """The camera, or the document of `?code=`."""
    sent = dict(request.query_params)
    return await _document(request, sent) if sent.get("code") else _page("scan", sent)


async def sign(request: Request) -> Response:
    """Signs with the citizen's key and hands in; the portal's answer."""
    sent = await read_form(request)
    if not PIN.fullmatch(sent.get("pin", "")):
        return await _document(request, sent, trouble="wrong_pin")

    async def signed(http: httpx.AsyncClient, task: Task) -> Response:
        await protocol.put_back(http, task, _holder(request, sent).signed(task.package))
        return _page("answer", sent, signed=True)

    return await _with_task(request, sent, signed)


async def cancel(request: Request) -> Response:
    """Tells the portal that the person declined; its answer."""
    sent = await read_form(request)

    async def cancelled(http: httpx.AsyncClient, task: Task) -> Response:
        return _page("answer", sent, message=await protocol.cancel(http, task))

    return await _with_task(request, sent, cancelled)


async def _document(request: Request, sent: dict[str, str], trouble: str = "") -> Response:
    async def shown(_http: httpx.AsyncClient, task: Task) -> Response:
        number, language = number_of(request, sent, sent.get("code", "")), language_of(sent)
        facts = {
            "task": task,
            "organisation": task.invitation["organisation"][protocol.NAMES[language]],
            "documents": task.shown(language),
            "until": f"{task.until:%H:%M}",
            "number": str(number),
            "next": str((number + 1) % POPULATION),
            "citizen": shown_name(citizen(number)),
        }
        page = _page("document", sent, trouble=trouble, **facts)
        return page if sent.get("once") else remember(page, number)  # officials are not taken for citizens afterwards

    return await _with_task(request, sent, shown)


async def _with_task(request: Request, sent: dict[str, str], use) -> Response:  # noqa: ANN001 - the inner functions above
    """What `use` makes of the code's task, or the page that says why there is none."""
    url = protocol.address_in(sent.get("code", ""))
    if not url:
        return _page("scan", sent, trouble="no_code")
    try:
        async with protocol.client(language_of(sent)) as http:
            return await use(http, await protocol.fetch(http, url, _holder(request, sent)))
    except protocol.TurnedDown as answer:
        return _page("answer", sent, message=str(answer))
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, TypeError):  # what answers there is no portal
        return _page("scan", sent, trouble="no_answer")


def _holder(request: Request, sent: dict[str, str]) -> Holder:
    return Holder(request.app.state.pki, citizen(number_of(request, sent, sent.get("code", ""))))


def _page(name: str, sent: dict[str, str], trouble: str = "", **facts: object) -> Response:
    return SCREENS.page(
        name, language_of(sent), trouble, code=sent.get("code", ""), once=sent.get("once", ""), who=_who(sent), **facts
    )


def _who(sent: dict[str, str]) -> str:
    """The rest of an address by which the next page has the same citizen."""
    kept = {name: sent[name] for name in ("citizen", "once") if sent.get(name)}
    return f"&{urlencode(kept)}" if kept else ""
