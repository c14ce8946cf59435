"""The surge door as an ASGI application: signing requests, acts, counts and the published log.

POST /intake/requests            {subject, language, tier, region, declared} → 201 {token, statement, expires}
GET  /intake/requests/{token}    the exact statement as text/plain
POST /intake/acts                {token, signature: base64 CMS} → 201 {index, receipt}
     /intake/logins…             log-in by signature (dauys.intake.login_routes)
     /intake/mgovSign/{token}…   eGov Mobile (dauys.intake.egov_routes)
GET  /intake/stages              where the time goes, for operators
GET  /petitions/{number}/count.json
GET  /log/checkpoint, /log/tile/…, /log/counts.json, /log/vkey, /log/addresses
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dauys.errors import DauysError
from dauys.identity.trust import Profile, TrustStore
from dauys.intake.acts import ActRequest, ActRequests, Offices, is_act
from dauys.intake.acts_door import ActsDoor
from dauys.intake.acts_routes import ROUTES as ACTS_ROUTES
from dauys.intake.answers import answer, error_answer, language_of, read_json
from dauys.intake.door import Door
from dauys.intake.egov import Egov
from dauys.intake.egov_routes import ROUTES as EGOV_ROUTES
from dauys.intake.files import serve_addresses, serve_log
from dauys.intake.login import LoginRequest, is_login
from dauys.intake.login_door import LoginDoor
from dauys.intake.login_routes import ROUTES as LOGIN_ROUTES
from dauys.intake.pool import Pool
from dauys.intake.publishing import Publishing, Refusals
from dauys.intake.requests import Asked, SigningRequest, SigningRequests
from dauys.intake.revocation import CurrentLists, Looking
from dauys.intake.revocation_lists import ListFolder
from dauys.intake.witnesses import Witnesses
from dauys.ledger import sqlite
from dauys.ledger.envelope import Form, Signed
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import signers_beside
from dauys.ledger.moments import moment_text
from dauys.ledger.opening import check_start
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import Placed, Sequencer
from dauys.ledger.true_addresses import WELL_KNOWN

GARBAGE_THRESHOLD = 20_000  # new containers between two rounds of the youngest generation; Python's own is 700


class RequestIn(msgspec.Struct, forbid_unknown_fields=True):
    """Body of POST /intake/requests."""

    subject: str
    language: str
    tier: str
    declared: bool
    region: str = ""


class ActIn(msgspec.Struct, forbid_unknown_fields=True):
    """Body of POST /intake/acts."""

    token: str
    signature: str


@dataclass
class Intake:
    """What the routes share; made at start-up, after the checks that may refuse it."""

    places: Places
    requests: SigningRequests
    door: Door
    pool: Pool
    refusals: Refusals
    egov: Egov
    logins: LoginDoor
    acts: ActsDoor

    async def asked(self, token: str, now: datetime) -> SigningRequest | LoginRequest | ActRequest:
        """The request of a token of any kind; RequestForged."""
        if is_act(token):
            return await self.acts.open(token)
        return self.logins.open(token) if is_login(token) else self.requests.open(token, now)

    async def hand_in(self, token: str, signed: Signed, now: datetime) -> Placed:
        """A signature by whatever way it came: verified, admitted once, durable when this returns; any DauysError."""
        prepared = self.door.prepare(token, signed, now)
        return self.door.answer(prepared, await self.pool.submit(prepared.admission), now)


def create_app(
    places: Places,
    mode: str,
    *,
    routes: Sequence[BaseRoute] = (),
    egov: Egov | None = None,
    offices: Offices | None = None,
    revocation: bool = True,
) -> Starlette:
    """The door of one installation; `routes` are what else this process serves (the portal), `offices` act on their acts.

    `revocation` says whether keys are looked up in the kept lists (`dauys.intake.revocation.is_asked`).
    """
    egov = egov or Egov.from_environment({})
    own = [
        Route("/intake/acts", accept_act, methods=["POST"]),  # first: routes are tried in order
        Route("/intake/requests", create_request, methods=["POST"]),
        Route("/intake/requests/{token}", show_statement),
        *LOGIN_ROUTES,
        *ACTS_ROUTES,
        *EGOV_ROUTES,
        Route("/intake/stages", show_stages),
        Route("/petitions/{number:int}/count.json", show_count),
        Route("/log/{path:path}", serve_log),
        Route(WELL_KNOWN, serve_addresses),
    ]
    app = Starlette(
        routes=[*own, *routes],
        lifespan=lambda app: _life(app, places, mode, egov, offices or {}, revocation),
        exception_handlers={DauysError: _refuse, Exception: _broken},
    )
    app.state.places = places
    return app


def _life(
    app: Starlette, places: Places, mode: str, egov: Egov, offices: Offices, revocation: bool
) -> AbstractAsyncContextManager[None]:
    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        keys = Keys.load(places.keys)
        check_start(places, keys, mode)
        requests, sequencer, refusals = SigningRequests(places, keys), Sequencer(places.database, keys.log), Refusals()
        trust = load_trust(places, mode)
        lists = CurrentLists(ListFolder(places.revocation, trust)) if revocation else None
        door = Door(requests, keys, trust, lists)
        pool = Pool(sequencer, door.stages)
        acts = ActsDoor(ActRequests(keys.request, keys.log.verifier.name, offices), door)
        app.state.intake = Intake(places, requests, door, pool, refusals, egov, LoginDoor(places, door), acts)
        looking = Looking(lists) if lists else None
        publishing = Publishing(open_publisher(places, keys), refusals, demo=mode == "demo")
        _settle_memory()
        try:
            yield
        finally:
            await pool.close()
            await publishing.close()
            if looking:
                await looking.close()
            sequencer.close()

    return life()


def open_publisher(places: Places, keys: Keys) -> Publisher:
    """The publisher of a log that runs: all its keys sign, and its witnesses are asked."""
    with closing(sqlite.connect(places.database)) as connection:
        beside = signers_beside(connection, keys)
    return Publisher(places, keys.log, Witnesses.of(places), beside)


def _settle_memory() -> None:
    """Takes what start-up made out of the garbage collector's rounds, and makes these rarer: acts leave no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)


def load_trust(places: Places, mode: str) -> TrustStore:
    """Demo trusts its own authorities and nothing else; production never loads the test profile."""
    if mode == "demo":
        return TrustStore.load(places.demo_pki / "trust", Profile.TEST)
    return TrustStore.load(places.trust, Profile.PRODUCTION)


def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, DauysError)
    _intake(request).refusals.count(error.code)
    return error_answer(error, language_of(request))


async def _broken(request: Request, _error: Exception) -> Response:
    """What nobody foresaw: the server logs it, the caller gets a coded answer."""
    return error_answer(DauysError(), language_of(request))


async def create_request(request: Request) -> Response:
    """A fresh signing request for a person who declares."""
    body = await read_json(request, RequestIn)
    asked = Asked(body.subject, body.language, body.tier, body.region, body.declared)
    made = _intake(request).requests.create(asked, datetime.now(UTC))
    return answer(
        {"token": made.token, "statement": made.statement.to_text(), "expires": moment_text(made.expires)}, 201
    )


async def show_statement(request: Request) -> Response:
    """The exact bytes to sign, rebuilt from the token."""
    made = _intake(request).requests.open(request.path_params["token"], datetime.now(UTC))
    return Response(
        made.statement.to_bytes(), headers={"cache-control": "no-store"}, media_type="text/plain; charset=utf-8"
    )


async def accept_act(request: Request) -> Response:
    """Verifies, admits once, answers when durable: 201 with the receipt."""
    intake = _intake(request)
    intake.pool.require_room()
    body = await read_json(request, ActIn)
    placed = await intake.hand_in(body.token, Signed(Form.CMS, body.signature.encode()), datetime.now(UTC))
    return answer({"index": placed.index, "receipt": placed.receipt}, 201)


async def show_stages(request: Request) -> Response:
    """CPU seconds by stage and of the process."""
    return answer(_intake(request).door.stages.report())


async def show_count(request: Request) -> Response:
    """The published count and the tree size it holds at."""
    intake = _intake(request)
    row = intake.requests.published_count(f"petition/{request.path_params['number']}")
    return answer(row, headers={"cache-control": "public, max-age=1"})
