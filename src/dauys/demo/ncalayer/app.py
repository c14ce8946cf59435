"""The program: pages speak to it by WebSocket at /, and the person decides on its own page at the same address."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route, WebSocketRoute

from dauys.demo.ncalayer import protocol
from dauys.demo.people import POPULATION, Citizen, citizen, shown_name
from dauys.demo.screens import STATIC, Screens, language_of, number_of, read_form, remember

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    from dauys.demo.ncalayer.tasks import Task
    from dauys.demo.pki import DemoPki

SCREENS = Screens(Path(__file__).parent)
LOOK_SECONDS = "1"  # how often the idle page looks for a request


@dataclass
class Waiting:
    """A task before the person; `decision` becomes who signs, or None for No."""

    task: Task
    asked_by: str
    decision: asyncio.Future[Citizen | None] = field(default_factory=asyncio.Future)

    @property
    def texts(self) -> list[str]:
        """The documents as a person reads them."""
        return [document.decode(errors="replace") for document in self.task.documents]


@dataclass
class NCALayer:
    """The running program: its keys, what waits, and who signs unasked (`auto`), if anybody."""

    pki: DemoPki
    auto: Citizen | None = None
    waiting: dict[str, Waiting] = field(default_factory=dict)

    async def answer(self, message: str, origin: str) -> str:
        """The answer to a message, once the person has decided where they must."""
        task = protocol.read(message)
        if isinstance(task, str):
            return task
        signatory = self.auto or await self._decision(task, origin)
        return task.carry_out(self.pki, signatory, datetime.now(UTC)) if signatory else task.cancelled

    async def _decision(self, task: Task, origin: str) -> Citizen | None:
        key, waiting = secrets.token_urlsafe(9), Waiting(task, origin)
        self.waiting[key] = waiting
        try:
            return await waiting.decision
        finally:
            del self.waiting[key]

    def decide(self, key: str, signatory: Citizen | None) -> bool:
        """Passes the person's decision on; False where nobody waits for it any more."""
        waiting = self.waiting.get(key)
        if waiting is None or waiting.decision.done():
            return False
        waiting.decision.set_result(signatory)
        return True


def create_app(pki: DemoPki, auto: int | None = None) -> Starlette:
    """NCALayer of an installation's demo citizens; `auto` is the number of the one who signs whatever comes."""
    routes = [
        WebSocketRoute("/", talk),
        Route("/", look),
        Route("/decide", decide, methods=["POST"]),
        STATIC,
    ]
    app = Starlette(routes=routes)
    app.state.ncalayer = NCALayer(pki, None if auto is None else citizen(auto))
    return app


async def talk(socket: WebSocket) -> None:
    """One page's connection: greets, then answers message by message; who has gone is waited for no longer."""
    ncalayer: NCALayer = socket.app.state.ncalayer
    origin = socket.headers.get("origin", "")
    await socket.accept()
    await socket.send_text(protocol.GREETING)

    async def answer(message: str) -> None:
        await socket.send_text(await ncalayer.answer(message, origin))

    answers = set()
    try:
        async for message in socket.iter_text():
            answers.add(asyncio.create_task(answer(message)))
    finally:
        for each in answers:
            each.cancel()
        await asyncio.gather(*answers, return_exceptions=True)


async def look(request: Request) -> Response:
    """What waits for the person, oldest first; otherwise a page that looks again by itself."""
    ncalayer: NCALayer = request.app.state.ncalayer
    sent = dict(request.query_params)
    language = language_of(sent)
    if not ncalayer.waiting:
        said = SCREENS.words[language].get(sent.get("said", ""), "")
        return SCREENS.page("idle", language, seconds=LOOK_SECONDS, said=said)
    key, waiting = next(iter(ncalayer.waiting.items()))
    number = number_of(request, sent, key)
    person = citizen(number)
    facts = {
        "key": key,
        "waiting": waiting,
        "number": str(number),
        "next": str((number + 1) % POPULATION),
        "citizen": shown_name(person),
        "purpose": waiting.task.wanted.purpose(person),
    }
    return remember(SCREENS.page("request", language, **facts), number)


async def decide(request: Request) -> Response:
    """Yes by `citizen`, or No without; back to the page, which says what was done."""
    ncalayer: NCALayer = request.app.state.ncalayer
    sent = await read_form(request)
    key = sent.get("key", "")
    signatory = citizen(number_of(request, sent, key)) if "citizen" in sent else None
    known = ncalayer.decide(key, signatory)
    said = ("signed" if signatory else "cancelled") if known else "gone"
    return RedirectResponse(f"/?language={language_of(sent)}&said={said}", status_code=303)
